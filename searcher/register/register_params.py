"""The parameters of the lists of the register, the same for the pages, the feeds and the API."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from index.mentions import DueKind
from searcher.params import (
    DEPTH_MAX,
    VALUES_MAX,
    FirstDay,
    LastDay,
    PageNumber,
    PageSize,
    Parameters,
    check_order_of_days,
)

PER_PAGE = 30
"""Statements, or times, on a page unless the request says otherwise."""
Name = Annotated[str, Field(min_length=1, max_length=200)]


class PagedParams(Parameters):
    """Which part of a list to show, and of which institutions and days."""

    ministry: list[Name] = Field(
        [],
        max_length=VALUES_MAX,
        description="Only releases of these institutions.",
        examples=[["Finanšu ministrija"]],
    )
    from_: FirstDay = Field(None, alias="from", description="On this day or later.", examples=["2026-11-01"])
    to: LastDay = Field(None, description="On this day or earlier.", examples=["2026-11"])
    page: PageNumber = Field(1, description=f"From 1; pages reach the first {DEPTH_MAX}.", examples=[1])
    per_page: PageSize = Field(PER_PAGE, description="Rows on a page.", examples=[30])

    _check_order = model_validator(mode="after")(check_order_of_days)

    @model_validator(mode="after")
    def _check_page(self) -> Self:
        if (self.page - 1) * self.per_page >= DEPTH_MAX:
            raise ValueError(f"page: reaches only the first {DEPTH_MAX} rows; narrow them by days")
        return self

    @property
    def first(self) -> int:
        """The number of the first row of the page, from 0."""
        return (self.page - 1) * self.per_page


class StatementListParams(PagedParams):
    """Which statements to list, newest first; days are those of their releases."""

    q: str = Field(
        "",
        max_length=500,
        description="Words, in any form and order, that a statement has.",
        examples=["budžets"],
    )
    speaker: str = Field(
        "", max_length=200, description="Who speaks: the full name as listed.", examples=["Agra Lepzare"]
    )


class DueListParams(PagedParams):
    """Which times to list, the earliest first, that overlap the days; from today on unless they are given."""

    kind: list[DueKind] = Field(
        [],
        max_length=VALUES_MAX,
        description="Only these: deadline (for people), entry (into force), completion (planned), event.",
        examples=[["deadline"]],
    )
