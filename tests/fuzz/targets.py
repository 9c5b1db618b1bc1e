"""What is fuzzed: each target takes any bytes, and fails only if the code that reads them is at fault."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.extraction import PageKind, reader
from index.analysis import Analyzer, default_analyzer
from index.codec import open_dir
from index.errors import DamagedError
from index.query import AllOf, AnyOf, Phrase, Query, parse
from index.search import Searcher
from index.search.ranking import recency
from tests.support.breakable_index import docs
from tests.support.corpora import SCHEMA, index_of
from tests.support.extraction_jobs import job_of
from tests.support.queries import MINISTRIES
from tests.support.school_budget import BUDGET, SCHOOL

ARRAYS_BEGIN = 64
"""Where the arrays of a segment's file begin. Opening checks what is before and after them by a checksum."""
CLAUSES = (BUDGET, AllOf((BUDGET, SCHOOL)), AnyOf((BUDGET, SCHOOL)), Phrase(words=(BUDGET, SCHOOL)))


def read_page(content: bytes) -> None:
    """Read *content* as a release and as a list page."""
    for kind in ("release", "list"):
        _read(content, kind)


def read_feed(content: bytes) -> None:
    """Read *content* as a feed and as a sitemap."""
    for kind in ("feed", "sitemap"):
        _read(content, kind)


def _read(content: bytes, kind: PageKind) -> None:
    extraction = reader.read(job_of(content, kind))
    assert extraction.reason != "fault of the extractor", extraction.detail


def parse_query(content: bytes) -> None:
    """Parse *content* as a typed query, and what it was understood as."""
    query = _parse(content.decode("utf-8", "replace"))
    _parse(query.reading)


def _parse(text: str) -> Query:
    return parse(text, analyzer=_analyzer(), today=date(2026, 3, 1), ministries=MINISTRIES)


@cache
def _analyzer() -> Analyzer:
    return default_analyzer()


def open_segment(content: bytes) -> None:
    """Damage a segment's file as *content* says, and search in it.

    The first byte chooses the file; each four that follow are a place in it and the byte to put there.
    """
    files = _segment()
    arrays = sorted(
        (name for name in files if name.endswith((".docs", ".posts"))), key=lambda name: Path(name).suffix
    )
    name = arrays[content[0] % 2 if content else 0]
    damaged = bytearray(files[name])
    arrays_end = int.from_bytes(damaged[-24:-16], "little")
    for at in range(1, len(content) - 3, 4):
        place = int.from_bytes(content[at : at + 3], "little")
        damaged[ARRAYS_BEGIN + place % (arrays_end - ARRAYS_BEGIN)] = content[at + 3]
    with TemporaryDirectory() as folder:
        for other, whole in files.items():
            Path(folder, other).write_bytes(damaged if other == name else whole)
        with suppress(DamagedError):
            searcher = Searcher(open_dir(Path(folder), SCHEMA), recency=recency, proximity=0.2)
            for clause in CLAUSES:
                searcher.search(Query(text="", clause=clause, reading=""))


@cache
def _segment() -> Mapping[str, bytes]:
    """Return the files of a small index of one segment, whose arrays are the same in every run."""
    with TemporaryDirectory() as folder:
        index_of(Path(folder), docs(0, 30))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.stat().st_size}


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "page": read_page,
    "feed": read_feed,
    "query": parse_query,
    "segment": open_segment,
}
