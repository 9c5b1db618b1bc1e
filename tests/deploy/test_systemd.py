"""The systemd units: verified, measured by `systemd-analyze security`, and the notice of a failure sent."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.children import run_bounded

pytestmark = pytest.mark.sweep

UNITS = Path(__file__).parents[2] / "deploy" / "systemd"
PROGRAMS = Path(sys.executable).parent
SERVICES = sorted(UNITS.glob("*.service"))
# What `systemd-analyze security` calls "exposure": 0 is none, 10 is all.
EXPOSURE_MAX = 2.5


def need(program: str, package: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"needs {program}: apt-get install {package}")


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    need("systemd-analyze", "systemd")
    return run_bounded(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=False
    )


def test_units_are_valid(tmp_path: Path) -> None:
    # The programs that the units start must exist for `verify`.
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8")
        if "@" in unit.name:
            text = text.replace("%i", "releases.service")
        (tmp_path / unit.name).write_text(re.sub(r"/opt/releases/\S+", "/bin/true", text), encoding="utf-8")
    done = analyze(
        "verify", *tmp_path.glob("releases*.service"), *tmp_path.glob("*.timer"), *tmp_path.glob("*.socket")
    )
    about_ours = [line for line in done.stderr.splitlines() if "releases" in line]
    assert (done.returncode, about_ours) == (0, []), done.stderr


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_unit_exposes_little(unit: Path) -> None:
    done = analyze("security", "--offline=true", unit)
    [exposure] = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert float(exposure) < EXPOSURE_MAX, done.stdout


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_no_service_may_take_all_memory(unit: Path) -> None:
    [limit] = re.findall(r"^MemoryMax=(\d+)(?:%|M)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    assert int(limit) <= 80


def test_every_failure_is_noticed() -> None:
    for unit in SERVICES:
        is_notice = unit.name == "releases-failed@.service"
        assert ("OnFailure=releases-failed@%n.service" in unit.read_text(encoding="utf-8")) != is_notice


def test_a_start_that_fails_each_time_ends_as_failed() -> None:
    unit = (UNITS / "releases.service").read_text(encoding="utf-8")
    restart_s, minutes, starts = (
        int(re.findall(rf"^{key}=(\d+)", unit, re.MULTILINE)[0])
        for key in ("RestartSec", "StartLimitIntervalSec", "StartLimitBurst")
    )
    # Half of the interval remains for slow starts.
    assert starts * restart_s < minutes * 60 / 2
    assert "RestartPreventExitStatus=2\n" in unit


@pytest.mark.parametrize("name", ["export", "digest"])
def test_nightly_command_is_one_of_ours(name: str, tmp_path: Path) -> None:
    unit = (UNITS / f"releases-{name}.service").read_text(encoding="utf-8")
    [command] = re.findall(r"^ExecStart=/opt/releases/bin/(.*)$", unit, re.MULTILINE)
    options = "--address https://example.lv/ --licence https://example.lv/"
    command = command.replace("$EXPORT_OPTIONS", options).replace("/etc/releases", str(tmp_path))
    (tmp_path / "open-data").mkdir()
    words = command.replace("/srv/releases", str(tmp_path)).split()
    done = subprocess.run(
        [PROGRAMS / words[0], *words[1:]], capture_output=True, text=True, timeout=120, check=False
    )
    # All options were understood; only the files are missing.
    assert done.returncode == 2
    assert re.search(rf"{tmp_path}/(config|digest)\.toml: cannot be read", done.stderr), done.stderr


def test_settings_that_root_writes_belong_to_the_group_of_the_services(tmp_path: Path) -> None:
    folders = (UNITS / "releases.tmpfiles.conf").read_text(encoding="utf-8")
    [mode] = re.findall(r"^d /srv/releases (\d+) ", folders, re.MULTILINE)
    groups = [1] if os.geteuid() == 0 else os.getgroups()
    others = [group for group in groups if group != os.getgid()]
    if not others:
        pytest.skip("needs root, or a user with a second group")
    os.chown(tmp_path, -1, others[0])
    tmp_path.chmod(int(mode, 8))
    init: list[str | Path] = [PROGRAMS / "crawl", "init", "--folder", tmp_path]
    subprocess.run(init, check=True, capture_output=True, timeout=120)
    made = (tmp_path / "config.toml").stat()
    assert (made.st_gid, made.st_mode & 0o777) == (others[0], 0o640)


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
