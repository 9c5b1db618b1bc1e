"""Readers in processes of their own, and what happens when one ends."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.config import Site, Template
from crawler.extraction import ExtractionJob, PageKind, Readers
from crawler.extraction.reader import read
from crawler.extraction.reader_pool import SLOW
from crawler.extraction.sandbox import Bounds
from crawler.page import Page

SITE = Site.model_validate(
    {
        "id": "iem",
        "ministry": "Iekšlietu ministrija",
        "template": "t",
        "start": ["https://iem.example/lv/jaunumi"],
    }
)
RELEASE = (
    "<html lang=lv><h1>Robežsargi aizturēja pārkāpējus</h1><time datetime=2026-02-01>01.02.2026.</time>"
    "<div class=text><p>Valsts robežsardze svētdien aizturēja trīs robežas pārkāpējus Krāslavas.</p></div>"
)


class Deadly(bytes):
    """A body that ends the process that receives it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


class Timed(bytes):
    """A body that says for how long the process that receives it may work yet, before it is read."""

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return with_seconds_left, (bytes(self),)


def with_seconds_left(body: bytes) -> bytes:
    return body.replace("trīs".encode(), b"%d" % signal.getitimer(signal.ITIMER_PROF)[0])


class Endless(bytes):
    """A body that keeps the process that receives it at work for ever."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return spin, ()


def spin() -> None:
    while True:
        pass


class Stuck(bytes):
    """A body over which the process that receives it waits for ever."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return signal.pause, ()


class Hungry(bytes):
    """A body that takes all memory, and goes on when there is no more."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return devour, ()


def devour() -> None:
    taken = []
    while True:
        with suppress(MemoryError):
            taken.append(bytearray(1 << 20))


class Backtracking(bytes):
    """A body that keeps the process that receives it within one call of a C function."""

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return re.match, (r"(?:a+)+$", "a" * 200 + "b")


class Unsendable(bytes):
    """A body that cannot be sent to a process."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        raise EOFError


def task(body: bytes, kind: PageKind = "release", headers: dict[str, str] | None = None) -> ExtractionJob:
    url = "https://iem.example/lv/jaunums/x"
    page = Page(
        asked=url,
        url=url,
        status=200,
        headers=headers or {"content-type": "text/html; charset=utf-8"},
        body=body,
        fetched=datetime(2026, 3, 1, tzinfo=UTC),
        chain=(url,),
    )
    return ExtractionJob(page=page, kind=kind, site=SITE, templates={"t": Template(body=("div.text",))})


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers() as readers:
        yield readers


@pytest.mark.parametrize("body", [Deadly(b"x"), Unsendable(b"x")], ids=["deadly", "unsendable"])
def test_page_that_cannot_be_read_leaves_the_others_readable(readers: Readers, body: bytes) -> None:
    tasks = [task(RELEASE.encode()), task(body), task(RELEASE.encode())]
    futures = [readers.submit(one) for one in tasks]
    readings = [future.result() for future in futures]
    assert [reading.reason for reading in readings] == [None, "fault of the extractor", None]


SMALL = Bounds(cpu_s=0.3, memory_bytes=60 << 20, wall_s=20)


@pytest.mark.parametrize("body", [Endless(b"x"), Stuck(b"x"), Hungry(b"x"), Backtracking(b"x")], ids=type)
def test_page_that_meets_a_limit_ends_its_reader_and_no_other(body: bytes) -> None:
    slow = replace(SMALL, wall_s=1) if isinstance(body, Stuck) else SMALL
    with Readers(slow, slow) as readers:
        futures = [readers.submit(task(one)) for one in (RELEASE.encode(), body, RELEASE.encode())]
        assert [future.result().reason for future in futures] == [None, "fault of the extractor", None]


