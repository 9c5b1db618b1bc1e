from datetime import date

import pytest
from pydantic import ValidationError

from searcher.params import SearchParams, first_day, last_day, problems


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
def test_a_date_means_all_its_days(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["vakar", "31.02.2017", "0000", "2017-13", "99999-01-01"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        first_day(text)


@pytest.mark.parametrize(
    ("sent", "name", "reason"),
    [
        ({"page": "0"}, "page", "must be 1 or more"),
        ({"q": "x" * 20_001}, "q", "must be 20000 letters or less"),
        ({"page": "1e9"}, "page", "not a whole number"),
        (
            {"page": "1000000000"},
            "page",
            "only for the first 1000 hits; for more use cursor",
        ),
        ({"per_page": "101"}, "per_page", "must be 100 or less"),
        ({"from": "vakar"}, "from", "not a date, e.g. 2017-11-27"),
        ({"sort": "best"}, "sort", "must be 'relevance', 'newest' or 'oldest'"),
        ({"language": ["de"]}, "language", "must be 'lv', 'en' or 'ru'"),
        ({"colour": "red"}, "colour", "no such parameter"),
        ({"ministry": ["x"] * 51}, "ministry", "must be 50 or fewer"),
        ({"explain": "perhaps"}, "explain", "must be true or false"),
    ],
)
def test_a_wrong_parameter_is_named(sent: dict[str, object], name: str, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SearchParams.model_validate(sent)
    assert problems(caught.value) == {name: reason}


def test_empty_dates_of_a_form_filter_nothing() -> None:
    assert SearchParams.model_validate({"from": "", "to": ""}).filters.published_from is None
