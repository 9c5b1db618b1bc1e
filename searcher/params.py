"""The parameters of a search, the same for the page and the API."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from index.query import AskedInterval, Filters, read_date
from preses_relizes.calendar import today

DEPTH_MAX = 1000  # hits reachable by page number: a page costs as much as all pages before it
MINISTRIES_MAX = 50
QUERY_CHARS_MAX = 20_000  # no person types more, and parsing takes time


def first_day(text: str) -> date:
    """Return the first day of *text*, a date or period as queries name them: `2017-11-27`, `2017`, `vakar`.

    Raises:
        ValueError: *text* is not a date.
    """
    return _days(text)[0]


def last_day(text: str) -> date:
    """Return the last day of *text*, in the formats of `first_day`."""
    return _days(text)[1]


def _days(text: str) -> tuple[date, date]:
    reading = read_date(text, today=today())
    if reading is None:
        raise ValueError("not a date, e.g. 2017-11-27")
    return reading.days


def _none_if_empty(read: object) -> BeforeValidator:
    def reader(value: object) -> object:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return read(value) if isinstance(value, str) and callable(read) else value

    return BeforeValidator(reader)


class Parameters(BaseModel):
    """Parameters of a request; unknown ones are rejected."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    @classmethod
    @cache
    def model_json_schema(  # type: ignore[override]  # a cached function takes anything
        cls, *arguments: Any, **options: Any
    ) -> dict[str, Any]:
        """Return the cached JSON schema: flask_openapi needs it at each request; building it takes 1 ms."""
        return super().model_json_schema(*arguments, **options)

    @classmethod
    @cache
    def names(cls) -> Mapping[str, bool]:
        """Return the names of the parameters, and whether each may be repeated."""
        return {
            field.alias or name: get_origin(field.annotation) is list
            for name, field in cls.model_fields.items()
        }


class SearchParams(Parameters):
    """A search: query, filters, order and page."""

    q: str = Field(
        "",
        max_length=QUERY_CHARS_MAX,
        description="The query, in the query language; any text is valid.",
    )
    ministry: list[str] = Field(
        [], max_length=MINISTRIES_MAX, description="Only releases of these institutions, by name."
    )
    language: list[Literal["lv", "en", "ru"]] = Field([], description="Only releases in these languages.")
    from_: Annotated[date | None, _none_if_empty(first_day)] = Field(
        None,
        alias="from",
        description="Published on this day or later: 2017-11-27, 2017-11, 2017 or a date in words.",
    )
    to: Annotated[date | None, _none_if_empty(last_day)] = Field(
        None, description="Published on this day or earlier."
    )
    sort: Literal["relevance", "newest", "oldest"] = Field("relevance", description="The order of the hits.")
    page: int = Field(1, ge=1, description="From 1.")
    per_page: int | None = Field(
        None, ge=1, le=100, description="Hits on a page; 10 unless the service is configured otherwise."
    )
    cursor: str | None = Field(
        None,
        max_length=1000,
        description="Instead of page, to walk all hits: * first, then next_cursor of each answer.",
    )
    histogram: AskedInterval | None = Field(
        None,
        description="Count hits by day, month or year; auto chooses the interval for a readable chart.",
    )
    explain: bool = Field(False, description="Explain the score of each hit.")

    @model_validator(mode="after")
    def _check_page(self) -> "SearchParams":
        if (self.page - 1) * (self.per_page or 10) >= DEPTH_MAX:
            raise ValueError(f"page: reaches only the first {DEPTH_MAX} hits; use cursor for more")
        if self.cursor is not None and self.page > 1:
            raise ValueError("page: cannot be combined with cursor")
        return self

    @property
    def filters(self) -> Filters:
        """The filters as the engine takes them."""
        return Filters(
            ministries=tuple(self.ministry),
            languages=tuple(self.language),
            published_from=self.from_,
            published_to=self.to,
        )


def explain_errors(error: ValidationError) -> dict[str, str]:
    """Return the reason for each invalid parameter, by name."""
    reasons: dict[str, str] = {}
    for item in error.errors():
        name = (
            str(item["loc"][0])
            if item["loc"]
            else item["msg"].partition("Value error, ")[2].partition(":")[0]
        )
        reasons.setdefault(name, _reason(item["type"], item["msg"], dict(item.get("ctx", {}))))
    return reasons


_REASONS = {
    "extra_forbidden": "no such parameter",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_too_long": "must be at most {max_length} characters",
    "int_parsing": "not a whole number",
    "literal_error": "must be {expected}",
    "bool_parsing": "must be true or false",
    "too_long": "must be at most {max_length} values",
}
"""Messages by pydantic's error types, worded for parameters."""


def _reason(kind: str, message: str, context: dict[str, object]) -> str:
    if kind in _REASONS:
        return _REASONS[kind].format(**context)
    return message.removeprefix("Value error, ").removeprefix("page: ")