def test_costly_pages_of_one_site_do_not_make_another_wait() -> None:
    other = task(RELEASE.encode())
    other = replace(other, site=SITE.model_copy(update={"id": "other"}))
    with Readers(replace(SMALL, cpu_s=0.5), SLOW) as readers:
        costly = [readers.submit(task(Endless(b"x"))) for _ in range(50)]
        assert readers.submit(other).result().release
        assert not any(future.done() for future in costly)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux: pidfd_open")
def test_readers_end_with_the_crawl_even_if_it_is_killed_while_they_spin() -> None:
    script = (
        "import multiprocessing, signal, threading\n"
        "from crawler.extraction.reader_pool import SLOW, Readers\n"
        "from tests.crawler.extraction.test_reader import Endless, task\n"
        "with Readers() as readers:\n"
        "    readers.submit(task(Endless(b'x')))\n"
        "    while not (running := multiprocessing.active_children()): pass\n"
        "    print(running[0].pid, flush=True)\n"
        "    signal.pause()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as crawl:
        assert crawl.stdout
        ended = os.pidfd_open(int(crawl.stdout.readline()))
        crawl.kill()
        assert select.select([ended], [], [], 10)[0]
        os.close(ended)


def test_pages_that_come_faster_than_they_are_read_are_read_beside_some_that_end_their_readers(
    readers: Readers,
) -> None:
    deadly = [5, 12, 20, 21]
    tasks = [task(Deadly(b"x") if at in deadly else RELEASE.encode()) for at in range(40)]
    futures = [readers.submit(one) for one in tasks]
    readings = [future.result() for future in futures]
    assert [at for at, reading in enumerate(readings) if reading.release is None] == deadly


def test_sitemap_nearly_as_large_as_they_may_be_is_read_whole(readers: Readers) -> None:
    name = "valsts-robezsardze-aizturejusi-robezas-parkapejus-kraslavas-novada-{}"
    entry = f"<url><loc>https://iem.example/lv/jaunums/{name}</loc><lastmod>2026-01-01</lastmod></url>"
    entry += "<!-- changefreq monthly, priority 0.5 -->"
    body = f"<urlset>{''.join(map(entry.format, range(45_000)))}</urlset>".encode()
    sitemap = task(body, "sitemap")
    assert len(readers.submit(sitemap).result().found) == 45_000


def test_work_of_a_process_is_bounded_also_when_it_reads_no_page(readers: Readers) -> None:
    timed = task(Timed(RELEASE.encode()))
    release = readers.submit(timed).result().release
    assert release is not None
    assert "aizturēja 0 robežas" not in release.body
    assert "trīs" not in release.body


@pytest.mark.parametrize(
    ("body", "kind", "headers", "reason"),
    [
        (b"<h1>404</h1>", "release", None, "no release"),
        (RELEASE.encode(), "release", {"x-robots-tag": "noindex"}, "noindex"),
        (b"<meta name=robots content='noindex'>" + RELEASE.encode(), "release", None, "noindex"),
        (b"<META content='none' NAME=robots>" + RELEASE.encode(), "release", None, "noindex"),
        (RELEASE.encode(), "release", {"x-robots-tag": "none"}, "noindex"),
        (b'{"body": "Robe\xc5\xbesargi"}', "release", None, "no release"),
        (RELEASE.replace("Valsts", "\0Valsts").encode(), "release", None, None),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9 + RELEASE.encode(), "release", None, "no release"),
        (b"%PDF-1.4\n" + RELEASE.encode(), "release", None, "no release"),
        (b"no file", "attachment", None, "no text"),
        (b"<not xml", "sitemap", None, "not well-formed"),
        (b"no feed", "feed", None, None),
        (b"<div>" * 100_000, "release", None, "no release"),
        (b"\0\xff" * 10_000, "list", None, None),
    ],
)
def test_what_cannot_be_read_is_told_apart(
    body: bytes, kind: PageKind, headers: dict[str, str] | None, reason: str | None
) -> None:
    assert read(task(body, kind, headers)).reason == reason
