import re
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from pydantic import Field, ValidationError
from werkzeug.datastructures import MultiDict

from index.query import BY_NAME, Filters
from preses_relizes.shared.calendar import today
from searcher.params import (
    FilterParams,
    ParameterError,
    Parameters,
    SearchParams,
    explain_errors,
    first_day,
    last_day,
)

TOO_FAR = "reaches only the first 1000 hits; use cursor for more"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017-11-27", date(2017, 11, 27), date(2017, 11, 27)),
        ("27.11.2017.", date(2017, 11, 27), date(2017, 11, 27)),
        ("27 11 2017", date(2017, 11, 27), date(2017, 11, 27)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
    ],
)
def test_a_date_covers_all_its_days(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["nekad", "31.02.2017", "0000", "2017-13", "99999-01-01"])
def test_other_text_is_refused_as_a_date(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        first_day(text)


@pytest.mark.parametrize(
    ("sent", "name", "reason"),
    [
        ({"page": "0"}, "page", "must be 1 or more"),
        ({"q": "x" * 20_001}, "q", "must be at most 20000 characters"),
        ({"page": "1e9"}, "page", "not a whole number"),
        (
            {"page": "1000000000"},
            "page",
            TOO_FAR,
        ),
        *(
            (
                {"page": page, "per_page": size},
                "page",
                TOO_FAR,
            )
            for page, size in (("101", "10"), ("11", "100"), ("1001", "1"))
        ),
        ({"page": "101"}, "page", TOO_FAR),
        ({"per_page": "101"}, "per_page", "must be 100 or less"),
        ({"from": "nekad"}, "from", "not a date, e.g. 2017-11-27"),
        ({"sort": "best"}, "sort", "must be 'relevance', 'newest' or 'oldest'"),
        ({"language": ["de"]}, "language", "must be 'lv', 'en' or 'ru'"),
        ({"language": ["LV"]}, "language", "must be 'lv', 'en' or 'ru'"),
        ({"has": ["photo"]}, "has", "must be 'attachment', 'edited' or 'gone'"),
        *(
            ({"histogram": text}, "histogram", "must be 'auto', 'day', 'month', 'quarter' or 'year'")
            for text in ("week", "", "Day")
        ),
        ({"colour": "red"}, "colour", "no such parameter"),
        ({"ministry": ["x"] * 51}, "ministry", "must be at most 50 values"),
        ({"explain": "perhaps"}, "explain", "must be true or false"),
        *(({"explain": text}, "explain", "must be true or false") for text in ("1", "yes", "on", "True", "")),
        ({"page": "1.0"}, "page", "not a whole number"),
        ({"per_page": "+1"}, "per_page", "not a whole number"),
        ({"ministry": [""]}, "ministry", "must not be empty"),
        ({"ministry": ["x" * 501]}, "ministry", "must be at most 500 characters"),
        *(({"verbatim": text}, "verbatim", "must be true or false") for text in ("1", "yes", "False", "")),
        *(({name: "-1"}, name, "must be 1 or more") for name in ("page", "per_page")),
        ({"page": "9" * 18}, "page", TOO_FAR),
        *(
            ({"page": text}, "page", "not a whole number")
            for text in ("9" * 19, "", " 1", "1 ", "--1", "1_0")
        ),
        ({"from": "2018", "to": "2017"}, "to", "must not be before the first day"),
        ({"from": "2017-11-28", "to": "2017-11-27"}, "to", "must not be before the first day"),
    ],
)
def test_an_invalid_parameter_has_a_reason(sent: dict[str, object], name: str, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SearchParams.model_validate(sent)
    assert explain_errors(caught.value) == {name: reason}


def test_a_day_relative_to_today_is_a_date() -> None:
    assert (first_day("vakar"), last_day("šodien")) == (today() - timedelta(1), today())


# --- Limits ---

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1.2.2017", "2017-02-01", "2017-02-01"),
        ("01/02/2017", "2017-02-01", "2017-02-01"),
        ("1. 2. 2017.", "2017-02-01", "2017-02-01"),
        ("2017-1-5", "2017-01-05", "2017-01-05"),
        ("2017-01-05.", "2017-01-05", "2017-01-05"),
        (" 2017. ", "2017-01-01", "2017-12-31"),
        ("2017-12", "2017-12-01", "2017-12-31"),
        ("2017-1", "2017-01-01", "2017-01-31"),
        ("2017-04", "2017-04-01", "2017-04-30"),
        ("2017-02", "2017-02-01", "2017-02-28"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        # Dates as the English page shows them, and as people write them.
        *(
            (f"1 {name[:letters]} 2017", f"2017-{number:02}-01", f"2017-{number:02}-01")
            for number, name in enumerate(MONTHS, 1)
            for letters in (3, len(name))
        ),
        ("27 nov 2017", "2017-11-27", "2017-11-27"),
        # Dates as people say them: parameters are read like the dates of queries.
        ("27-11-2017", "2017-11-27", "2017-11-27"),
        ("1.2.17", "2017-02-01", "2017-02-01"),
        ("May 2017", "2017-05-01", "2017-05-31"),
        ("2017. gada vasarā", "2017-06-01", "2017-08-31"),
        ("2015–2017", "2015-01-01", "2017-12-31"),
        ("27  NOVEMBER  2017", "2017-11-27", "2017-11-27"),
    ],
)
def test_a_date_has_many_formats(text: str, first: str, last: str) -> None:
    assert (first_day(text).isoformat(), last_day(text).isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "17", "201", "1.2.20170", "111.2.2017", "2017-111", "2017-11-277", "2017--5", "2017-11-00",
     "2017-00", "2017-11-31", "2017-11-27x", "x2017", "2017..",
     "1.2.2017..", "29.2.2017", "1 Foo 2017", "31 Feb 2017", "111 May 2017", "1 Ma 2017", "1 May 17",
     "1 Septembers 2017", "1 Septemberer 2017", "1 May 201", "201711", "20175"],
)  # fmt: skip
def test_a_malformed_date_is_refused(text: str) -> None:
    for read in (first_day, last_day):
        with pytest.raises(ValueError, match=r"^not a date, e\.g\. 2017-11-27$"):
            read(text)


