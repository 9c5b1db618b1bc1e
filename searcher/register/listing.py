"""Reads lists of the register for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index import deadline
from index.register import CalendarFilter, ListedDue, ListedStatement, StatementFilter
from preses_relizes.shared.calendar import today
from searcher.params import DEPTH_MAX
from searcher.register.register_params import DueListParams, PagedParams, StatementListParams
from searcher.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsPage:
    """A page of statements."""

    rows: Sequence[ListedStatement]
    total: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page of times at which something falls due."""

    rows: Sequence[ListedDue]
    total: int
    pages: int
    day: date
    """The day from which they are seen."""


def read_statements(service: Service, params: StatementListParams) -> StatementsPage:
    """Return the statements that *params* ask for.

    Raises:
        DeadlineError: the answer takes too long.
        EngineError: the register is damaged.
    """
    with deadline.at_most(service.settings.answer_s):
        register = service.register
        wanted = StatementFilter(
            speaker=params.speaker and (register.find_person(params.speaker) or params.speaker),
            words=list(filter(None, (_terms(service, word) for word in params.q.split()))),
            ministries=params.ministry,
            published_from=params.from_,
            published_to=params.to,
        )
        total = register.count_statements(wanted)
        return StatementsPage(
            rows=register.statements(wanted, first=params.first, most=params.per_page),
            total=total,
            pages=_pages(params, total),
        )


def read_due(service: Service, params: DueListParams) -> DuePage:
    """Return the times that *params* ask for, from today on unless they name days.

    Raises:
        DeadlineError, EngineError: as for `read_statements`.
    """
    with deadline.at_most(service.settings.answer_s):
        register, day = service.register, today()
        wanted = due_filter(params, day)
        total = register.count_due(wanted)
        return DuePage(
            rows=register.due(wanted, first=params.first, most=params.per_page),
            total=total,
            pages=_pages(params, total),
            day=day,
        )


def due_filter(params: DueListParams, day: date, *, release: str = "") -> CalendarFilter:
    """Return which times *params* ask for on a *day*; only those of a *release* if it is given."""
    return CalendarFilter(
        first=params.from_ or (None if params.to else day),
        last=params.to,
        kinds=params.kind,
        ministries=params.ministry,
        release=release,
    )


def _terms(service: Service, word: str) -> tuple[str, ...]:
    """Return the terms that match *word*; none if it is no word."""
    terms: dict[str, None] = {}
    for token in service.asker.analyzer.analyze(word):
        forms = service.asker.analyzer.query_forms(word[token.start : token.end])
        terms |= dict.fromkeys((*forms.lemma, *forms.unaccented, *forms.exact))
    return tuple(terms)


def _pages(params: PagedParams, total: int) -> int:
    return max(1, -(-min(total, DEPTH_MAX) // params.per_page))
