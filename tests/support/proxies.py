"""Runs a proxy with its sample from `deploy/`, changed only in addresses, files and names."""

import math
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.support.children import child, run_bounded
from tests.support.serving import free_port, serving

DEPLOY = Path(__file__).parents[2] / "deploy"
# A machine that runs many tests at once starts a proxy slowly.
STARTED_S = 120
NGINX = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {sample};
}}
"""


@dataclass(frozen=True)
class Proxied:
    """A service behind a proxy."""

    home: str
    """The address of the start page, through the proxy."""
    plain: str
    """The address of the proxy without TLS."""
    direct: str
    """The address of `serve` itself."""
    certificate: Path
    folder: Path

    def get(self, address: str, **options: object) -> requests.Response:
        return requests.get(address, verify=str(self.certificate), timeout=60, **options)  # type: ignore[arg-type]  # options of requests


@contextmanager
def behind_nginx(settings: Path, folder: Path, prefix: str, changes: Mapping[str, str]) -> Iterator[Proxied]:
    """Run `serve` with *settings* behind nginx, published below *prefix*; *changes* are further ones."""
    program = program_or_skip("nginx", "apt-get install nginx-light")
    with _published(settings, folder, prefix) as (proxied, ports):
        secure, plain, direct = ports
        sample = folder / "releases.conf"
        sample.write_text(
            _changed(
                (DEPLOY / "nginx.conf").read_text(encoding="utf-8"),
                {
                    "listen [::]:443 ssl http2;": "",
                    "listen [::]:80;": "",
                    "listen 443 ": f"listen 127.0.0.1:{secure} ",
                    "listen 80;": f"listen 127.0.0.1:{plain};",
                    "127.0.0.1:8000": f"127.0.0.1:{direct}",
                    "relizes.example.lv": "localhost",
                    "https://$host": f"https://$host:{secure}",
                    "/etc/ssl/releases": str(folder),
                    "/var/cache/nginx": str(folder),
                    "/var/log/nginx": str(folder),
                }
                | ({} if prefix else _AT_THE_ROOT)
                | changes,
            )
        )
        main = folder / "nginx.conf"
        # Its processes would give up the rights to read the folder of the test.
        user = "user root;" if os.geteuid() == 0 else ""
        main.write_text(NGINX.format(user=user, folder=folder, sample=sample))
        with _running([program, "-p", str(folder), "-c", str(main)], secure, folder / "proxy.log"):
            yield proxied


_AT_THE_ROOT = {
    "location = /relizes { return 308 /relizes/; }": "",
    "location = /robots.txt { proxy_pass http://releases/relizes/robots.txt; }": "",
    "/relizes/": "/",
}


@contextmanager
def behind_caddy(settings: Path, folder: Path) -> Iterator[Proxied]:
    """Run `serve` with *settings* behind Caddy, published below ``/relizes``."""
    program = program_or_skip("caddy", "apt-get install caddy")
    with _published(settings, folder, "/relizes") as (proxied, (secure, plain, direct)):
        sample = folder / "Caddyfile"
        options = ("admin off", "auto_https disable_redirects", f"http_port {plain}")
        own = "\n\t".join(("{", *options, f"storage file_system {folder}")) + "\n}\n"
        tls = f"localhost:{secure} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem\n"
        sample.write_text(
            own
            + _changed(
                (DEPLOY / "Caddyfile").read_text(encoding="utf-8"),
                {"\nrelizes.example.lv {\n": f"\n{tls}", "127.0.0.1:8000": f"127.0.0.1:{direct}"},
            )
        )
        command = [program, "run", "--adapter", "caddyfile", "--config", str(sample)]
        with _running(command, secure, folder / "proxy.log"):
            yield proxied


def program_or_skip(name: str, install: str) -> str:
    """Return the path of a program; skip the test without it."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if path is None:
        pytest.skip(f"needs {name}: {install}")
    return path


def _changed(sample: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in sample, old
        sample = sample.replace(old, new)
    return sample


@contextmanager
def _published(settings: Path, folder: Path, prefix: str) -> Iterator[tuple[Proxied, tuple[int, int, int]]]:
    _make_certificate(folder)
    secure, plain = free_port(), free_port()
    config = folder / "config.toml"
    public = (
        f'base_url = "https://localhost:{secure}"\nurl_prefix = "{prefix}"\n'
        'trusted_hosts = ["localhost"]\nproxies = 1\nprocesses = 2\n'
    )
    # The last table of the settings is that of the service.
    config.write_text(settings.read_text(encoding="utf-8") + public, encoding="utf-8")
    with serving(config) as direct:
        home = f"https://localhost:{secure}{prefix}/"
        proxied = Proxied(home, f"http://localhost:{plain}", direct, folder / "fullchain.pem", folder)
        yield proxied, (secure, plain, int(direct.rpartition(":")[2]))


def _make_certificate(folder: Path) -> None:
    program = program_or_skip("openssl", "apt-get install openssl")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    run_bounded(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files],
        check=True,
        capture_output=True,
    )


@contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """Run *command* until the block ends; wait until *port* accepts connections."""
    with log.open("w") as errors, child(command, lives_s=math.inf, stderr=errors) as process:
        deadline = time.monotonic() + STARTED_S
        while not _accepts(port):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "the proxy did not start"
        yield


def _accepts(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
