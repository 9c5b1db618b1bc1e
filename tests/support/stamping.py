"""A time stamp authority of our own: `openssl ts` behind a server on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.answering_server import Prepared, answer_with
from tests.support.children import run_bounded

_SETTINGS = """
[tsa]
default_tsa = a
[a]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.crt
certs = {folder}/tsa.crt
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    """An authority that answers at *url*, trusted by whoever has its certificate."""

    url: str
    certificate: Path

    def verifies(self, stamp: Path, stamped: Path) -> bool:
        """Return whether `openssl ts -verify` finds *stamp* to be one of the file *stamped*."""
        command = ["openssl", "ts", "-verify", "-data", stamped, "-in", stamp, "-CAfile", self.certificate]
        return run_bounded(command, capture_output=True).returncode == 0


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Serve an authority whose files are in the empty *folder*."""
    (folder / "settings").write_text(_SETTINGS.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    make = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stamps"
        " -addext extendedKeyUsage=critical,timeStamping -addext keyUsage=critical,digitalSignature"
        f" -keyout {folder}/tsa.key -out {folder}/tsa.crt"
    )
    try:
        run_bounded(make.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("needs openssl: stamps")

    def reply(_path: str, query: bytes) -> Prepared:
        (folder / "query").write_bytes(query)
        command = f"openssl ts -reply -config {folder}/settings -queryfile {folder}/query -out {folder}/reply"
        run_bounded(command.split(), check=True, capture_output=True)
        return Prepared(200, (folder / "reply").read_bytes(), "application/timestamp-reply")

    with answer_with(reply) as serving:
        yield Authority(f"{serving.url}/tsr", folder / "tsa.crt")
