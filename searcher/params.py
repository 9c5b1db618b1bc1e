"""The parameters of a search, the same for the page and the API."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar, get_origin
from unicodedata import normalize

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)
from werkzeug.datastructures import MultiDict

from index.query import FILTERS, AskedInterval, Filter, Filters, read_date
from preses_relizes.shared.calendar import today

DEPTH_MAX = 1000  # hits reachable by page number: a page costs as much as all pages before it
VALUES_MAX = 50  # of one filter
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


def days_of_stay(text: str) -> tuple[date, date]:
    """Return the days that *text* names, of which some are over or go on: `2020-03..2020-06`.

    Raises:
        ValueError: *text* is not a date, or nobody knows yet what the sites will say then.
    """
    first, last = _days(text)
    if first > today():
        raise ValueError("still to come")
    return first, last


def _to_day(read: Callable[[str], date]) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def check_digits(value: object) -> object:
    """Refuse text that is not a whole number as people write it."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):  # pydantic also reads +1, 1.0 and 1_0
        raise ValueError("not a whole number")
    return value


def tidy(query: str) -> str:
    """Return *query* in NFC with single spaces.

    >>> tidy("  valsts   budžets ")
    'valsts budžets'
    """
    return " ".join(normalize("NFC", query).split())


def _as_in_answers(word: object) -> object:
    """Return a related *word* as answers name it, however it was typed."""
    return tidy(word).lower() if isinstance(word, str) else word


def _check_truth(value: object) -> object:
    if isinstance(value, str) and value not in ("true", "false"):  # pydantic also reads yes, on and 1
        raise ValueError("must be true or false")
    return value


def _check_day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):  # pydantic also reads seconds since 1970
        raise ValueError("not a day, e.g. 2017-11-27")
    return value


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"-?[0-9]{1,18}")
_DAY_SCHEMA: dict[str, JsonValue] = {
    "anyOf": [
        {"type": "string", "format": "date"},
        {"type": "string", "pattern": r"^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])$"},
        {"type": "string", "pattern": r"^(?!0000)[0-9]{4}$"},
    ]
}
"""The dates of the API. Other common spellings are accepted too, but no pattern describes them all."""

FirstDay = Annotated[date | None, _to_day(first_day), WithJsonSchema(_DAY_SCHEMA)]
LastDay = Annotated[date | None, _to_day(last_day), WithJsonSchema(_DAY_SCHEMA)]
StoodDays = Annotated[
    tuple[date, date] | None,
    BeforeValidator(lambda value: days_of_stay(value) if isinstance(value, str) else value),
    WithJsonSchema({"type": "string"}),
]
RealDay = Annotated[date, Field(ge=date(1900, 1, 1), le=date(9000, 1, 1)), BeforeValidator(_check_day)]
"""A day as programs write it: 2017-11-27."""
PageNumber = Annotated[int, Field(ge=1), BeforeValidator(check_digits)]
PageSize = Annotated[int, Field(ge=1, le=100), BeforeValidator(check_digits)]
Truth = Annotated[bool, BeforeValidator(_check_truth)]


WORD_CHARS_MAX = 100
"""The longest related word."""


