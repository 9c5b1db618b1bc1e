"""The systemd units: verified, measured by `systemd-analyze security`, and the notice of a failure sent."""

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

pytestmark = pytest.mark.sweep

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
# What `systemd-analyze security` calls "exposure": 0 is none, 10 is all.
EXPOSURE_MAX = 2.5


def need(program: str, package: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"needs {program}: apt-get install {package}")


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    need("systemd-analyze", "systemd")
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )


def test_units_are_valid(tmp_path: Path) -> None:
    # The programs that the units start must exist for `verify`.
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8")
        if "@" in unit.name:
            text = text.replace("%i", "releases.service")
        (tmp_path / unit.name).write_text(re.sub(r"/opt/releases/\S+", "/bin/true", text), encoding="utf-8")
    done = analyze("verify", *tmp_path.glob("releases*.service"), *tmp_path.glob("*.timer"))
    about_ours = [line for line in done.stderr.splitlines() if "releases" in line]
    assert (done.returncode, about_ours) == (0, []), done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_unit_exposes_little(unit: Path) -> None:
    done = analyze("security", "--offline=true", unit)
    [exposure] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(exposure) < EXPOSURE_MAX, done.stdout


def test_every_failure_is_noticed() -> None:
    for unit in SERVICES:
        is_notice = unit.name == "releases-failed@.service"
        assert ("OnFailure=releases-failed@%n.service" in unit.read_text(encoding="utf-8")) != is_notice


def send_notice(**settings: str) -> subprocess.CompletedProcess[str]:
    need("curl", "curl")
    return subprocess.run(
        [UNITS / "notify-failure", "releases-crawl.service"],
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def web_hook(received: list[str], status: int) -> Iterator[str]:
    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        thread.join()


def test_notice_names_the_unit_in_a_post() -> None:
    received: list[str] = []
    with web_hook(received, 200) as url:
        done = send_notice(NOTICE_URL=url)
    assert done.returncode == 0, done.stderr
    assert received[0].startswith("releases-crawl.service failed on ")


def test_notice_that_is_refused_is_an_error() -> None:
    with web_hook([], 500) as url:
        done = send_notice(NOTICE_URL=url)
    assert (done.returncode != 0, "500" in done.stderr) == (True, True)


def answer_mail(listener: socket.socket, received: list[str]) -> None:
    """Take one mail, as a mail server does."""
    connection, _ = listener.accept()
    with connection, connection.makefile("rw", encoding="utf-8", newline="\r\n") as lines:

        def reply(text: str) -> None:
            lines.write(f"{text}\r\n")
            lines.flush()

        reply("220 ready")
        for line in lines:
            received.append(line.strip())
            if line.startswith("DATA"):
                reply("354 go on")
                while (part := lines.readline().strip()) != ".":
                    received.append(part)
            if line.startswith("QUIT"):
                reply("221 bye")
                return
            reply("250 ok")


def test_notice_goes_by_mail() -> None:
    received: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_mail, args=(listener, received))
        thread.start()
        done = send_notice(
            NOTICE_MAIL="ops@example.lv", NOTICE_SMTP=f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        )
        thread.join(120)
    assert done.returncode == 0, done.stderr
    assert "RCPT TO:<ops@example.lv>" in received
    [subject] = [line for line in received if line.startswith("Subject: ")]
    assert subject.startswith("Subject: releases-crawl.service failed on ")


def test_without_an_address_the_journal_has_the_notice() -> None:
    done = send_notice()
    assert (done.returncode, "NOTICE_MAIL" in done.stderr) == (0, True)
