from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.meaning import RelatedWords
from index.query import Query, Synonyms, Word, parse
from index.results import Results
from index.search.match_offsets import leaves
from tests.index.conftest import Save

TODAY = date(2026, 11, 25)
CONCEPTS = """
bēglis, patvēruma meklētājs, patvērums | refugee, asylum seeker | беженец
izmitināšana, uzņemšana | reception | приём
ES, Eiropas Savienība | EU | ЕС
dienests, iesaukums, militārais dienests | conscription | призыв
mītne, +izmitināšana
siltā zeme, dienvidi
zeme, augsne
"""
Search = Callable[..., Results]


@pytest.fixture(scope="module")
def concepts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one file for all tests: a process keeps two, and needs seconds to read the one that we ship."""
    path = tmp_path_factory.mktemp("concepts") / "concepts.txt"
    path.write_text(CONCEPTS, encoding="utf-8")
    return path


@pytest.fixture
def related_words(analyzer: Analyzer, concepts: Path) -> RelatedWords:
    return RelatedWords(analyzer, concepts)


@pytest.fixture
def read(analyzer: Analyzer, related_words: RelatedWords) -> Callable[[str], Query]:
    """Return a function that parses and expands a query."""
    return lambda text: related_words.expand(parse(text, analyzer=analyzer, today=TODAY))


@pytest.fixture
def search(
    save: Save, read_only_index: Callable[[], WhooshEngine], read: Callable[[str], Query]
) -> Callable[[str], Results]:
    """Return a function that searches seven releases with related words."""
    save("a", title="Centrā uzņems patvēruma meklētājus", body="Uzņemšana notiks rudenī.")
    save("b", title="Reception of asylum seekers", body="The plan is ready.", language="en")
    save("g", title="Plāns", body="Patvērums būs vajadzīgs daudziem.")
    save("c", title="Robežas žogs", body="Žoga būve turpinās.")
    save("d", title="Žogs un bēgļi", body="Bēgļu skaits pie žoga sarūk.")
    save("e", title="Iesaukums", body="Pirmais iesaukums būs vasarā.")
    save("f", title="Eiropas Savienības budžets", body="Budžets ir liels.")
    engine = read_only_index()
    return lambda text: engine.search(read(text))


def titles(results: Results) -> list[str]:
    return [hit.title.text for hit in (*results.hits, *results.nearest)]


@pytest.mark.parametrize(
    ("text", "expansions"),
    [
        ("bēgļu izmitināšana", ("bēgļu: patvēruma meklētājs, patvērums", "izmitināšana: uzņemšana, mītne")),
        ("begliem", ("begliem: patvēruma meklētājs, patvērums",)),
        ("patvēruma meklētājiem", ("patvēruma meklētājiem: bēglis",)),
        ("meklētājiem, kas lūdz patvērumu", ("meklētājiem patvērumu: bēglis",)),
        ("refugees", ("refugees: bēglis, patvēruma meklētājs, patvērums",)),
        ("беженцев", ("беженцев: bēglis, patvēruma meklētājs, patvērums",)),
        ("беженцы", ("беженцы: bēglis, patvēruma meklētājs, patvērums",)),
        ("militārā dienesta", ("militārā dienesta: iesaukums",)),
        ("ES fondi", ("ES: Eiropas Savienība",)),
        ("mītnes", ("mītnes: izmitināšana",)),
        ('"bēgļu"', ()),
        ("=bēglis", ()),
        ("bēgl*", ()),
        ("-bēgļi", ()),
        ("žogs", ()),
        ("", ()),
    ],
)
def test_the_query_names_the_related_words_of_its_words(
    read: Callable[[str], Query], text: str, expansions: tuple[str, ...]
) -> None:
    shown = tuple(f"{each.text}: {', '.join(each.related)}" for each in read(text).expansions)
    assert shown == expansions


@pytest.mark.parametrize(
    ("word", "known"),
    [("bēgļiem", True), ("refugees", True), ("беженцам", True), ("refges", False)],
)
def test_a_word_of_a_concept_is_known_in_any_form(
    related_words: RelatedWords, word: str, *, known: bool
) -> None:
    assert related_words.has(word) == known


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("patvēruma meklētāju izmitināšana", "Centrā uzņems patvēruma meklētājus"),
        ("refugee reception", "Centrā uzņems patvēruma meklētājus"),
        ("militārais dienests", "Iesaukums"),
        ("призыв", "Iesaukums"),
        ("ES nauda", "Eiropas Savienības budžets"),
    ],
)
def test_a_query_in_other_words_or_another_language_finds_the_release(
    search: Search, text: str, first: str
) -> None:
    results = search(text)
    assert results.widened
    assert first in titles(results)[:2]


@pytest.mark.parametrize(
    ("text", "share"), [("bēgļi", 0.5), ("bēgļi reception", 1), ("refugees", 1), ("беженцы", 0.5)]
)
def test_english_words_score_less_unless_the_query_is_in_english(
    read: Callable[[str], Query], text: str, share: float
) -> None:
    weights = weights_of(read(text))
    assert 2 * weights["asylum"] == pytest.approx(share * weights["patvērums"])


def weights_of(query: Query) -> dict[str, float]:
    """Return the weight of each word by which *query* was expanded."""
    assert query.related
    words = [word for word in leaves(query.related) if isinstance(word, Word)]
    return {lemma: word.weight for word in words for lemma in word.lemma}


def test_a_word_within_a_longer_term_means_less_by_itself(read: Callable[[str], Query]) -> None:
    alone, within = weights_of(read("zeme")), weights_of(read("siltā zeme"))
    assert within["augsne"] < alone["augsne"]
    # Words that only follow each other in the query mean all that each of them does.
    assert weights_of(read("zeme mītnes"))["augsne"] == alone["augsne"]


def test_related_words_follow_full_matches_and_change_neither_their_order_nor_the_total(
    search: Search,
) -> None:
    results = search("bēgļi")
    assert (results.total, results.widened) == (1, False)
    assert titles(results)[0] == "Žogs un bēgļi"
    related = {hit.title.text for hit in results.nearest if hit.id in results.related}
    assert related == {"Centrā uzņems patvēruma meklētājus", "Reception of asylum seekers", "Plāns"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bēgļi", [("bēgļi", ("patvērums",))]),
        ("ES nauda", [("ES", ("Eiropas Savienība",))]),
        ("militārais dienests", [("militārais dienests", ("iesaukums",))]),
        ("bēgļu žogs", [("bēgļu", ("patvērums",))]),
        ("žogs", []),
    ],
)
def test_results_name_the_related_terms_in_their_hits(
    search: Search, text: str, shown: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(each.text, each.related) for each in search(text).expansions] == shown


def test_a_partial_match_is_not_called_related(search: Search) -> None:
    results = search("bēgļu žogs")
    others = [hit.title.text for hit in results.nearest if hit.id not in results.related]
    assert others == ["Robežas žogs"]


def test_a_part_restricts_related_words(search: Search) -> None:
    assert "Plāns" not in titles(search("virsraksts:bēgļi"))
    assert "Plāns" in titles(search("bēgļi"))


def test_an_exclusion_holds_for_related_words(search: Search) -> None:
    assert "Centrā uzņems patvēruma meklētājus" not in titles(search("bēgļi -rudenī"))


def test_an_abbreviation_keeps_its_full_name_beside_related_words(
    analyzer: Analyzer, related_words: RelatedWords
) -> None:
    synonyms = Synonyms({"ES": ("Eiropas Savienība",)}, analyzer)
    query = related_words.expand(parse("ES", analyzer=analyzer, today=TODAY, synonyms=synonyms))
    assert query.synonyms == ("ES = Eiropas Savienība",)
    assert [(each.text, each.related) for each in query.expansions] == [("ES", ("Eiropas Savienība",))]


def test_related_words_are_answered_alike_the_first_time_and_from_the_cache(search: Search) -> None:
    first, again = search("bēgļi"), search("bēgļi")
    assert (first.hits, first.nearest) == (again.hits, again.nearest)
