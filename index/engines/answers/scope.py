"""The texts that a query searches: the present ones, or all that ever stood on a site."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from msgspec.structs import replace

from index import deadline
from index.analysis import Analyzer
from index.engines.answers.broadening import Broadening
from index.engines.answers.document_searcher import DocumentSearcher
from index.engines.answers.hits import HitMaker
from index.query import Clause, Filters
from index.results import STOOD_MAX, Hit, Stood
from index.search.standing import unpack

SearcherT = TypeVar("SearcherT", bound=DocumentSearcher)


class Scope(Generic[SearcherT]):
    """What a query searches: the documents of *searcher*, whose terms *analyzer* made.

    *is_of_all*: earlier texts are among them.
    """

    def __init__(self, searcher: SearcherT, analyzer: Analyzer, *, is_of_all: bool) -> None:
        self.searcher = searcher
        self.broadening = Broadening(searcher, analyzer)
        self.maker = HitMaker(searcher, is_of_all=is_of_all)

    def with_stays(self, hits: Sequence[Hit], clause: Clause, filters: Filters) -> tuple[Hit, ...]:
        """Return *hits* with the periods in which texts of their releases that match stood on the site."""
        docs = self.searcher.texts_of([hit.id for hit in hits], clause, filters)
        stays: dict[str, list[Stood]] = {}
        for doc in docs:
            deadline.check()
            release = self.maker.id_of(doc)
            stays.setdefault(release, []).append(unpack(self.maker.shown(doc)["stay"], release))
        runs = (_runs(stays[hit.id], hit.version)[-STOOD_MAX:] for hit in hits)
        return tuple(replace(hit, stood=tuple(periods)) for hit, periods in zip(hits, runs, strict=True))


def begin_of(hit: Hit) -> tuple[datetime, str, int]:
    """Return what orders hits that began, or ended, in the same minute."""
    [stay] = hit.stood
    return stay.since, stay.release, stay.first


def _runs(stays: Iterable[Stood], quoted: tuple[str, int] | None) -> list[Stood]:
    """Return *stays*, oldest first; versions that followed each other are one, but for the *quoted* one.

    What is quoted may differ from what the others say, so its times are its own.
    """
    runs: list[Stood] = []
    for stay in sorted(stays, key=lambda one: (one.since, one.release, one.first)):
        last = runs[-1] if runs else None
        if last and _continues(last, stay) and quoted not in {_version(last), _version(stay)}:
            runs[-1] = replace(last, last=stay.last, seen=stay.seen, until=stay.until)
        else:
            runs.append(stay)
    return runs


def _continues(last: Stood, stay: Stood) -> bool:
    return last.release == stay.release and last.last + 1 == stay.first and last.until == stay.since


def _version(stay: Stood) -> tuple[str, int]:
    return stay.release, stay.last
