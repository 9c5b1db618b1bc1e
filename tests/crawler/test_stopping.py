"""SIGTERM and Ctrl-C end a crawl within ten seconds, whatever it is doing."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.children import child
from tests.support.hostile_site import HostileSite, Script, Visit, answer, page
from tests.support.small_site import CONFIG, list_of, release, rows

pytestmark = pytest.mark.sweep

ENDS_WITHIN_S = 30


def silent(_visit: Visit) -> None:
    """Do not answer."""
    _visit.stall()


def endless_headers(visit: Visit) -> None:
    visit.send("HTTP/1.1 200 OK\r\n")
    visit.drip(b"x-%d: y\r\n" % number for number in range(10**6))


def endless_body(visit: Visit) -> None:
    visit.send(answer("<html>", length=10**6))
    visit.drip(b"x" for _ in range(10**6))


# Expensive to parse: the base URL of each entry is longer than that of the one before.
COSTLY_FEED = "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<entry xml:base='a/'>" * 40_000
UNCLOSED = release("x") + "<!--" * 350_000

# The moments of the signal: the URL that is being fetched then, and its response.
PLACES: dict[str, tuple[str, Script]] = {
    "robots.txt": ("/robots.txt", silent),
    "list": ("/lv/jaunumi", silent),
    "headers": ("/lv/jaunums/relize-0", endless_headers),
    "body": ("/lv/jaunums/relize-0", endless_body),
    "asked to wait": ("/lv/jaunums/relize-0", page("", 503, retry_after="3600")),
    "costly feed": ("/feed", page(COSTLY_FEED, content_type="application/atom+xml")),
    "costly page": ("/lv/jaunums/relize-0", page(UNCLOSED)),
}


def signal_when_reached(script: Script, reached: threading.Event) -> Script:
    def signal_and_run(visit: Visit) -> None:
        reached.set()
        script(visit)

    return signal_and_run


@pytest.fixture
def settings(tmp_path: Path) -> Callable[[str], Path]:
    def write(origin: str) -> Path:
        config = tmp_path / "config.toml"
        feeds = f'feeds = ["http://{origin}/feed"]\n'
        config.write_text(CONFIG.format(origin=origin) + feeds, encoding="utf-8")
        return config

    return write


@pytest.mark.long_sweep
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("place", PLACES)
def test_crawl_ends_soon_whatever_it_is_doing(
    settings: Callable[[str], Path], place: str, number: signal.Signals
) -> None:
    path, script = PLACES[place]
    reached = threading.Event()
    with HostileSite(missing=page(status=404)) as site:
        site.scripts["/lv/jaunumi"] = page(list_of(rows("relize-0", "relize-1")))
        site.scripts["/lv/jaunums/relize-1"] = page(release("relize-1"))
        site.scripts[path] = signal_when_reached(script, reached)
        command = [Path(sys.executable).parent / "crawl", "--config", settings(site.origin)]
        with child(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as crawl:
            assert reached.wait(60)
            crawl.send_signal(number)
            _, errors = crawl.communicate(timeout=ENDS_WITHIN_S)
    assert "Traceback" not in errors
    assert crawl.returncode == 130


# Stands in for the system's resolver while a name server does not answer.
MUTE_RESOLVER = """
import socket

server, client = socket.socketpair()

def ask(*_args, **_options):
    print("asked", flush=True)
    client.recv(1)

socket.getaddrinfo = ask
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "arguments",
    [(), ("check",), ("preview", "http://mute.example:8080/lv/jaunums/x")],
    ids=["crawl", "check", "preview"],
)
def test_command_ends_soon_during_a_dns_lookup(
    tmp_path: Path, arguments: tuple[str, ...], number: signal.Signals
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(origin="mute.example:8080"), encoding="utf-8")
    run = f"{MUTE_RESOLVER}\nfrom preses_relizes.commands import crawl\ncrawl()"
    command = [sys.executable, "-c", run, *arguments, "--config", config]
    with child(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == "asked\n"
        process.send_signal(number)
        _, errors = process.communicate(timeout=ENDS_WITHIN_S)
    assert ("Traceback" in errors, process.returncode) == (False, 130)