class ParameterError(ValueError):
    """Parameters of a request are wrong; ``errors`` has the reason for each, by name."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(": ".join(next(iter(self.errors.items()))))


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

    @classmethod
    def read_known(cls, sent: MultiDict[str, str]) -> Self:
        """Return the parameters *sent* by a form or a link, without unknown, empty and repeated ones.

        Raises:
            ParameterError: some are invalid.
        """
        known = MultiDict[str, str]()
        for name, is_list in cls.names().items():
            values = [value for value in sent.getlist(name) if value.strip()]
            known.setlist(name, values if is_list else values[:1])
        return cls.read(MultiDict((name, value) for name, value in known.items(multi=True)))

    @classmethod
    def read(cls, sent: MultiDict[str, str]) -> Self:
        """Return the parameters *sent* in a query string.

        Raises:
            ParameterError: some are unknown, repeated or invalid.
        """
        values: dict[str, object] = {}
        errors: dict[str, str] = {}
        for name, given in sent.lists():
            is_list = cls.names().get(name)
            if is_list is None:
                errors[name] = "no such parameter"
            elif not is_list and len(given) > 1:
                errors[name] = "must be given only once"
            else:
                values[name] = given if is_list else given[0]
        try:
            params = cls.model_validate(values)
        except ValidationError as error:
            errors |= explain_errors(error)
        if errors:
            raise ParameterError(errors)
        return params


class HasDays(Protocol):
    """Parameters with a first and a last day."""

    from_: date | None
    to: date | None


Ranged = TypeVar("Ranged", bound=HasDays)


def check_order_of_days(params: Ranged) -> Ranged:
    """Refuse a last day before the first."""
    if params.from_ and params.to and params.to < params.from_:
        raise ValueError("to: must not be before the first day")
    return params


Model = TypeVar("Model", bound=BaseModel)
Fields = Mapping[str, Any]
"""The type and the `Field` of each field, by name."""


def with_fields(fields: Fields) -> Callable[[type[Model]], type[Model]]:
    """Return a decorator that adds *fields* to a model."""
    return lambda model: create_model(
        model.__name__, __base__=model, __doc__=model.__doc__, __module__=model.__module__, **fields
    )


def filter_field(one: Filter) -> tuple[Any, Any]:
    """Return the type and the field of the parameter of a filter."""
    free = Annotated[str, Field(min_length=1, max_length=one.chars_max)]
    value: Any = Literal.__getitem__(one.keys) if one.fixed else free
    most = None if one.fixed else VALUES_MAX
    return list[value], Field([], max_length=most, description=one.description, examples=[[one.example]])


class TextParams(Parameters):
    """A query."""

    q: str = Field(
        "",
        max_length=QUERY_CHARS_MAX,
        description="The query, in the query language; any text is valid.",
        examples=["drosibas izaicinajumi"],
    )


@with_fields({one.name: filter_field(one) for one in FILTERS})
class ValueParams(TextParams):
    """A query and the filters by values, a list for each, by its name."""

    def chosen(self, one: Filter) -> list[str]:
        """Return the values that the filter *one* chooses."""
        values: list[str] = getattr(self, one.name)
        return values


class FilterParams(ValueParams):
    """A query and filters."""

    from_: FirstDay = Field(
        None,
        alias="from",
        description="Published on this day or later: 2017-11-27, 2017-11 or 2017. "
        "Dates as people write them (27.11.2017., 27 Nov 2017, yesterday) are read, too.",
        examples=["2017-11-27"],
    )
    to: LastDay = Field(
        None,
        description="Published on this day or earlier; a month or year is included to its end.",
        examples=["2017-12"],
    )
    near: Truth = Field(
        False,
        description="Also what is only near: releases with the more specific part of the query.",
        examples=[True],
    )
    without: list[
        Annotated[str, Field(min_length=1, max_length=WORD_CHARS_MAX), BeforeValidator(_as_in_answers)]
    ] = Field(
        [],
        max_length=VALUES_MAX,
        description="Related words that are not searched, in the form in which an answer names them.",
        examples=[["autobuss"]],
    )
    versions: Truth = Field(
        False,
        description="Search every text that a release ever had; a hit says when it stood, in `stood`.",
        examples=[True],
    )

    during: StoodDays = Field(
        None,
        description="Only texts that stood on their sites then, removed ones too: a day, a month, a year or "
        "a range such as 2020-03..2020-06.",
        examples=["2020-03..2020-06"],
    )

    _check_order = model_validator(mode="after")(check_order_of_days)

    @property
    def filters(self) -> Filters:
        """The filters as the engine takes them."""
        others = Filters(
            published_from=self.from_, published_to=self.to, versions=self.versions, stood=self.during
        )
        return others.choose({one.name: self.chosen(one) for one in FILTERS})

    @property
    def filter_count(self) -> int:
        """The number of filters in use; a range of dates counts once."""
        of_days = bool(self.from_ or self.to) + bool(self.during)
        return sum(len(self.chosen(one)) for one in FILTERS) + of_days


class SearchParams(FilterParams):
    """A search: query, filters, order and page."""

    sort: Literal["relevance", "newest", "oldest"] = Field(
        "relevance", description="The order of the hits.", examples=["newest"]
    )
    page: PageNumber = Field(1, description=f"From 1; pages reach the first {DEPTH_MAX} hits.", examples=[1])
    per_page: PageSize | None = Field(
        None, description="Hits on a page; 10 unless the service is configured otherwise.", examples=[20]
    )
    cursor: str | None = Field(
        None,
        max_length=1000,
        description="Instead of page, to walk all hits: * first, then next_cursor of each answer.",
        examples=["*"],
    )
    histogram: AskedInterval | None = Field(
        None,
        description="Count hits by day, month or year; auto chooses the interval for a readable chart.",
        examples=["month"],
    )
    verbatim: Truth = Field(
        False, description="Search exactly what was typed, without correcting it.", examples=[True]
    )
    explain: Truth = Field(False, description="Explain the score of each hit.", examples=[True])

    @model_validator(mode="after")
    def _check_page(self) -> "SearchParams":
        if (self.page - 1) * (self.per_page or 10) >= DEPTH_MAX:
            raise ValueError(f"page: reaches only the first {DEPTH_MAX} hits; use cursor for more")
        if self.cursor is not None and self.page > 1:
            raise ValueError("page: cannot be combined with cursor")
        return self


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
    "string_too_short": "must not be empty",
    "too_long": "must be at most {max_length} values",
}
"""Messages by pydantic's error types, worded for parameters."""


def _reason(kind: str, message: str, context: dict[str, object]) -> str:
    if kind in _REASONS:
        return _REASONS[kind].format(**context)
    return message.removeprefix("Value error, ").removeprefix("page: ").removeprefix("to: ")
