"""The texts that a query searches: the present ones, or all that ever stood on a site."""

from collections.abc import Iterable, Mapping, Sequence
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

FLAPS_MIN = 2
"""Returns of a text from which on its periods are one: a page that goes back and forth between two."""

_Version = tuple[str, int]
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
        texts: dict[_Version, int] = {}
        for doc in docs:
            deadline.check()
            release, shown = self.maker.id_of(doc), self.maker.shown(doc)
            stay = unpack(shown["stay"], release)
            stays.setdefault(release, []).append(stay)
            texts[_version(stay)] = hash(tuple(shown.get(part) for part in ("title", "lead", "body")))
        runs = (_fold(_runs(stays[hit.id], hit.version), texts)[-STOOD_MAX:] for hit in hits)
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


def _fold(runs: Sequence[Stood], texts: Mapping[_Version, int]) -> list[Stood]:
    """Return *runs*, of which those of one text are one if it came back often; *texts* tells them apart."""
    same: dict[tuple[str, int], list[Stood]] = {}
    for run in runs:
        if run.first == run.last:
            same.setdefault((run.release, texts[_version(run)]), []).append(run)
    rest = list(runs)
    for first, *others in same.values():
        if len(others) < FLAPS_MIN:
            continue
        newest = others[-1]
        rest = [run for run in rest if run not in others]
        rest[rest.index(first)] = replace(
            first, last=newest.last, seen=newest.seen, until=newest.until, times=1 + len(others)
        )
    return rest


def _continues(last: Stood, stay: Stood) -> bool:
    return last.release == stay.release and last.last + 1 == stay.first and last.until == stay.since


def _version(stay: Stood) -> _Version:
    return stay.release, stay.last
