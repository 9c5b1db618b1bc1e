from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

LINES = ("pensijas", "skolas VAI pensijas", "pensiajs", 'ministrija:"Veselības ministrija"', "ārsti")
PERIODS = {
    "year": 4,
    "quarter": 16,
    "month": 48,
}


def compare(client: FlaskClient, *lines: str, **others: str) -> dict[str, list[dict[str, list[int]]]]:
    query = urlencode(
        [*(("q", line) for line in lines), *((name.rstrip("_"), value) for name, value in others.items())]
    )
    answer = client.get(f"/api/v1/compare?{query}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()  # type: ignore[no-any-return]


def headlines(client: FlaskClient, line: str, periods: list[dict[str, str]]) -> Iterator[int]:
    for period in periods:
        query = urlencode({"q": line, "from": period["from"], "to": period["to"]})
        yield client.get(f"/api/v1/search?{query}").get_json()["total"]


@pytest.mark.parametrize("unit", PERIODS)
@pytest.mark.parametrize("line", LINES)
def test_each_count_is_the_headline_of_the_search_in_that_period(
    compared: FlaskClient, line: str, unit: str
) -> None:
    found = compare(compared, line, by=unit)
    assert len(found["periods"]) == PERIODS[unit]
    counts = found["lines"][0]["counts"]
    assert any(counts)
    assert counts == [*headlines(compared, line, found["periods"])]  # type: ignore[arg-type]
    assert [one["all"] for one in found["periods"]] == [*headlines(compared, "", found["periods"])]  # type: ignore[arg-type]
