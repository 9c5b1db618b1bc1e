"""Certificates of our own, made by openssl: of one that signs itself, or of another of ours."""

import ssl
from pathlib import Path

import pytest

from tests.support.children import run_bounded


def make_certificate(folder: Path, name: str, alternative: str, *, signer: str = "") -> Path:
    """Make a certificate for *alternative* (`IP:127.0.0.1`); return its file, beside its key.

    It is signed by the authority that was made there as *signer*, or else by itself.
    """
    command = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={name}"
        f" -addext subjectAltName={alternative} -keyout {folder}/{name}.key -out {folder}/{name}.crt"
    )
    if signer:
        command += f" -CA {folder}/{signer}.crt -CAkey {folder}/{signer}.key"
    try:
        run_bounded(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs openssl: makes certificates")
    return folder / f"{name}.crt"


def server_context(certificate: Path) -> ssl.SSLContext:
    """Return the settings of a server that shows *certificate*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context
