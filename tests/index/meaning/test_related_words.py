from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.meaning import RelatedWords
from index.query import AllOf, AnyOf, Clause, Phrase, Query, Related, Synonyms, Word, parse
from index.results import Results
from index.search.match_offsets import leaves
from index.search.ranking import FIELD_WEIGHTS
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
slimnīca | hospital |
republika, valsts, cilvēki
vīruss, SARS-CoV-2
liepa, koks
Vidzeme, Vidzemes novads
"""
ASYLUM = "patvēruma meklētājs, patvērums"
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
        (
            "bēgļu izmitināšana",
            (
                f"bēgļu: {ASYLUM}, refugee, asylum seeker, беженец",
                "izmitināšana: uzņemšana, reception, приём, mītne",
            ),
        ),
        ("begliem", (f"begliem: {ASYLUM}, refugee, asylum seeker, беженец",)),
        ("patvēruma meklētājiem", ("patvēruma meklētājiem: bēglis, refugee, asylum seeker, беженец",)),
        (
            "meklētājiem, kas lūdz patvērumu",
            ("meklētājiem patvērumu: bēglis, refugee, asylum seeker, беженец",),
        ),
        ("refugees", (f"refugees: bēglis, {ASYLUM}, asylum seeker, беженец",)),
        ("беженцев", (f"беженцев: bēglis, {ASYLUM}, refugee, asylum seeker",)),
        ("беженцы", (f"беженцы: bēglis, {ASYLUM}, refugee, asylum seeker",)),
        ("militārā dienesta", ("militārā dienesta: iesaukums, conscription, призыв",)),
        ("ES fondi", ("ES: Eiropas Savienība, EU, ЕС",)),
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
    assert first in titles(search(text))[:2]


@pytest.mark.parametrize(
    ("text", "share"), [("bēgļi", 0.5), ("bēgļi reception", 1), ("refugees", 1), ("беженцы", 0.5)]
)
def test_english_words_score_less_unless_the_query_is_in_english(
    read: Callable[[str], Query], text: str, share: float
) -> None:
    weights = weights_of(read(text))
    assert 2 * FIELD_WEIGHTS["exact"] * weights["asylum"] == pytest.approx(share * weights["patvērums"])


def weights_of(query: Query) -> dict[str, float]:
    """Return the weight of each word by which *query* was expanded, also of those in phrases."""
    assert query.distant
    found = [leaf.words if isinstance(leaf, Phrase) else (leaf,) for leaf in leaves(query.distant)]
    words = [word for group in found for word in group if isinstance(word, Word)]
    return {term: word.weight for word in words for term in (*word.lemma, *word.exact)}


def test_a_word_within_a_longer_term_means_less_by_itself(read: Callable[[str], Query]) -> None:
    alone, within = weights_of(read("zeme")), weights_of(read("siltā zeme"))
    assert within["augsne"] < alone["augsne"]
    # Words that only follow each other in the query mean all that each of them does.
    assert weights_of(read("zeme mītnes"))["augsne"] == alone["augsne"]


def test_words_that_mean_the_same_are_hits_of_one_list_with_those_typed(search: Search) -> None:
    results = search("bēgļi")
    assert (results.total, results.widened, results.near) == (3, False, 1)
    assert titles(results)[0] == "Žogs un bēgļi"
    said = {"Centrā uzņems patvēruma meklētājus", "Reception of asylum seekers"}
    assert set(titles(results)[1:3]) == said
    assert titles(results)[3:] == ["Plāns"]  # its text alone has a related word
    assert sum(value.count for value in results.facets["ministry"]) == results.total


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bēgļi", [("bēgļi", ("patvērums", "asylum seeker"))]),
        ("ES nauda", [("ES", ("Eiropas Savienība",))]),
        ("militārais dienests", [("militārais dienests", ("iesaukums",))]),
        ("bēgļu žogs", []),  # what has only refugees says less than half of it
        ("žogs", []),
    ],
)
def test_results_name_the_related_terms_in_their_hits(
    search: Search, text: str, shown: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(each.text, each.related) for each in search(text).expansions] == shown


def test_a_related_word_taken_away_is_not_searched_in_any_form(
    save: Save, read_only_index: Callable[[], WhooshEngine], related_words: RelatedWords, analyzer: Analyzer
) -> None:
    save("a", title="Patvērums kalnos")
    save("b", title="Centrā uzņems patvēruma meklētājus")
    engine, query = read_only_index(), parse("bēgļi", analyzer=analyzer, today=TODAY)

    def find(*without: str) -> tuple[list[str], tuple[str, ...]]:
        results = engine.search(related_words.expand(query, without))
        return sorted(titles(results)), tuple(term for each in results.expansions for term in each.related)

    both = ["Centrā uzņems patvēruma meklētājus", "Patvērums kalnos"]
    assert find() == (both, ("patvērums",))
    assert find("Patvērums") == (both[:1], ("patvēruma meklētājs",))
    assert find("patvērums", "patvēruma meklētājs", "asylum seeker") == ([], ())
    assert find("nekas") == find()


def test_a_part_of_the_query_is_only_near(search: Search) -> None:
    results = search("bēgļu žogs")
    assert [hit.title.text for hit in results.hits] == ["Žogs un bēgļi"]
    assert "Robežas žogs" in {hit.title.text for hit in results.nearest}
    assert results.near == len(results.nearest)


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
    assert [(each.text, each.related) for each in query.expansions] == [
        ("ES", ("Eiropas Savienība", "EU", "ЕС"))
    ]


def test_related_words_are_answered_alike_the_first_time_and_from_the_cache(search: Search) -> None:
    first, again = search("bēgļi"), search("bēgļi")
    assert (first.hits, first.nearest) == (again.hits, again.nearest)


def marked(results: Results) -> set[str]:
    """Return the words that are marked in the titles and passages of *results*."""
    passages = [
        passage for hit in (*results.hits, *results.nearest) for passage in (hit.title, *hit.passages)
    ]
    return {passage.text[start:end] for passage in passages for start, end in passage.marks}


@pytest.mark.parametrize(
    ("text", "body", "is_hit"),
    [
        ("iesaukums", "Militārais dienests ir obligāts.", True),
        ("iesaukums", "Militārā valsts aizsardzības dienesta sākums.", True),  # near, in this order
        ("iesaukums", "Dienests nav militārais.", False),
        ("iesaukums", "Militārais poligons. Tajā ir arī muitas un policijas dienests.", False),
        ("bēglis", "The asylum of the seekers.", True),
        ("bēglis", "Asylum is rare. Nobody in this house is a seeker.", False),
        ("slimnīca", "The hospitals are open.", True),
        ("slimnīca", "A hospitable house, hospitality for all.", False),
        ("republika", "Mūsu valsts un tās cilvēki.", False),  # too common to stand for another word
        ("vīruss", "Vakcīna pret SARS-CoV-2 ir gatava.", True),
        ("vīruss", "Vajadzīgas 2 nedēļas.", False),
    ],
)
def test_a_related_word_matches_as_a_whole(
    save: Save,
    read_only_index: Callable[[], WhooshEngine],
    read: Callable[[str], Query],
    *,
    text: str,
    body: str,
    is_hit: bool,
) -> None:
    save(
        "a",
        title="Ziņa",
        lead=body,
        language="en" if body.isascii() and " " in body and "2 " not in body else "lv",
    )
    assert len(read_only_index().search(read(text)).hits) == is_hit


@pytest.mark.parametrize(
    ("text", "has_related"),
    [
        ("liepas", True),
        ("Agra Liepa", False),
        ("foto Liepa", False),
        ("Vidzeme", True),
        ("foto Vidzeme", True),
    ],
)
def test_a_name_has_no_related_words_but_names(
    read: Callable[[str], Query], text: str, *, has_related: bool
) -> None:
    assert (read(text).related is not None) == has_related


def test_only_words_that_are_named_are_marked(search: Search) -> None:
    results = search("bēgļu izmitināšana")
    named = {term for each in results.expansions for term in each.related}
    assert marked(results) <= {
        "patvēruma",
        "Patvērums",
        "Uzņemšana",
        "Bēgļu",
        "bēgļi",
        "asylum seekers",
        "Reception",
    }
    assert {"patvērums", "uzņemšana"} <= named


def outline(clause: Clause) -> str:
    """Return a clause in short: each word by its lemmas and its first exact form, with its weight."""
    match clause:
        case Word():
            terms = ",".join((*clause.lemma, *(f"={form}" for form in clause.exact[:1])))
            part = f"@{clause.part}" if clause.part else ""
            return f"{terms}{'' if clause.weight == 1 else f'*{clause.weight:.4g}'}{part}"
        case Phrase():
            return f"'{' '.join(map(outline, clause.words))}'~{clause.slop}"
        case AllOf():
            return f"({' & '.join(map(outline, clause.clauses))})"
        case AnyOf() | Related():
            return f"({' | '.join(map(outline, clause.clauses))})"
    return str(type(clause))


@pytest.mark.parametrize(
    ("text", "related", "distant"),
    [
        (  # in Latvian, words of other languages say half; English is searched by form, which weighs a tenth
            "bēgļi",
            "(bēglis,=bēgļi | (patvērums*0.85 | беженец,беженц*0.425 | =refugee*4.25 | "
            "'=asylum*2.125 =seeker*2.125'~3))",
            "(bēglis,=bēgļi | (patvērums*0.85 | беженец,беженц*0.425 | =refugee*4.25 | "
            "('=asylum*2.125 =seeker*2.125'~10 | '=seeker*2.125 =asylum*2.125'~10)))",
        ),
        (
            "refugees",
            "(~refuge,refuge,=refugees | (bēglis,patvērums*0.85 | беженец,беженц*0.425 | "
            "'=asylum*4.25 =seeker*4.25'~3))",
            "(~refuge,refuge,=refugees | (bēglis,patvērums*0.85 | беженец,беженц*0.425 | "
            "('=asylum*4.25 =seeker*4.25'~10 | '=seeker*4.25 =asylum*4.25'~10)))",
        ),
        (  # a phrase shares its weight among its words; one of them on its own says three fifths
            "siltā zeme",
            "((silts,silt,=siltā | (dienvidi*0.425)) & (zeme,=zeme | (dienvidi*0.425)))",
            "((silts,silt,=siltā | (dienvidi*0.425)) & (zeme,=zeme | (dienvidi*0.425) | (augsne*0.51)))",
        ),
        (  # a common word is only akin; where it is searched itself, the phrase with it is not
            "iesaukums",
            "(iesaukums,iesaukum,=iesaukums | (приз*0.425 | =conscription*4.25 | "
            "'militārs*0.425 dienests*0.425'~3))",
            "(iesaukums,iesaukum,=iesaukums | (dienests*0.85 | приз*0.425 | =conscription*4.25))",
        ),
        (
            "militārais dienests",
            "((militārs,=militārais | (iesaukums*0.425 | приз*0.2125 | =conscription*2.125)) & "
            "(dienests,dienest,=dienests | (iesaukums*0.425 | приз*0.2125 | =conscription*2.125)))",
            "((militārs,=militārais | (iesaukums*0.425 | приз*0.2125 | =conscription*2.125)) & "
            "(dienests,dienest,=dienests | (iesaukums*0.425 | приз*0.2125 | =conscription*2.125)))",
        ),
        (
            "virsraksts:mītnes VAI mītnes",
            "((mītne,=mītnes@title | (izmitināšana*0.85@title)) | (mītne,=mītnes | (izmitināšana*0.85)))",
            "((mītne,=mītnes@title | (izmitināšana*0.85@title)) | (mītne,=mītnes | (izmitināšana*0.85)))",
        ),
        ("republika", "(republika,=republika | ())", "(republika,=republika | ())"),
    ],
)
def test_related_words_weigh_less_than_what_was_typed(
    read: Callable[[str], Query], text: str, related: str, distant: str
) -> None:
    query = read(text)
    assert query.related is not None
    assert query.distant is not None
    assert outline(query.related) == related
    assert outline(query.distant) == distant
