"""The values in use come first, and the rest of a long list is folded."""

from index.query import BY_NAME, Everything, Query
from index.query.filters import SHOWN
from index.results import FacetValue, Results
from searcher.asking import SearchResponse
from searcher.i18n import interfaces
from searcher.search_page.filter_values import FilterValues

INTERFACE = interfaces()["lv"]


def values_of(count: int, chosen: list[str]) -> FilterValues:
    facet = tuple(FacetValue(f"Iestāde {number}", 2_000 - number) for number in range(count))
    results = Results(hits=(), total=0, facets={"ministry": facet})
    answer = SearchResponse(Query(text="", clause=Everything(), reading=""), results)
    return FilterValues.of(answer, BY_NAME["ministry"], chosen, interface=INTERFACE)


def test_a_short_list_is_shown_whole_with_labels_and_grouped_digits() -> None:
    values = values_of(2, [])
    assert [(one.label, one.number) for one in values.shown] == [
        ("Iestāde 0", "2\N{NO-BREAK SPACE}000"),
        ("Iestāde 1", "1\N{NO-BREAK SPACE}999"),
    ]
    assert values.folded == ()


def test_values_in_use_come_first_even_if_nothing_has_them() -> None:
    values = values_of(20, ["Iestāde 15", "Nav tādas"])
    shown = [(one.value, one.is_chosen) for one in values.shown]
    assert shown[:3] == [("Iestāde 15", True), ("Nav tādas", True), ("Iestāde 0", False)]
    assert (len(values.shown), len(values.folded)) == (SHOWN, 21 - SHOWN)


def test_no_value_in_use_is_folded() -> None:
    chosen = [f"Iestāde {number}" for number in range(12)]
    values = values_of(20, chosen)
    assert {one.value for one in values.shown} == set(chosen)


def test_equal_counts_are_in_the_order_of_the_latvian_alphabet() -> None:
    facet = tuple(FacetValue(name, 1) for name in ("Finanses", "Veselība", "Zeme", "Ārlietas", "Čeki"))
    results = Results(hits=(), total=0, facets={"ministry": facet})
    answer = SearchResponse(Query(text="", clause=Everything(), reading=""), results)
    values = FilterValues.of(answer, BY_NAME["ministry"], (), interface=INTERFACE)
    assert [one.value for one in values.shown] == ["Ārlietas", "Čeki", "Finanses", "Veselība", "Zeme"]
