"""A search through time finds what stood on the sites when, as noted step by step.

The property test tells some stories; `python -m tests.index.engines.test_through_time` asks 5,000 queries.
"""

import random
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.store import Store
from index.analysis import default_analyzer
from index.analysis.latvian.hunspell import DICTIONARY
from index.engines import IndexBuilder, ServingEngine
from index.engines.whoosh import LiveEngine, WhooshBuilder
from index.query import Query, parse
from index.results import Appearance, Hit
from preses_relizes.shared.calendar import riga_day
from tests.support.new_store import new_store
from tests.support.stored_release import DAY
from tests.support.time_oracle import Matcher, Run, Story, minute, random_query, words_of

TODAY = date(2026, 12, 1)


def read(text: str) -> Query:
    return parse(text, analyzer=default_analyzer(), today=TODAY)


def random_search(rng: random.Random) -> tuple[str, Matcher, tuple[date, date] | None]:
    text, matches = random_query(rng)
    if rng.random() < 0.4:
        return f"versijas: {text}", matches, None
    first = riga_day(DAY) + timedelta(days=rng.randint(-70, 90))
    last = first + timedelta(days=rng.choice((0, 3, 40)))
    return f"laikā:{first}..{last} {text}", matches, (first, last)


def expected(story: Story, matches: Matcher, days: tuple[date, date] | None) -> list[tuple[str, Run]]:
    return [
        (id_, run)
        for id_, run in story.shown()
        if matches(words_of(run.release)) and (days is None or run.stood(*days))
    ]


def check_search(story: Story, engine: ServingEngine, rng: random.Random) -> None:
    text, matches, days = random_search(rng)
    query, found = read(text), expected(story, matches, days)
    assert engine.count(query) == len({id_ for id_, _ in found}), text
    results = engine.search(query)
    if found:
        assert results.total == len({id_ for id_, _ in found}), text
        assert {hit.id for hit in results.hits} == {id_ for id_, _ in found}, text
        shown = {release.id for release in engine.listing(query).releases()}
        assert shown == {id_ for id_, _ in found}, text
        ministries = {id_: run.release.ministry for id_, run in found}
        facet = {value.value: value.count for value in results.facets["ministry"]}
        assert facet == Counter(story.store.get(id_).release.ministry for id_ in ministries), text  # type: ignore[union-attr]  # shown
        for hit in results.hits:
            check_hit(hit, [run for id_, run in found if id_ == hit.id])
    check_appearance(engine.appearance(query), found)


def check_hit(hit: Hit, runs: list[Run]) -> None:
    assert hit.stood
    assert hit.version is not None
    assert min(stay.since for stay in hit.stood) == min(run.since for run in runs)
    ends = [stay.until for stay in hit.stood]
    assert (None in ends) is any(run.until is None for run in runs)
    assert all(any(passage.marks for passage in (hit.title, *hit.passages)) for _ in runs[:1])


def check_appearance(found: Appearance, runs: list[tuple[str, Run]]) -> None:
    assert found.releases == len({id_ for id_, _ in runs})
    assert found.standing == len({id_ for id_, run in runs if run.until is None})
    if not runs:
        assert (found.first, found.last) == (None, None)
        return
    assert found.first is not None
    assert found.last is not None
    [first], [last] = found.first.stood, found.last.stood
    begin = min(minute(run.begin) for _, run in runs)
    assert begin in {minute(run.begin) for _, run in runs if run.since == first.since}
    if found.standing:
        assert last.until is None
    else:
        end = max(minute(run.until) for _, run in runs if run.until)
        assert last.until
        assert minute(last.until) == end


def build(builder: IndexBuilder, store: Store) -> None:
    with builder.draft(default_analyzer()) as draft:
        draft.build(store, on_progress=lambda _: None)
        draft.publish()


def answer(engine: ServingEngine, query: Query) -> tuple[object, ...]:
    found = engine.search(query)
    hits = [(hit.id, hit.version, hit.stood, round(hit.score, 6)) for hit in found.hits]
    return hits, found.total, found.facets, engine.appearance(query).first


def tell(builder: IndexBuilder, serving: ServingEngine, folder: Path, seed: int, *, queries: int) -> None:
    """Tell a story, and search after each part of it; at last, compare the index with one made anew."""
    rng = random.Random(seed)
    with new_store(folder / "releases.sqlite3") as store:
        story, analyzer = Story(store, rng), default_analyzer()
        for part in range(3):
            for _ in range(rng.randint(6, 14)):
                story.go_on()
            if part == 0:
                build(builder, store)
            else:
                builder.update(store, analyzer, on_progress=lambda _: None, approve=lambda _: None)
            for _ in range(queries):
                check_search(story, serving, rng)
        asked = [read(random_search(rng)[0]) for _ in range(queries)]
        updated = [answer(serving, query) for query in asked]
        build(builder, store)
        assert [answer(serving, query) for query in asked] == updated


def test_a_search_through_time_agrees_with_what_was_noted(
    builder: IndexBuilder, serving: ServingEngine, tmp_path: Path
) -> None:
    for seed in range(4):
        tell(builder, serving, tmp_path / str(seed), seed, queries=8)


if __name__ == "__main__":
    asked, seed = 0, int(sys.argv[2]) if len(sys.argv) > 2 else 0
    while asked < int(sys.argv[1] if len(sys.argv) > 1 else 5_000):
        with TemporaryDirectory() as name:
            root = Path(name) / "index"
            tell(
                WhooshBuilder(root, dictionary=DICTIONARY, processes=1),
                LiveEngine(root),
                Path(name),
                seed,
                queries=25,
            )
        asked, seed = asked + 75, seed + 1
    print(f"{asked} queries agree")