@pytest.mark.parametrize(
    "values",
    [
        {"page": "100"},
        {"page": "10", "per_page": "100"},
        {"page": "1000", "per_page": "1"},
        {"from": "2017-11-28", "to": "2017-11-28"},
        {"from": "2017", "to": "2017-01"},
    ],
)
def test_the_last_page_and_a_period_of_one_day_are_accepted(values: dict[str, str]) -> None:
    assert SearchParams.read(MultiDict(values)).model_fields_set


def test_the_defaults_search_everything_from_page_1() -> None:
    params = SearchParams()
    assert params.filters == Filters()
    assert (params.q, params.sort, params.page, params.per_page) == ("", "relevance", 1, None)
    assert (params.cursor, params.histogram, params.explain, params.verbatim) == (None, None, False, False)


def test_all_filters_reach_the_engine() -> None:
    sent = {
        "ministry": ["A", "B"],
        "category": ["NATO"],
        "language": ["lv", "ru"],
        "has": ["attachment", "gone"],
        "from": "2017-02",
        "to": "2018-02",
    }
    assert SearchParams.model_validate(sent).filters == Filters(
        ministries=("A", "B"),
        categories=("NATO",),
        languages=("lv", "ru"),
        traits=("attachment", "gone"),
        published_from=date(2017, 2, 1),
        published_to=date(2018, 2, 28),
    )


def test_a_date_object_is_accepted() -> None:
    params = SearchParams(from_=date(2017, 2, 3), to=None)
    assert (params.filters.published_from, params.filters.published_to) == (date(2017, 2, 3), None)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("sent", ["", " ", " \t"])
