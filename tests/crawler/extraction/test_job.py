"""Jobs and extractions reach the other process unchanged."""

import pickle
from dataclasses import fields
from datetime import UTC, date, datetime

from crawler.extraction import DiscoveredUrl, Extraction
from tests.support.extraction_jobs import RELEASE, job_of
from tests.support.release_pages import BODY, extract_page


def test_job_survives_pickling() -> None:
    job = job_of(RELEASE.encode())
    assert pickle.loads(pickle.dumps(job)) == job


def test_extraction_survives_pickling() -> None:
    discovered = DiscoveredUrl(
        url="https://iem.example/lv/jaunums/x",
        title="Ziņa",
        published=date(2026, 2, 1),
        source="sitemap",
        lastmod=datetime(2026, 2, 1, tzinfo=UTC),
    )
    extraction = Extraction(
        release=extract_page(f"<h1>Mainās kārtība</h1><div>01.02.2021</div>{BODY}"),
        text="Teksts",
        discovered=(discovered,),
        next_sources=("https://iem.example/lv/jaunumi?page=1",),
        reason="not well-formed",
        detail="line 1",
        is_whole=False,
    )
    assert pickle.loads(pickle.dumps(extraction)) == extraction


def test_empty_extraction_is_whole_and_gives_no_reason() -> None:
    empty = Extraction()
    assert empty.is_whole
    assert not any(getattr(empty, field.name) for field in fields(empty) if field.name != "is_whole")
