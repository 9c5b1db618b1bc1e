"""A comparison as programs get it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from searcher.comparison.comparing import ComparedLine, Comparison


class ComparedPeriodAnswer(BaseModel):
    """A period, and all of its releases."""

    from_: date = Field(alias="from", description="Its first day.", examples=["2019-01-01"])
    to: date = Field(description="Its last day.", examples=["2019-12-31"])
    all: int = Field(
        description="All releases of these days, with the filters of the request.", examples=[170]
    )


class LineAnswer(BaseModel):
    """A query and its number of releases in each period."""

    q: str = Field(description="The query as typed.", examples=["pensijas"])
    searched: str = Field(description="The query after a sure correction.", examples=["pensijas"])
    total: int = Field(
        description="The total of its search in the whole time; a text that was published in two periods "
        "counts once.",
        examples=[17],
    )
    counts: list[int] = Field(
        description="By period: the total of its search with these days.", examples=[[12, 5]]
    )
    shares: list[float] = Field(
        description="By period: the part of all its releases, from 0 to 1.", examples=[[0.07, 0.03]]
    )

    @classmethod
    def of(cls, found: Comparison, line: ComparedLine) -> "LineAnswer":
        """Return *line* of what was *found* as the API shows it."""
        return cls(
            q=line.text,
            searched=line.searched,
            total=line.total,
            counts=list(line.counts),
            shares=[round(found.share(line, place), 6) for place in range(len(found.spans))],
        )


class ComparisonAnswer(BaseModel):
    """Lines over the same periods."""

    by: Literal["year", "quarter", "month"] = Field(description="The length of a period.", examples=["year"])
    periods: list[ComparedPeriodAnswer] = Field(
        description="The earliest first, also those without releases."
    )
    lines: list[LineAnswer] = Field(description="In the order of the request.")

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonAnswer":
        """Return what was *found* as the API shows it."""
        return cls(
            by=found.unit,
            periods=[
                ComparedPeriodAnswer.model_validate({"from": span.first, "to": span.last, "all": count})
                for span, count in zip(found.spans, found.all, strict=True)
            ],
            lines=[LineAnswer.of(found, line) for line in found.lines],
        )
