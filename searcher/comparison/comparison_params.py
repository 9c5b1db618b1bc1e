"""The parameters of a comparison, the same for the page, the files and the API."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from index.query import FILTERS
from index.query.lexemes import QUOTES
from searcher.params import (
    FirstDay,
    LastDay,
    Parameters,
    SearchParams,
    check_order_of_days,
    filter_field,
    tidy,
    with_fields,
)
from searcher.search_address import shorten_first_day, shorten_last_day

LINES_MAX = 5
"""More lines cannot be told apart at a glance, nor without colour."""
LINE_CHARS_MAX = 500
"""Of a query; five of them still fit into an address that can be mailed."""
_QUOTE = re.compile(f"[{QUOTES}]")
_COMMON = tuple(one for one in FILTERS if one.name != "ministry")


@with_fields({one.name: filter_field(one) for one in _COMMON})
class ComparisonParams(Parameters):
    """Which searches to compare, and over what time."""

    q: list[Annotated[str, Field(max_length=LINE_CHARS_MAX)]] = Field(
        [],
        max_length=LINES_MAX,
        description=f"A query for each line, in the query language; at most {LINES_MAX} lines.",
        examples=[["pensijas", "ministrija:FM"]],
    )
    ministry: list[Annotated[str, Field(min_length=1, max_length=LINE_CHARS_MAX)]] = Field(
        [],
        max_length=LINES_MAX,
        description="A further line for each of these institutions, by name: all of its releases.",
        examples=[["Finanšu ministrija"]],
    )
    from_: FirstDay = Field(
        None,
        alias="from",
        description="The first day; that of the oldest release unless given.",
        examples=["2019"],
    )
    to: LastDay = Field(
        None, description="The last day; that of the newest release unless given.", examples=["2024"]
    )
    by: Literal["year", "quarter", "month"] | None = Field(
        None,
        description="The length of a period; chosen by the time that is compared unless given.",
        examples=["year"],
    )

    _check_order = model_validator(mode="after")(check_order_of_days)

    @model_validator(mode="after")
    def _check_lines(self) -> Self:
        if len(self.lines) > LINES_MAX:
            raise ValueError(f"q: must be at most {LINES_MAX} values")
        return self

    @property
    def lines(self) -> tuple[str, ...]:
        """The query of each line, each once."""
        return lines_of((*self.q, *map(of_institution, self.ministry)))

    def search(self, text: str) -> SearchParams:
        """Return the search for *text* with the filters of all lines, without days."""
        return SearchParams(q=text, per_page=1, **{one.name: getattr(self, one.name) for one in _COMMON})

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The names and values of the canonical address."""
        return (
            *(("q", text) for text in self.lines),
            *((one.name, value) for one in _COMMON for value in sorted({*getattr(self, one.name)})),
            *((("from", shorten_first_day(self.from_)),) if self.from_ else ()),
            *((("to", shorten_last_day(self.to)),) if self.to else ()),
            *((("by", self.by),) if self.by else ()),
        )

    @property
    def has_filters(self) -> bool:
        """Whether filters hold for all lines."""
        return any(getattr(self, one.name) for one in _COMMON)


class ShownComparison(ComparisonParams):
    """A comparison, and how its lines are drawn."""

    show: Literal["count", "share"] = Field(
        "count", description="Releases, or their share of all releases of the time."
    )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The names and values of the canonical address."""
        return (*super().pairs, *((("show", self.show),) if self.show != "count" else ()))


def lines_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Return *texts* as lines: tidy, without empty ones, each once."""
    return tuple(dict.fromkeys(filter(None, map(tidy, texts))))


def of_institution(name: str) -> str:
    """Return the query for the releases of the institution *name*.

    >>> of_institution("Finanšu ministrija")
    'ministrija:"Finanšu ministrija"'
    """
    return f'ministrija:"{_QUOTE.sub(" ", name)}"'
