"""Reads corrections for an answer, without what was hidden after the last `reindex`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import deadline
from index.edits import Departure, ListedEdit
from searcher.corrections.correction_params import CorrectionListParams, CorrectionParams
from searcher.params import DEPTH_MAX
from searcher.service import Service

DEPARTURES = 12
"""Releases removed or moved that are listed beside the corrections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsPage:
    """A page of corrections, and the releases that left their places lately."""

    edits: Sequence[ListedEdit]
    total: int
    pages: int
    departures: Sequence[Departure]


def read_corrections(service: Service, params: CorrectionListParams) -> CorrectionsPage:
    """Return the corrections that *params* ask for.

    Raises:
        DeadlineError: the answer takes too long.
        EngineError: the store or the file of edits is damaged.
    """
    with deadline.at_most(service.settings.answer_s):
        wanted = params.wanted
        total = service.edits.count(wanted)
        first = (params.page - 1) * params.per_page
        edits = service.edits.edits(wanted, params.sort, first=first, most=params.per_page)
        departures = service.edits.departures(wanted, most=DEPARTURES) if not params.release else []
        shown = _Shown(service)
        return CorrectionsPage(
            edits=[edit for edit in edits if shown.has(edit.release)],
            total=total,
            pages=max(1, -(-min(total, DEPTH_MAX) // params.per_page)),
            departures=[one for one in departures if shown.has(one.release)],
        )


def all_corrections(service: Service, params: CorrectionParams) -> Iterator[ListedEdit]:
    """Return all corrections that *params* ask for, newest first."""
    shown = _Shown(service)
    return (edit for edit in service.edits.every(params.wanted) if shown.has(edit.release))


class _Shown:
    """Which releases may be shown now."""

    def __init__(self, service: Service) -> None:
        self._archive = service.archive
        self._absent = service.archive.absent_ids()

    def has(self, id_: str) -> bool:
        """Return whether the release *id_*, or the one it was merged into, may be shown."""
        return id_ not in self._absent or self._archive.has(id_)
