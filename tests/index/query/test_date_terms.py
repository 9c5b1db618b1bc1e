from collections.abc import Callable
from datetime import date

import pytest

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.query import parse
from tests.index.conftest import Save

FindTitles = Callable[[str], list[str]]


@pytest.fixture
def find_titles(save: Save, read_only_index: Callable[[], WhooshEngine], analyzer: Analyzer) -> FindTitles:
    """Return a function that finds the titles of releases with all words of a query, or of its time."""
    save("a", title="Diena", body="Sanāksme notiks 2024. gada 14. martā.", published=date(2020, 1, 1))
    save("b", title="Izdota", body="Ziņojums par žogu.", published=date(2024, 3, 14))
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
        ("teksts:14 teksts:martā", ["Cita", "Diena"]),
    ],
)
def test_a_day_matches_every_spelling(find_titles: FindTitles, text: str, titles: list[str]) -> None:
    assert find_titles(text) == titles
