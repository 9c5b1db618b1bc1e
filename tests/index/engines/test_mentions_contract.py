"""The contract of every engine for what texts mention: filters, facets, updates that equal a whole build."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines import Engine, IndexBuilder, ServingEngine
from index.query import Everything, Filters, Query
from index.register import NAMES_FILE, MentionReader, record_mentions
from index.results import Results
from tests.support.registered import BUDGET, HIDDEN, LATER, MINISTER, OFFICIAL, SEEN, VICTIM

ACT = "MK 2017-03-28 171"
FIELDS = ("person", "mentions", "act", "place")
Counts = dict[str, list[tuple[str, int]]]


def search(engine: Engine, filters: Filters = Filters()) -> Results:  # noqa: B008  # it is frozen
    return engine.search(Query(text="", clause=Everything(), reading="", per_page=100, filters=filters))


def titles(engine: Engine, **chosen: tuple[str, ...]) -> list[str]:
    return sorted(hit.title.text for hit in search(engine, Filters(**chosen)).hits)  # type: ignore[arg-type]  # as the test gives them


def counts(results: Results) -> Counts:
    return {name: [(value.value, value.count) for value in results.facets[name]] for name in FIELDS}


@pytest.fixture
def saved(store: Store) -> Store:
    """A store of the releases, of which one is hidden."""
    for release in (BUDGET, LATER, VICTIM, HIDDEN):
        store.save(release, seen=SEEN)
    store.hide(HIDDEN.url, seen=SEEN)
    return store


@pytest.fixture
def rebuild(builder: IndexBuilder, serving: ServingEngine, analyzer: Analyzer) -> Callable[[Store], Engine]:
    """Index a store as a whole, and return what a server searches."""

    def build(store: Store) -> Engine:
        with builder.draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            draft.publish()
        return serving

    return build


def test_facets_count_what_releases_mention(saved: Store, rebuild: Callable[[Store], Engine]) -> None:
    found = counts(search(rebuild(saved)))
    assert found["person"] == [(MINISTER, 2), (OFFICIAL, 1)]
    assert found["act"] == [(ACT, 1)]
    assert found["place"] == [("Kuldīga", 1)]
    assert "Valsts ugunsdzēsības un glābšanas dienests" in dict(found["mentions"])


def test_filters_narrow_to_what_releases_mention(saved: Store, rebuild: Callable[[Store], Engine]) -> None:
    engine = rebuild(saved)
    every = sorted(one.title for one in (BUDGET, LATER, VICTIM))
    for chosen, expected in (
        ({}, every),
        ({"persons": (MINISTER,)}, sorted((BUDGET.title, LATER.title))),
        ({"persons": (OFFICIAL, "Nav Tāda")}, [BUDGET.title]),
        ({"persons": ("Valdis Nelaimīgs",)}, []),
        ({"bodies": ("Valsts ugunsdzēsības un glābšanas dienests",)}, [BUDGET.title]),
        ({"acts": (ACT,)}, [BUDGET.title]),
        ({"places": ("Kuldīga",)}, [BUDGET.title]),  # one names it in its title alone
        ({"places": ("Kuldīga",), "persons": (MINISTER,)}, [BUDGET.title]),
    ):
        assert titles(engine, **chosen) == expected, chosen


def test_each_of_these_facets_ignores_its_own_filter(
    saved: Store, rebuild: Callable[[Store], Engine]
) -> None:
    results = search(rebuild(saved), Filters(persons=(OFFICIAL,)))
    assert counts(results)["person"] == [(MINISTER, 2), (OFFICIAL, 1)]
    assert counts(results)["place"] == [("Kuldīga", 1)]


@pytest.mark.parametrize("is_recorded", [True, False], ids=["register first", "index first"])
def test_an_update_has_the_values_of_a_whole_build(
    store: Store,
    builder: IndexBuilder,
    rebuild: Callable[[Store], Engine],
    analyzer: Analyzer,
    is_recorded: bool,
) -> None:
    for release in (BUDGET, HIDDEN):
        store.save(release, seen=SEEN)
    engine = rebuild(store)
    for release in (LATER, VICTIM):
        store.save(release, seen=SEEN)
    store.hide(HIDDEN.url, seen=SEEN)
    if is_recorded:
        record_mentions(store, MentionReader.beside(store.path, analyzer))
    builder.update(store, analyzer, on_progress=lambda _: None, approve=lambda _: None)
    updated = counts(search(engine))
    assert updated == counts(search(rebuild(store)))
    assert updated["person"] == [(MINISTER, 2), (OFFICIAL, 1)]


@pytest.mark.parametrize(
    ("names", "persons"),
    [
        (f'hide = ["{MINISTER}"]', [(OFFICIAL, 1)]),
        (
            f'[[same]]\nname = "Agra Lepzare-Kalve"\nalso = ["{MINISTER}"]',
            [("Agra Lepzare-Kalve", 2), (OFFICIAL, 1)],
        ),
        (f'[[same]]\nname = "{MINISTER}"\nalso = ["{OFFICIAL}"]', [(MINISTER, 2)]),
    ],
    ids=["hidden", "renamed", "merged"],
)
def test_a_build_lists_persons_as_the_file_of_names_says(
    saved: Store,
    rebuild: Callable[[Store], Engine],
    analyzer: Analyzer,
    names: str,
    persons: list[tuple[str, int]],
) -> None:
    record_mentions(saved, MentionReader.beside(saved.path, analyzer))
    Path(saved.path).with_name(NAMES_FILE).write_text(names, encoding="utf-8")
    assert counts(search(rebuild(saved)))["person"] == persons
