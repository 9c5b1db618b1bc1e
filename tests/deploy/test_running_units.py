"""The units run by systemd, installed as docs/operations.md says; the log of the crawl is rotated."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from samples.server import BASE_PORT, crawl_config
from searcher import create_app
from tests.support.booted_machine import ROOT, boot, need_machine
from tests.support.page_addresses import page_addresses

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

SITE = "iem"
# Takes the notice of a failure.
HOOK = """
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        Path("/mnt/test/notice").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

HTTPServer(("127.0.0.1", 8099), Hook).handle_request()
"""
DIGEST = """
[mail]
sender = "relizes@example.lv"
host = "127.0.0.1"
security = "none"
[[search]]
name = "Drošība"
address = "https://relizes.example.lv/?q=dro%C5%A1%C4%ABba"
to = ["redakcija@example.lv"]
"""
SEARCHER = """
[searcher]
service_name = "Nosaukums 1"
base_url = "https://relizes.example.lv"
answer_s = 60
"""
SCRIPT = Path(__file__).with_name("running_units.sh").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with what the script left."""
    need_machine()
    folder = tmp_path_factory.mktemp("machine")
    settings = crawl_config({SITE: f"http://127.0.0.1:{BASE_PORT}"}, "/srv/releases/data")
    # Slow enough for its log to be rotated meanwhile.
    settings = re.sub(r"delay_s = 0\n$", "delay_s = 1\n", settings)
    config = folder / "config.toml"
    config.write_text(f"{settings}\n{SEARCHER}", encoding="utf-8")
    pages = page_addresses(create_app(config), "RELEASE")
    files = {
        "install": documented_installation(),
        "digest.toml": DIGEST,
        "notice.env": "NOTICE_URL=http://127.0.0.1:8099/\n",
        "export.env": "EXPORT_OPTIONS=--address https://example.lv/ --licence https://example.lv/licence\n",
        "hook.py": HOOK,
        "pages": "".join(f"{quote(page, safe='/?=')}\n" for page in pages),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    boot(folder, SCRIPT)
    return folder


def documented_installation() -> str:
    """Return the commands of docs/operations.md, except those that install the program, with our settings."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").partition("## systemd")[2]
    commands = [line[2:] for line in text.partition("```console\n")[2].partition("```")[0].splitlines()]
    start = "systemctl enable "
    use_ours = "cat /mnt/test/config.toml > /srv/releases/config.toml"
    rest = [command for command in commands if "pip install" not in command]
    assert len(rest) == len(commands) - 1
    assert rest[-1].startswith(start)
    return "\n".join([*rest[:-1], use_ours, rest[-1]])


def read(results: Path, name: str) -> list[str]:
    return (results / name).read_text(encoding="utf-8").splitlines()


def test_a_crawl_goes_on_while_its_log_is_rotated(results: Path) -> None:
    before, after = read(results, "crawl.jsonl.1"), read(results, "crawl.jsonl")
    assert all(json.loads(line)["time"] for line in before + after)
    assert json.loads(before[0])["event"] == json.loads(after[0])["event"] == "visit"
    assert json.loads(after[-1])["event"] != "visit"  # the crawl reached its end


def test_serve_is_confined(results: Path) -> None:
    restrictions = read(results, "restrictions")
    assert {*restrictions} == {
        *("NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000")
    }
    assert len(restrictions) > 4  # of its server processes, too


def test_serve_can_write_only_what_ends_with_it(results: Path) -> None:
    assert read(results, "written") == ["/dev/shm", "/tmp"]
    assert sum("Read-only file system" in line for line in read(results, "output")) == 4


def test_a_reload_exchanges_the_program_and_a_restart_keeps_the_socket(results: Path) -> None:
    lines = read(results, "reloads")
    assert lines[:8] == [
        *("succeeded", "Nosaukums 1"),
        *("succeeded", "Nosaukums 2"),
        *("failed", "Nosaukums 2"),
        *("succeeded", "Nosaukums 4"),
    ]
    assert {*lines[8:]} == {"ActiveState=active", "NotifyAccess=main", "NRestarts=0", "WatchdogUSec=1min"}


def test_every_page_works(results: Path) -> None:
    statuses = dict(line.partition(" ")[::2] for line in read(results, "statuses")[::-1])
    assert statuses.keys() == {"200"}, statuses


def test_nightly_commands_do_their_work(results: Path) -> None:
    assert [line.split()[-1] for line in read(results, "SHA256SUMS")] == [
        *("releases.ndjson", "releases.csv", "mentions.ndjson"),
        *("releases.sqlite3", "releases.parquet", "dcat.jsonld"),
    ]
    assert "redakcija@example.lv" in (results / "digest.json").read_text(encoding="utf-8")


def test_installation_is_sound(results: Path) -> None:
    assert {line[:4] for line in read(results, "check")} == {"ok  "}


def test_failed_crawl_is_noticed(results: Path) -> None:
    notice = read(results, "notice")
    assert notice[0].startswith("releases-crawl.service failed on ")
    assert any("robots.txt cannot be read" in line for line in notice)
