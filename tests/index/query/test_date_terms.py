from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.query import AllOf, AnyOf, Clause, Phrase, Word, parse
from index.query.date_terms import date_range_clause, join_days
from preses_relizes.shared.calendar import LATVIAN_MONTHS
from tests.index.conftest import Save

FindTitles = Callable[[str], list[str]]


@pytest.fixture
def find_titles(save: Save, read_only_index: Callable[[], WhooshEngine], analyzer: Analyzer) -> FindTitles:
    """Return a function that finds the titles of releases with all words of a query, or of its time."""
    save("a", title="Diena", body="Sanāksme notiks 2024. gada 14. martā.", published=date(2020, 1, 1))
    save("b", title="Izdota", body="Ziņojums par žogu.", published=date(2024, 3, 14))
    save("d", title="Agrāk", body="2006. gada 9. maijā stājās spēkā.", published=date(2023, 8, 26))
    save("e", title="Drīz", body="Tirgus notiks 9. maijā.", published=date(2023, 4, 26))
    save("f", title="Citā gadā", body="Svētki būs arī 2023. gadā.", published=date(2022, 5, 9))
    save("g", title="Angliski", body="The fair opens on 9 May 2023.", published=date(2022, 4, 9))
    save("c", title="Cita", body="Martā ieradās 14 viesi, 2024 vēstules.", published=date(2019, 5, 5))
    engine = read_only_index()

    def titles(text: str) -> list[str]:
        query = parse(text, analyzer=analyzer, today=date(2026, 11, 25))
        results = engine.search(query)
        if results.widened and not query.time:
            return []
        hits = (*results.hits, *results.nearest) if query.time else results.hits
        return sorted(hit.title.text for hit in hits)

    return titles


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("14. martā", ["Diena", "Izdota"]),
        ("14.marts", ["Diena", "Izdota"]),
        ("2024. gada 14. martā", ["Diena", "Izdota"]),
        ("2024. gada martā", ["Cita", "Diena", "Izdota"]),
        ("14.03.2024", ["Diena", "Izdota"]),
        ("14.3.2024.", ["Diena", "Izdota"]),
        ("2024-03-14", ["Diena", "Izdota"]),
        ("15. martā", []),
        ("žogs 14. martā", ["Izdota"]),
        ("žogs 14/03/2024", ["Izdota"]),
        ("žogs 14.3.24", ["Izdota"]),
        ("žogs 14.03.", ["Izdota"]),
        ("viesi 5.2019", ["Cita"]),
        ("viesi 5.2020", []),
        ("41 martā", []),
        ("32 martā", []),
        ("teksts:14 teksts:martā", ["Cita", "Diena"]),
        ("9. maijs 2023", ["Angliski", "Drīz"]),
        ("9 May 2023", ["Angliski", "Drīz"]),
        ("2006. gada 9. maijs", ["Agrāk"]),
    ],
)
def test_a_day_matches_every_spelling(find_titles: FindTitles, text: str, titles: list[str]) -> None:
    assert find_titles(text) == titles


@pytest.mark.parametrize(("day", "is_day"), [("0", False), ("1", True), ("31", True), ("32", False)])
def test_only_a_number_of_a_day_belongs_to_a_month(day: str, is_day: bool) -> None:
    words = [Word(text=day, exact=(day,)), Word(text="martā", lemma=("marts",))]
    assert [*join_days(words)] == ([Phrase(words=tuple(words))] if is_day else words)


def matches_day(clause: Clause, day: date) -> bool:
    """Return whether a release published on *day* matches, by the terms that every release has of its day."""
    match clause:
        case AllOf(clauses):
            return all(matches_day(one, day) for one in clauses)
        case AnyOf(clauses):
            return any(matches_day(one, day) for one in clauses)
        case Word(lemma=lemmas):
            terms = {f"{day:%d.%m.%Y}", str(day.year), LATVIAN_MONTHS[day.month - 1]}
            return not terms.isdisjoint(lemmas)
    raise TypeError(clause)


@given(
    first=st.dates(date(2019, 1, 1), date(2026, 1, 1)),
    count=st.integers(1, 32) | st.integers(330, 370) | st.integers(1, 1500),
)
def test_a_time_matches_its_days_and_of_others_only_those_beside_them(first: date, count: int) -> None:
    last = first + timedelta(count - 1)
    clause = date_range_clause(first, last)
    for number in range(-366, count + 366):
        day = first + timedelta(number)
        if matches_day(clause, day) != (first <= day <= last):
            # A long time is searched by months, a longer one by years.
            assert not first <= day <= last
            ends = (first.year, last.year) if count > 366 - 31 else ()
            assert count > 31
            assert day.year in ends or (day.year, day.month) in (
                (first.year, first.month),
                (last.year, last.month),
            )