def test_a_blank_date_is_refused(name: str, sent: str) -> None:
    with pytest.raises(ValidationError, match="not a date"):
        SearchParams.model_validate({name: sent})


@pytest.mark.parametrize(
    "sent",
    [
        {"q": "x" * 20_000},
        {"ministry": ["x"] * 50},
        {"page": "100"},
        {"page": "10", "per_page": "100"},
        {"page": "1000", "per_page": "1"},
        {"page": "20", "per_page": "50"},
        {"page": "34", "per_page": "30"},
        {"per_page": "1"},
        {"per_page": "100"},
        {"page": "1", "cursor": "*"},
        {"cursor": "x" * 1000},
        {"language": ["lv", "en", "ru"]},
        *({"sort": sort} for sort in ("relevance", "newest", "oldest")),
        *({"histogram": interval} for interval in ("day", "month", "year", "auto")),
        *({name: text} for name in ("explain", "verbatim") for text in ("true", "false")),
        {"ministry": ["x" * 500]},
        {"has": ["attachment", "edited", "gone"]},
        {"from": "2017-11-27", "to": "2017-11-27"},
    ],
)
def test_values_within_the_limits_are_accepted(sent: dict[str, object]) -> None:
    dumped = SearchParams.model_validate(sent).model_dump(by_alias=True)
    assert {
        name: str(dumped[name]).lower() if isinstance(dumped[name], bool) else str(dumped[name])
        for name in sent
    } == {name: str(value) for name, value in sent.items()}


