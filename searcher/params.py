"""The parameters of a search, the same for the page and the API."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from index.query import AskedInterval, Filters, parse_date

DEPTH_MAX = 1000  # hits that can be paged through by number: each page costs as much as all before it
MINISTRIES_MAX = 50
QUERY_CHARS_MAX = 20_000  # no person types more, and reading it takes time


def first_day(text: str) -> date:
    """Return the first day that *text* means: `2017-11-27`, `27.11.2017.`, `27 Nov 2017`, `2017-11`, `2017`.

    Raises:
        ValueError: *text* is no date.
    """
    return _parse(text)[0]


def last_day(text: str) -> date:
    """Return the last day that *text* means, as `first_day` reads it."""
    return _parse(text)[1]


def _parse(text: str) -> tuple[date, date]:
    days = parse_date(text)
    if days is None:
        raise ValueError("not a date, e.g. 2017-11-27")
    return days


def _or_none(read: object) -> BeforeValidator:
    def reader(value: object) -> object:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return read(value) if isinstance(value, str) and callable(read) else value

    return BeforeValidator(reader)


class Parameters(BaseModel):
    """Parameters of a request; any other one is refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    @classmethod
    @cache
    def model_json_schema(  # type: ignore[override]  # a cached function takes anything
        cls, *arguments: Any, **options: Any
    ) -> dict[str, Any]:
        """Return the JSON schema; flask_openapi looks at it for each request, and making it takes 1 ms."""
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
    """What a search asks: the query, filters, order and page."""

    q: str = Field(
        "",
        max_length=QUERY_CHARS_MAX,
        description="What is sought, in the query language; any text is a query.",
    )
    ministry: list[str] = Field(
        [], max_length=MINISTRIES_MAX, description="Only releases of these institutions, by name."
    )
    language: list[Literal["lv", "en", "ru"]] = Field([], description="Only releases in these languages.")
    from_: Annotated[date | None, _or_none(first_day)] = Field(
        None, alias="from", description="Published on this day or later: 2017-11-27, 2017-11 or 2017."
    )
    to: Annotated[date | None, _or_none(last_day)] = Field(
        None, description="Published on this day or earlier."
    )
    sort: Literal["relevance", "newest", "oldest"] = Field("relevance", description="The order of the hits.")
    page: int = Field(1, ge=1, description="From 1.")
    per_page: int | None = Field(
        None, ge=1, le=100, description="Hits on a page; 10 where the service sets no other."
    )
    cursor: str | None = Field(
        None,
        max_length=1000,
        description="In place of page, to walk all hits: * for the first, then next_cursor of each answer.",
    )
    histogram: AskedInterval | None = Field(
        None,
        description="Count the hits by day, month or year; auto: by what makes a readable number of bars.",
    )
    explain: bool = Field(False, description="Say of each hit why it scores what it does.")

    @model_validator(mode="after")
    def _not_too_deep(self) -> "SearchParams":
        if (self.page - 1) * (self.per_page or 10) >= DEPTH_MAX:
            raise ValueError(f"page: reaches only the first {DEPTH_MAX} hits; use cursor for more")
        if self.cursor is not None and self.page > 1:
            raise ValueError("page: cannot be combined with cursor")
        return self

    @property
    def filters(self) -> Filters:
        """The same filters as the engine takes them."""
        return Filters(
            ministries=tuple(self.ministry),
            languages=tuple(self.language),
            published_from=self.from_,
            published_to=self.to,
        )


def problems(error: ValidationError) -> dict[str, str]:
    """Return what is wrong with each parameter, by its name."""
    found: dict[str, str] = {}
    for item in error.errors():
        name = (
            str(item["loc"][0])
            if item["loc"]
            else item["msg"].partition("Value error, ")[2].partition(":")[0]
        )
        found.setdefault(name, _reason(item["type"], item["msg"], dict(item.get("ctx", {}))))
    return found


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
"""What pydantic says by its error types, in words that fit a parameter."""


def _reason(kind: str, message: str, context: dict[str, object]) -> str:
    if kind in _REASONS:
        return _REASONS[kind].format(**context)
    return message.removeprefix("Value error, ").removeprefix("page: ")
