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
from tests.support.children import child
from tests.support.extraction_jobs import (
    RELEASE,
    SITE,
    Backtracking,
    Costly,
    Deadly,
    Endless,
    Hungry,
    Stuck,
    Timed,
    Unsendable,
    job_of,
)

pytestmark = pytest.mark.sweep


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    with ReaderPool() as readers:
        yield readers


@pytest.mark.parametrize("body", [Deadly(b"x"), Unsendable(b"x")], ids=["deadly", "unsendable"])
def test_page_that_kills_its_reader_costs_no_other_page(readers: ReaderPool, body: bytes) -> None:
    jobs = [job_of(RELEASE.encode()), job_of(body), job_of(RELEASE.encode())]
    futures = [readers.submit(job) for job in jobs]
    readings = [future.result() for future in futures]
    assert [reading.reason for reading in readings] == [None, "fault of the extractor", None]


SMALL = ReaderLimits(cpu_s=0.3, memory_bytes=60 << 20, wall_s=20)


@pytest.mark.parametrize("body", [Endless(b"x"), Stuck(b"x"), Hungry(b"x"), Backtracking(b"x")], ids=type)
def test_page_over_a_limit_ends_only_its_own_reader(body: bytes) -> None:
    slow = replace(SMALL, wall_s=1) if isinstance(body, Stuck) else SMALL
    with ReaderPool(slow, slow) as readers:
        futures = [readers.submit(job_of(one)) for one in (RELEASE.encode(), body, RELEASE.encode())]
        assert [future.result().reason for future in futures] == [None, "fault of the extractor", None]


def test_costly_pages_of_one_site_do_not_delay_another() -> None:
    other = job_of(RELEASE.encode())
    other = replace(other, site=SITE.model_copy(update={"id": "other"}))
    with ReaderPool(replace(SMALL, cpu_s=0.5), SLOW) as readers:
        costly = [readers.submit(job_of(Endless(b"x"))) for _ in range(50)]
        assert readers.submit(other).result().release
        assert not any(future.done() for future in costly)


def test_batch_of_costly_pages_delays_another_site_by_few_of_them() -> None:
    other = job_of(RELEASE.encode())
    other = replace(other, site=SITE.model_copy(update={"id": "other"}))
    with ReaderPool() as readers:
        costly = [readers.submit(job_of(Costly(RELEASE.encode()))) for _ in range(24)]
        assert costly[0].result().release
        assert readers.submit(other).result().release
        assert sum(future.done() for future in costly) < 8


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux: pidfd_open")
def test_readers_end_with_a_killed_crawl() -> None:
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
    with child([sys.executable, "-c", script], stdout=subprocess.PIPE) as crawl:
        assert crawl.stdout
        ended = os.pidfd_open(int(crawl.stdout.readline()))
        crawl.kill()
        assert select.select([ended], [], [], 10)[0]
        os.close(ended)


def test_queue_of_pages_survives_readers_that_end(readers: ReaderPool) -> None:
    deadly = [5, 12, 20, 21]
    jobs = [job_of(Deadly(b"x") if at in deadly else RELEASE.encode()) for at in range(40)]
    futures = [readers.submit(job) for job in jobs]
    readings = [future.result() for future in futures]
    assert [at for at, reading in enumerate(readings) if reading.release is None] == deadly


def test_sitemap_near_the_size_limit_is_read_whole(readers: ReaderPool) -> None:
    name = "valsts-robezsardze-aizturejusi-robezas-parkapejus-kraslavas-novada-{}"
    entry = f"<url><loc>https://iem.example/lv/jaunums/{name}</loc><lastmod>2026-01-01</lastmod></url>"
    entry += "<!-- changefreq monthly, priority 0.5 -->"
    body = f"<urlset>{''.join(map(entry.format, range(45_000)))}</urlset>".encode()
    sitemap = job_of(body, "sitemap")
    assert len(readers.submit(sitemap).result().discovered) == 45_000


def test_time_limit_also_covers_unpickling(readers: ReaderPool) -> None:
    timed = job_of(Timed(RELEASE.encode()))
    release = readers.submit(timed).result().release
    assert release is not None
    assert "aizturēja 0 robežas" not in release.body
    assert "trīs" not in release.body