DEEP = TOO_FAR


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"page": "101"}, {"page": DEEP}),
        ({"page": "11", "per_page": "100"}, {"page": DEEP}),
        ({"page": "1001", "per_page": "1"}, {"page": DEEP}),
        ({"page": "35", "per_page": "30"}, {"page": DEEP}),
        ({"page": "2", "cursor": "*"}, {"page": "cannot be combined with cursor"}),
        ({"page": "2", "cursor": ""}, {"page": "cannot be combined with cursor"}),
        ({"per_page": "0"}, {"per_page": "must be 1 or more"}),
        ({"cursor": "x" * 1001}, {"cursor": "must be at most 1000 characters"}),
        ({"to": "x"}, {"to": "not a date, e.g. 2017-11-27"}),
        ({"page": "x", "per_page": "0"}, {"page": "not a whole number", "per_page": "must be 1 or more"}),
        ({"language": ["de", "lv", "fr"]}, {"language": "must be 'lv', 'en' or 'ru'"}),
        ({"a": "1", "b": "2"}, {"a": "no such parameter", "b": "no such parameter"}),
    ],
)
def test_each_invalid_parameter_is_reported(sent: dict[str, object], errors: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        SearchParams.model_validate(sent)
    assert explain_errors(caught.value) == errors


def test_the_schema_is_built_once() -> None:
    assert SearchParams.model_json_schema() is SearchParams.model_json_schema()
    assert "from" in SearchParams.model_json_schema()["properties"]
    assert Parameters.model_json_schema() is not SearchParams.model_json_schema()


def is_in_schema(name: str, text: str) -> bool:
    """Return whether a value matches one of the patterns of a parameter in the schema."""
    kinds = SearchParams.model_json_schema()["properties"][name]["anyOf"]
    return any("pattern" in kind and re.search(kind["pattern"], text) for kind in kinds)


@pytest.mark.parametrize("name", ["from", "to"])
def test_months_and_years_of_the_schema_are_those_that_are_read(name: str) -> None:
    texts = [f"{year:04}" for year in (0, 1, 999, 2019, 9999)]
    texts += [f"{text}-{month:02}" for text in texts for month in (0, 1, 9, 10, 11, 12, 13, 20)]
    texts += ["19", "20199", "2019-1", "2019-011", "x2019", "2019-01x"]
    read_as_such = re.compile(r"\d{4}(-\d{2})?")
    for text in texts:
        assert is_in_schema(name, text) is (is_date(text) and read_as_such.fullmatch(text) is not None), text


def is_date(text: str) -> bool:
    try:
        return first_day(text) <= last_day(text)
    except ValueError:
        return False


def test_names_are_as_in_the_query_string() -> None:
    names = SearchParams.names()
    assert [name for name, is_list in names.items() if is_list] == [*BY_NAME, "without"]
    assert [name for name, is_list in names.items() if not is_list] == [
        "q", "from", "to", "near", "versions", "during", "sort", "page", "per_page", "cursor",
        "histogram", "verbatim", "explain",
    ]  # fmt: skip
    assert SearchParams.names() is names
    assert Parameters.names() == {}


class Bounded(Parameters):
    numbers: list[Annotated[int, Field(ge=1, le=9)]] = Field([])


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (["0", "10", "x"], "must be 1 or more"),
        (["1", "10", "0"], "must be 9 or less"),
        (["x", "0"], "not a whole number"),
    ],
)
def test_only_the_first_error_of_a_parameter_is_reported(sent: list[str], reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Bounded.model_validate({"numbers": sent})
    assert explain_errors(caught.value) == {"numbers": reason}


DAYS = (
    *("0000", "0001", "0001-01-01", "9999", "9999-12", "9999-12-31", "31.12.9999", "10000-01-01", "2019-00"),
    *(
        "2019-13",
        "2019-02-29",
        "2020-02-29",
        "30.02.2019",
        "2019-W01",
        "2019-W53-7",
        "2019-366",
        "-1",
        "99",
        " ",
    ),
    *(
        "1 Jan 0001",
        "31 Dec 9999",
        "1 Foo 2019",
        "32 Jan 2019",
        "²019",
        "２０１９",
        "٢٠١٩-١٢",
        "2019-1-1T00:00",
    ),
)


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("path", ["/", "/en/", "/api/v1/search"])
def test_an_extreme_date_is_read_or_refused(client: FlaskClient, path: str, name: str) -> None:
    statuses = {day: client.get(path, query_string={name: day}).status_code for day in DAYS}
    assert {*statuses.values()} == {200, 400}
    valid = {"0001", "9999", "9999-12", "9999-12-31", "2020-02-29", "31.12.9999", "1 Jan 0001", "31 Dec 9999"}
    assert {day for day in valid if statuses[day] != 200} == set()
    assert {day for day in ("0000", "2019-13", "2019-W01", "1 Foo 2019") if statuses[day] != 400} == set()


def read(query: str) -> SearchParams:
    return SearchParams.read(MultiDict(parse_qsl(query, keep_blank_values=True)))


def test_a_query_string_is_read() -> None:
    params = read("q=a&ministry=B&ministry=C&from=2019&explain=true")
    assert (params.q, params.ministry, params.from_) == ("a", ["B", "C"], date(2019, 1, 1))


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("q=a&q=b", {"q": "must be given only once"}),
        ("to=&to=", {"to": "must be given only once"}),
        ("from_=2019", {"from_": "no such parameter"}),
        (
            "zz=1&q=a&q=b&page=0",
            {"zz": "no such parameter", "q": "must be given only once", "page": "must be 1 or more"},
        ),
    ],
)
def test_each_error_of_a_query_string_is_reported(query: str, errors: dict[str, str]) -> None:
    with pytest.raises(ParameterError) as caught:
        read(query)
    assert caught.value.errors == errors
    assert str(caught.value) == ": ".join(next(iter(errors.items())))


def test_a_related_word_is_read_as_answers_name_it() -> None:
    read = FilterParams.read(MultiDict([("without", "  Patve\u0304rums "), ("without", "a  B")]))
    assert read.without == ["patvērums", "a b"]
    with pytest.raises(ParameterError, match="must not be empty"):
        FilterParams.read(MultiDict([("without", " ")]))
