"""An index that was updated answers as one built from the same store at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.store import Release, Store
from index.analysis import Analyzer, default_analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build, read_meta, update
from index.indexing.abbreviations import Definitions, name_key
from index.query import Query, Sort, parse
from index.results import Hit
from index.suggest import did_you_mean
from tests.support.new_store import new_store

pytestmark = [pytest.mark.oracle, pytest.mark.long_sweep]

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
TODAY = date(2026, 3, 1)
# Acronyms and the words that they look like, words with and without diacritics, a name, words of no
# dictionary, English words that Latvian ones resemble, and compounds.
WORDS = (
    "ES", "es", "VID", "vid", "drošības", "drosibas", "drošība", "kadri", "kādri", "pensija", "pensiju",
    "Levits", "levits", "blokķēde", "blokkede", "blokķēžu", "can", "cān", "skola", "skolā", "zinātne",
    "E-skola", "izaicinājumi", "izaicinajumi", "par", "mācības", "macibas",
)  # fmt: skip
QUERIES = (
    *WORDS, "-ES", "-drosibas pensija", "drosibas pensiju", "drosibas VAI kadri", '"drosibas pensija"', "=es",
    "dros*", "*iba", "pens?ja", "kadrs", "blokķēdes", "levitam", "drosiba skola can", "",
)  # fmt: skip
MISTYPED = ("pensjia", "drošbas", "bloķķede", "skolla", "levtis")
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


@dataclass(frozen=True)
class Text:
    """What a release says; texts are few, so that many tie and some are near-duplicates."""

    title: tuple[str, ...]
    body: tuple[str, ...]
    day: int
    language: str
    leader: int
    """The release whose cluster it joins, if there is one with this number."""

    def release(self, name: int) -> Release:
        published = date(2020, 1, self.day) if self.day else None
        return Release(
            url=f"https://iem.example/{name}",
            site="iem",
            ministry=("FM", "IeM")[name % 2],
            language=self.language,  # type: ignore[arg-type]  # drawn from plain strings
            title=" ".join(self.title),
            lead="",
            body=" ".join(self.body),
            contact="",
            published=published,
            published_source="time" if published else "none",
            published_confidence="high" if published else "none",
        )


words = st.sampled_from(WORDS)
texts = st.builds(
    Text,
    title=st.lists(words, min_size=1, max_size=2).map(tuple),
    body=st.lists(words, max_size=5).map(tuple),
    day=st.sampled_from((0, 3, 3, 9)),
    language=st.sampled_from(("lv", "lv", "en")),
    leader=st.sampled_from((0, 1, 99, 99, 99)),
)
Fate = Callable[[Store, int], None]


def hide(store: Store, name: int) -> None:
    store.hide(f"https://iem.example/{name}", seen=SEEN)


def withdraw(store: Store, name: int) -> None:
    if stored := store.find(f"https://iem.example/{name}"):
        store.withdraw(stored.id, seen=SEEN)


def edit(store: Store, name: int) -> None:
    store.save(Text(("mācības",), (), 3, "lv", 99).release(name), seen=SEEN)


def show(store: Store, name: int) -> None:
    if stored := store.find(f"https://iem.example/{name}"):
        store.show(stored.id, seen=SEEN)


@dataclass(frozen=True)
class Change:
    """All releases with ``word`` meet ``fate``, and more are published."""

    word: str
    fate: Fate
    more: tuple[Text, ...]


changes = st.builds(
    Change,
    words,
    st.sampled_from((hide, withdraw, edit, show)),
    st.lists(texts, max_size=3).map(tuple),
)


def save(store: Store, more: Sequence[Text], first: int) -> None:
    for name, text in enumerate(more, first):
        store.save(text.release(name), seen=SEEN)
        stored, leader = (store.find(f"https://iem.example/{one}") for one in (name, text.leader))
        if stored and leader and text.leader < name and leader.cluster == leader.id:
            store.set_cluster(stored.id, leader.id, seen=SEEN)


@dataclass(frozen=True)
class Index:
    """An engine, and what the releases of its index explain."""

    engine: WhooshEngine
    definitions: Definitions


@contextmanager
def histories_of(first: Sequence[Text], then: Sequence[Change]) -> Iterator[tuple[Index, Index]]:
    """Yield the index that followed each of the changes, and a full build of the same store."""
    analyzer = default_analyzer()
    with TemporaryDirectory() as folder, new_store(Path(folder) / "releases.sqlite3") as store:
        published = list(first)
        save(store, published, 0)
        updated, built = Path(folder) / "updated", Path(folder) / "built"
        updated.mkdir()
        built.mkdir()
        definitions = Definitions(build(updated, store, analyzer).definitions)
        for change in then:
            for name, text in enumerate(published):
                if change.word in (*text.title, *text.body):
                    change.fate(store, name)
            save(store, change.more, len(published))
            published += change.more
            since = (read_meta(updated) or {})["number"]
            definitions = definitions.merge(update(updated, store, analyzer, since=since).definitions)
        explained = Definitions(build(built, store, analyzer).definitions)
        yield (
            Index(WhooshEngine(updated, analyzer), definitions),
            Index(WhooshEngine(built, analyzer), explained),
        )


@contextmanager
def updated_and_built(first: Sequence[Text], then: Sequence[Change]) -> Iterator[tuple[WhooshEngine, ...]]:
    """Yield the engines of both."""
    with histories_of(first, then) as (updated, built):
        yield updated.engine, built.engine


def read(text: str, analyzer: Analyzer, sort: Sort = "relevance") -> Query:
    return parse(text, analyzer=analyzer, today=TODAY, sort=sort, per_page=50)


def seen(hits: Sequence[Hit]) -> list[object]:
    return [(hit.id, pytest.approx(hit.score), hit.title.marks, hit.also_published_by) for hit in hits]


def answers(engine: WhooshEngine, text: str, sort: Sort) -> list[object]:
    """Return what a reader sees of a search: hits in order, figures, the hits that follow, the listing."""
    query = read(text, default_analyzer(), sort)
    results = engine.search(query)
    listed = [one.id for one in engine.listing(query).releases()]
    figures = results.total, results.facets, results.widened, results.unaccented, engine.count(query)
    return [seen(results.hits), figures, seen(results.nearest), listed]


def corrections(engine: WhooshEngine, word: str) -> list[object]:
    """Return what the words of the index say about a word."""
    suggester, analyzer = engine.suggester(), default_analyzer()
    meant = did_you_mean(word, suggester, lambda text: engine.count(read(text, analyzer)))
    return [
        suggester.knows(word),
        suggester.spell(word),
        suggester.correct(word),
        suggester.correct_stem(word),
        suggester.family(word),
        meant,
    ]


thorough = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
histories = {
    "first": st.lists(texts, min_size=1, max_size=12),
    "then": st.lists(changes, min_size=1, max_size=3),
}


def said(*said_words: str) -> Text:
    return Text(said_words, (), 3, "lv", 99)


# The only release with the acronym is hidden: `es` then means the pronoun again.
WITH_ACRONYM, HIDDEN_ACRONYM = [said("ES"), said("es", "skola"), said("es")], [Change("ES", hide, ())]


@thorough
@given(**histories, asked=st.lists(st.sampled_from(QUERIES), min_size=3, max_size=6))
@example(first=WITH_ACRONYM, then=HIDDEN_ACRONYM, asked=["ES", "-ES"])
def test_an_updated_index_answers_as_a_full_build(
    first: list[Text], then: list[Change], asked: list[str]
) -> None:
    with updated_and_built(first, then) as (updated, built):
        for text, sort in product(asked, SORTS):
            assert answers(updated, text, sort) == answers(built, text, sort), (text, sort)
        assert updated.coverage() == built.coverage()


@thorough
@given(**histories, typed=st.lists(words | st.sampled_from(MISTYPED), min_size=4, max_size=8))
def test_an_updated_index_corrects_as_a_full_build(
    first: list[Text], then: list[Change], typed: list[str]
) -> None:
    with updated_and_built(first, then) as (updated, built):
        for word in typed:
            assert corrections(updated, word) == corrections(built, word), word


@thorough
@given(**histories)
def test_an_updated_index_finds_the_similar_releases_of_a_full_build(
    first: list[Text], then: list[Change]
) -> None:
    with updated_and_built(first, then) as (updated, built):
        for id_ in sorted(built.ids()):
            assert seen(updated.similar(id_)) == seen(built.similar(id_)), id_


def count_as_offered(engine: WhooshEngine, text: str) -> int:
    """Return how many releases match *text*; if none, how many have it letter by letter.

    In a title of *es* and *VID*, the pronoun is meant; a query takes it for the ES if that is in the index.
    """
    read_texts = (read(typed, default_analyzer()) for typed in (text, f'="{text}"'))
    return next(filter(None, map(engine.count, read_texts)), 0)


@thorough
@given(**histories, typed=st.sampled_from(("es", "dro", "drosibas p", "pens", "sko", "ma", "le", "blo")))
def test_no_completion_of_an_updated_index_is_of_deleted_releases_alone(
    first: list[Text], then: list[Change], typed: str
) -> None:
    with updated_and_built(first, then) as (updated, _):
        offered = updated.completer().complete(typed)
        found = {one.text: count_as_offered(updated, one.text) for one in offered if not one.filter}
        assert all(found.values()), found


explanations = st.sampled_from(
    ("Valsts ieņēmumu dienests (VID)", "Vides inspekcijas dienests (VID)", "Valsts zemes dienests (VZD)")
)
explaining = st.builds(
    Text,
    title=st.just(("ziņa",)),
    body=st.lists(explanations | words, max_size=3).map(tuple),
    day=st.just(3),
    language=st.just("lv"),
    leader=st.just(99),
)


def counted(definitions: Definitions) -> dict[tuple[str, str], int]:
    return {(one.short, name_key(one.long)): one.releases for one in definitions.all}


@thorough
@given(
    first=st.lists(explaining, min_size=1, max_size=8),
    then=st.lists(
        st.builds(
            Change,
            explanations | words,
            st.sampled_from((hide, withdraw, edit, show)),
            st.lists(explaining, max_size=2).map(tuple),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_updates_count_the_releases_that_explain_an_abbreviation_as_a_full_build(
    first: list[Text], then: list[Change]
) -> None:
    with histories_of(first, then) as (updated, built):
        assert counted(updated.definitions) == counted(built.definitions)
