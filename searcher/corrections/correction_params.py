"""The parameters of a list of corrections, the same for the page, the feeds, the exports and the API."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from index.edits import MINOR, EditFilter, EditKind
from searcher.params import (
    DEPTH_MAX,
    QUERY_CHARS_MAX,
    VALUES_MAX,
    FirstDay,
    LastDay,
    PageNumber,
    PageSize,
    Parameters,
    check_digits,
    check_order_of_days,
    tidy,
)

PER_PAGE = 30
"""Corrections on a page unless the request says otherwise."""
# An edit that was read before the stated day is one of day 0, as in the figures of an institution.
_ANY_DAY_BEFORE = -100_000
DEPARTURES = 12
"""Releases removed or moved that are listed beside the corrections."""
_DAYS = re.compile(r"(?P<first>[0-9]{1,5})(?P<open>-(?P<last>[0-9]{1,5})?)?")


def _check_days(value: str) -> str:
    days = _DAYS.fullmatch(value)
    if value and not days:
        raise ValueError("must be days such as 0, 1-7 or 8-")
    if days and days["last"] and int(days["last"]) < int(days["first"]):
        raise ValueError("the first number must not be greater than the last")
    return value


class CorrectionParams(Parameters):
    """Which corrections to list."""

    q: Annotated[str, AfterValidator(tidy)] = Field(
        "",
        max_length=QUERY_CHARS_MAX,
        description="Only of releases that this query finds, by any of the texts that they had.",
        examples=["skolotāju algas"],
    )
    ministry: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        [],
        max_length=VALUES_MAX,
        description="Only edits by these institutions.",
        examples=[["Finanšu ministrija"]],
    )
    kind: list[EditKind] = Field(
        [],
        max_length=VALUES_MAX,
        description="Only edits that changed one of these: number, date (also time), negation (also duty and "
        "possibility), name, removed text, title (also lead), added text, wording, minor.",
        examples=[["number"]],
    )
    days: Annotated[str, BeforeValidator(_check_days)] = Field(
        "",
        pattern=r"^([0-9]{1,5}(-([0-9]{1,5})?)?)?$",
        description="Read so many days after publication: 0 (or before it), 1-7 or 8-.",
        examples=["1-7"],
    )
    weight: Annotated[int, Field(ge=0, le=100), BeforeValidator(check_digits)] = Field(
        MINOR,
        description=f"At least this weight; below {MINOR} are spelling, spacing and the like. "
        "For `minor` it is 0 unless given.",
        examples=[60],
    )
    from_: FirstDay = Field(
        None, alias="from", description="Noticed on this day or later.", examples=["2026-11-01"]
    )
    to: LastDay = Field(None, description="Noticed on this day or earlier.", examples=["2026-11"])
    release: str = Field(
        "", max_length=100, description="Only edits of the release with this id.", examples=["iem-ec9999a178"]
    )

    _check_order = model_validator(mode="after")(check_order_of_days)

    @property
    def has_departures(self) -> bool:
        """Whether releases removed or moved, which have no kinds and days, are asked for, too."""
        return not (self.kind or self.days or self.release)

    @property
    def least_weight(self) -> int:
        """The least weight of a listed edit: whoever asks for minor edits wants those below `MINOR`, too."""
        is_given = "weight" in self.model_fields_set
        return 0 if "minor" in self.kind and not is_given else self.weight

    @property
    def wanted(self) -> EditFilter:
        """The filter of the file of edits."""
        days = _DAYS.fullmatch(self.days)
        first, last = (
            (days["first"], days["last"] if days["open"] else days["first"]) if days else (None, None)
        )
        return EditFilter(
            ministries=self.ministry,
            kinds=self.kind,
            release=self.release,
            weight=self.least_weight,
            days_from=(int(first) or _ANY_DAY_BEFORE) if first else None,
            days_to=int(last) if last else None,
            noticed_from=self.from_,
            noticed_to=self.to,
        )


class CorrectionListParams(CorrectionParams):
    """Which corrections to list, in which order, and which page of them."""

    sort: Literal["newest", "heaviest"] = Field(
        "newest", description="The newest first, or by day and the heaviest first.", examples=["heaviest"]
    )
    page: PageNumber = Field(1, description=f"From 1; pages reach the first {DEPTH_MAX}.", examples=[1])
    per_page: PageSize = Field(PER_PAGE, description="Corrections on a page.", examples=[30])
    departures_page: PageNumber = Field(
        1, description=f"The page of the releases removed or moved, {DEPARTURES} each.", examples=[1]
    )

    @model_validator(mode="after")
    def _check_page(self) -> Self:
        if max((self.page - 1) * self.per_page, (self.departures_page - 1) * DEPARTURES) >= DEPTH_MAX:
            raise ValueError(f"page: reaches only the first {DEPTH_MAX} corrections; narrow them by days")
        return self
