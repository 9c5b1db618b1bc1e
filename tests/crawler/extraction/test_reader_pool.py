"""Readers run as processes of their own; the end of one costs no other page."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.extraction import ReaderPool
from crawler.extraction.reader_pool import SLOW
from crawler.extraction.sandbox import ReaderLimits
from tests.support.extraction_jobs import (
    RELEASE,
    SITE,
    Backtracking,
    Deadly,
    Endless,
    Hungry,
    Stuck,
    Timed,
    Unsendable,
    job_of,
)


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    with ReaderPool() as readers:
        yield readers


@pytest.mark.parametrize("body", [Deadly(b"x"), Unsendable(b"x")], ids=["deadly", "unsendable"])
def test_page_that_cannot_be_read_leaves_the_others_readable(readers: ReaderPool, body: bytes) -> None:
    jobs = [job_of(RELEASE.encode()), job_of(body), job_of(RELEASE.encode())]
    futures = [readers.submit(one) for one in jobs]
    readings = [future.result() for future in futures]
    assert [reading.reason for reading in readings] == [None, "fault of the extractor", None]


SMALL = ReaderLimits(cpu_s=0.3, memory_bytes=60 << 20, wall_s=20)


@pytest.mark.parametrize("body", [Endless(b"x"), Stuck(b"x"), Hungry(b"x"), Backtracking(b"x")], ids=type)
def test_page_that_meets_a_limit_ends_its_reader_and_no_other(body: bytes) -> None:
    slow = replace(SMALL, wall_s=1) if isinstance(body, Stuck) else SMALL
    with ReaderPool(slow, slow) as readers:
        futures = [readers.submit(job_of(one)) for one in (RELEASE.encode(), body, RELEASE.encode())]
        assert [future.result().reason for future in futures] == [None, "fault of the extractor", None]


def test_costly_pages_of_one_site_do_not_make_another_wait() -> None:
    other = job_of(RELEASE.encode())
    other = replace(other, site=SITE.model_copy(update={"id": "other"}))
    with ReaderPool(replace(SMALL, cpu_s=0.5), SLOW) as readers:
        costly = [readers.submit(job_of(Endless(b"x"))) for _ in range(50)]
        assert readers.submit(other).result().release
        assert not any(future.done() for future in costly)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux: pidfd_open")
def test_readers_end_with_the_crawl_even_if_it_is_killed_while_they_spin() -> None:
    script = (
        "import multiprocessing, signal, threading\n"
        "from crawler.extraction.reader_pool import SLOW, ReaderPool\n"
        "from tests.support.extraction_jobs import Endless, job_of\n"
        "with ReaderPool() as readers:\n"
        "    readers.submit(job_of(Endless(b'x')))\n"
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
    readers: ReaderPool,
) -> None:
    deadly = [5, 12, 20, 21]
    jobs = [job_of(Deadly(b"x") if at in deadly else RELEASE.encode()) for at in range(40)]
    futures = [readers.submit(one) for one in jobs]
    readings = [future.result() for future in futures]
    assert [at for at, reading in enumerate(readings) if reading.release is None] == deadly


def test_sitemap_nearly_as_large_as_they_may_be_is_read_whole(readers: ReaderPool) -> None:
    name = "valsts-robezsardze-aizturejusi-robezas-parkapejus-kraslavas-novada-{}"
    entry = f"<url><loc>https://iem.example/lv/jaunums/{name}</loc><lastmod>2026-01-01</lastmod></url>"
    entry += "<!-- changefreq monthly, priority 0.5 -->"
    body = f"<urlset>{''.join(map(entry.format, range(45_000)))}</urlset>".encode()
    sitemap = job_of(body, "sitemap")
    assert len(readers.submit(sitemap).result().found) == 45_000


def test_work_of_a_process_is_bounded_also_when_it_reads_no_page(readers: ReaderPool) -> None:
    timed = job_of(Timed(RELEASE.encode()))
    release = readers.submit(timed).result().release
    assert release is not None
    assert "aizturēja 0 robežas" not in release.body
    assert "trīs" not in release.body
