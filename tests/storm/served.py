"""Sends requests to a `serve` over sample and hostile releases, and checks each answer."""

import math
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from random import Random

from crawler.config import load_storage
from crawler.store import Release, Store
from samples import server
from searcher import create_app
from tests.storm import prose
from tests.storm.hostile_requests import CANARY, ODD_WORDS, HostileRequest, RequestGenerator
from tests.storm.processes import cpu_seconds
from tests.support.children import child, first_line, run_bounded

PROGRAMS = Path(sys.executable).parent
CPU_S_MAX = 2.0
BYTES_MAX = 2_000_000
WAIT_S_MAX = 180.0
REPORT_EVERY = 1_000
# For a request that announces more than it sends.
PARTIAL_S_MAX = 0.2
SEEN = datetime(2026, 1, 1, tzinfo=UTC)
_ERROR = re.compile(r"[\w.]+(Error|Exception|Exit|Interrupt)\b")
_OWN = re.compile(r"^  File .*/(searcher|index|crawler)/(?!.*site-packages)")
_CURSOR = re.compile(rb'"next_cursor":"([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """The answer to a request; ``status`` 0: no valid response."""

    status: int
    head: bytes
    body: bytes
    cpu_s: float


@dataclass(slots=True)
class AnswerStatistics:
    """The answers to all requests."""

    statuses: dict[int, int] = field(default_factory=dict)
    most_cpu_s: dict[int, float] = field(default_factory=dict)
    most_bytes: dict[int, int] = field(default_factory=dict)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """A fault, and the request that shows it."""

    def add(self, request: HostileRequest, answer: HttpAnswer) -> None:
        """Check an answer."""
        status = answer.status
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.most_cpu_s[status] = max(self.most_cpu_s.get(status, 0), answer.cpu_s)
        self.most_bytes[status] = max(self.most_bytes.get(status, 0), len(answer.body))
        description = f"{request.method} {request.target[:1500]} {dict(request.headers)!r:.500}"
        self.failures += [(fault, description) for fault in _faults(request, answer)]


def _faults(request: HostileRequest, answer: HttpAnswer) -> Iterator[str]:
    if answer.status >= 500 and answer.status not in (
        501,
        503,
        505,
    ):  # the server's message about a method or version
        yield f"status {answer.status}"
    if answer.status == 0 and request.is_whole:
        yield "no answer"
    if answer.cpu_s > CPU_S_MAX:
        yield f"more than {CPU_S_MAX:.0f} s of CPU"
    if len(answer.body) > BYTES_MAX:
        yield f"more than {BYTES_MAX:,} bytes"
    if not request.names_canary and CANARY.encode() in answer.head + answer.body:
        yield "names the host of the request"
    if b"Traceback (most recent call last)" in answer.body:
        yield "shows a traceback"


def storm(
    folder: Path, *, count: int, seed: int, report: Callable[[AnswerStatistics], None] = lambda _: None
) -> AnswerStatistics:
    """Send *count* requests to a `serve` over the data in *folder*, which is made if missing.

    *report* is called after every ``REPORT_EVERY`` answers with what has come so far.
    """
    config = folder / "config.toml"
    if not config.exists():
        prepare(folder)
    statistics, chance = AnswerStatistics(), Random(seed)
    generator = RequestGenerator(chance, words=_words(config), places=_places(config))
    with _run_server(config) as (port, process):
        for number in range(1, count + 1):
            request = generator.next()
            answer = ask(port, request, process)
            statistics.add(request, answer)
            if found := _CURSOR.search(answer.body):
                generator.cursors = [*generator.cursors[-50:], found[1].decode()]
            if number % REPORT_EVERY == 0:
                report(statistics)
            if process.poll() is not None:
                statistics.failures.append(
                    ("the server has ended", f"{request.method} {request.target[:1500]}")
                )
                break
    log = (folder / "serve.log").read_text("utf-8", "replace")
    statistics.failures += [("traceback in the log", where) for where in _tracebacks(log)]
    return statistics


def _tracebacks(log: str) -> Iterator[str]:
    """Yield the error of each traceback and the line of our code that raised it."""
    for trace in log.split("Traceback (most recent call last)")[1:]:
        if "During handling of the above exception" in trace:
            continue  # the second one was not handled
        lines = trace.splitlines()
        error = next((line for line in lines if _ERROR.match(line)), trace[-200:])
        own = [line.strip() for line in lines if _OWN.search(line)]
        yield f"{error[:200]} in {own[-1] if own else 'none of our modules'}"


def prepare(folder: Path) -> None:
    """Crawl the sample sites, add hostile releases and index all."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.toml"
    with server.serve_sites(base_port=0) as sites:
        config.write_text(server.crawl_config(sites, folder), encoding="utf-8")
        _run("crawl", config)
    with Store(load_storage(config).store_path) as store:
        for day, release in nasty_releases():
            store.save(release, seen=SEEN + timedelta(days=day))
    _run("reindex", config)


def _run(command: str, config: Path) -> None:
    done = run_bounded([PROGRAMS / command, "--config", config], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command}: exit {done.returncode}: {done.stderr[-500:]}")


def nasty_releases() -> Iterator[tuple[int, Release]]:
    """Yield releases with the day on which they were read; some twice, edited."""
    chance = Random(9)
    few = " ".join(chance.choices(["viens", "divi", "trīs"], k=3000))
    other = " ".join(chance.choices(["viens", "divi", "trīs"], k=3000))
    texts = {
        "punkti": ("." * 20_000, "." * 19_000 + " beigas"),
        "jautajumi": ("?! " * 9_000,),
        "maz-vardu": (few, other),
        "rindas": ("a\n\n" * 8_000, "a\n\nb\n\n" * 4_000),
        "viens-vards": ("valsts" * 20_000, "valsts" * 19_000),
        "valsts": ("valsts " * 20_000, "budžets " + "valsts " * 20_000),
        "zimes": ("<b>&amp;</b><script>alert(1)</script> " * 500,),
        "virzieni": ("\u202e\u2066\u200f\u0301" * 3_000,),
        "viss": (" ".join(ODD_WORDS),),
        "gars": ("\n\n".join(prose.paragraph(chance) for _ in range(2_000)),),
        "skaitli": (" ".join(map(str, range(20_000))),),
        "defises": ("valsts-" * 9_000, "- " * 9_000),
        "pedinas": ('„“"' * 9_000,),
        "tuksa": ("",),
    }
    for name, versions in texts.items():
        for day, body in enumerate(versions):
            url = f"https://www.iem.gov.lv/lv/jaunums/{name}"
            title = (
                body[:300]
                if name == "viss"
                else f"Valsts budžets: {name} " + "ā" * (3_000 if name == "gars" else 0)
            )
            yield (
                day,
                Release(
                    url=url,
                    site="iem",
                    ministry="Iekšlietu ministrija",
                    language="lv",
                    title=title,
                    lead=body[:400],
                    body=body,
                    contact="",
                    published=date(9999, 12, 31)
                    if name == "skaitli"
                    else date(1, 1, 1)
                    if name == "tuksa"
                    else date(2019, 1, 31),
                    published_source="time",
                    published_confidence="high",
                    category="<i>&" * 300 if name == "viss" else None,
                    address=f'{url}?a="><script>&b=javascript:' if name == "zimes" else None,
                ),
            )


def _words(config: Path) -> list[str]:
    """Return the words of the releases, most frequent first."""
    counted: dict[str, int] = {}
    with Store.open_readonly(load_storage(config).store_path) as store:
        for stored in store.changes_since(0):
            for word in stored.release.body[:3000].split():
                counted[word] = counted.get(word, 0) + 1
    return sorted(counted, key=lambda word: -counted[word])[:3000]


def _places(config: Path) -> list[str]:
    """Return paths for each route of the app, some per parameter."""
    with Store.open_readonly(load_storage(config).store_path) as store:
        ids = [stored.id for stored in store.changes_since(0)]
    # The last releases are the hostile ones.
    values = [*ids[:3], *ids[-14:], "x", "iem-0000000000", "..", "%00", "a" * 3000, "%F0%9F%92%A9"]
    found = []
    for rule in create_app(config).url_map.iter_rules():
        named = re.search(r"<(?:\w+:)?(\w+)>", rule.rule)
        if named is None:
            found += [rule.rule] * 6
        elif named[1] == "filename":
            found += [
                rule.rule.replace(named[0], value)
                for value in ("style.css", "../__init__.py", "x", "%2e%2e/views.py", "")
            ]
        else:
            found += [rule.rule.replace(named[0], value) for value in values]
    return found + ["/"] * 60 + ["/en/"] * 30 + ["/api/v1/search"] * 60


@contextmanager
def _run_server(config: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run `serve` as one process; yield its port once it answers."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
    with config.with_name("serve.log").open("w") as log:
        command = [PROGRAMS / "serve", "--json", "--config", config, "--port", str(port), "--processes", "1"]
        with child(command, lives_s=math.inf, stdout=subprocess.PIPE, stderr=log) as process:
            first_line(process)
            # Its start-up costs count for no request.
            for target in ("/", "/?q=valsts", "/api/v1/complete?q=val", "/en/help"):
                ask(port, HostileRequest(method="GET", target=target), process)
            yield port, process


def ask(port: int, request: HostileRequest, process: subprocess.Popen[str]) -> HttpAnswer:
    """Send *request* as it is; return the answer and its CPU time."""
    before = cpu_seconds(process.pid)
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    names = {name.lower() for name, _ in request.headers}
    if "host" not in names:
        lines.append(f"Host: 127.0.0.1:{port}")
    if request.body and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(request.body)}")
    lines += [f"{name}: {value}" for name, value in request.headers]
    sent = "\r\n".join([*lines, "Connection: close", "", ""]).encode("utf-8", "replace") + request.body
    status, head, body = 0, b"", b""
    wait_s = WAIT_S_MAX if request.is_whole else PARTIAL_S_MAX
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as connection:
            connection.sendall(sent)
            with HTTPResponse(connection, method=request.method) as response:
                response.begin()
                status, head, body = response.status, str(response.headers).encode(), response.read()
    except (HTTPException, OSError):
        pass  # a malformed request may get no response; the caller decides by the status 0
    return HttpAnswer(status=status, head=head, body=body, cpu_s=cpu_seconds(process.pid) - before)
