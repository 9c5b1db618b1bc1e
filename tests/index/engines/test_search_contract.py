"""The contract of every engine for searching: sets, filters, facets, order, clear first places; no scores."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawler.store import Attachment, Store
from index.analysis import Analyzer
from index.engines import Engine
from index.engines.answers.answerer import EXPLAINED_WORDS
from index.engines.answers.broadening import FEW
from index.meaning import CONCEPTS, RelatedWords
from index.query import AllOf, AnyOf, AskedInterval, Filters, Language, Query, Related, Sort, parse
from index.query.words import any_form
from index.results import Explanation, Results
from tests.index.conftest import SEEN, Save
from tests.index.engines.conftest import EngineUnderTest
from tests.support.built_once import BuiltOnce
from tests.support.effort import calls
from tests.support.stored_release import publish

TODAY = date(2026, 11, 25)
SPELLINGS = ("aā", "eē", "sš", "iī", "zž", "uū", "cč", "kķ", "nņ")
LETTERS = tuple(spellings[0] for spellings in SPELLINGS)
Open = Callable[[], Engine]
Search = Callable[..., Results]


@pytest.fixture
def index_saved(
    under_test: EngineUnderTest, built_once: BuiltOnce, store: Store, analyzer: Analyzer, tmp_path: Path
) -> Callable[[], Path]:
    """Index the releases that the test saved, and return the folder of the index."""

    def build_generation(root: Path) -> None:
        with under_test.builder(root).draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            draft.publish()

    def index() -> Path:
        if under_test.is_in_folder:
            return built_once.folder(store, build_generation)
        build_generation(tmp_path / "index")
        return tmp_path / "index"

    return index


# The quick tests search as a server does, which passes each call on to a generation.
@pytest.fixture(params=[pytest.param("generation", marks=pytest.mark.sweep), "serving"])
def opened(
    request: pytest.FixtureRequest,
    under_test: EngineUnderTest,
    index_saved: Callable[[], Path],
    analyzer: Analyzer,
) -> Open:
    """Index the releases that the test saved, and open the index as a generation or as a server does."""

    def open_index() -> Engine:
        root = index_saved()
        if request.param == "serving":
            return under_test.serving(root)
        return under_test.builder(root).current(analyzer)

    return open_index


@pytest.fixture
def search(opened: Open, analyzer: Analyzer) -> Iterator[Search]:
    """Search the releases that the test saved before its first search."""
    engines: list[Engine] = []

    def search_saved(
        text: str,
        *,
        cursor: str | None = None,
        histogram: AskedInterval | None = None,
        own_language: Language | None = None,
        **options: object,
    ) -> Results:
        if not engines:
            engines.append(opened())
        query: Query = parse(text, analyzer=analyzer, today=TODAY, **options)  # type: ignore[arg-type]  # as the test gives them
        query = replace(query, cursor=cursor, histogram=histogram, own_language=own_language)
        return engines[0].search(query)

    return search_saved


def titles(results: Results) -> list[str]:
    return [hit.title.text for hit in results.hits]


# --- Matching -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("budžetam", ["Valsts budžets"]),
        ("budzeta", ["Valsts budžets"]),
        ("valsts budžets", ["Valsts budžets"]),
        ("budžets VAI meži", ["Meži deg", "Valsts budžets"]),
        ("budžets NE valsts", []),
        ("-budžets", ["Meži deg", "Rīgas ostā"]),
        ('"deg meži"', []),
        ('"meži deg"', ["Meži deg"]),
        ('"mezi deg"', ["Meži deg"]),
        ('"deg Latgalē"~99', []),
        ('"2018 Latgalē"~99', []),
        ("mež*", ["Meži deg"]),
        ("=mežos", ["Meži deg"]),
        ("=mežus", []),
        ("virsraksts:deg", ["Meži deg"]),
        ("virsraksts:Latgalē", []),
        ("virsraksts:latg*", []),
        ("virsraksts:latgole~", []),
        ("*dget*", []),
        ("*džet*", ["Valsts budžets"]),
        ("b?džets", ["Valsts budžets"]),
        ("b*s valsts", ["Valsts budžets"]),
        ("virsraksts:*gale", []),
        ("-*osta", ["Meži deg", "Valsts budžets"]),
        ("budzhets~", ["Valsts budžets"]),
        ("27.11.2017", ["Rīgas ostā"]),
        ("", ["Meži deg", "Rīgas ostā", "Valsts budžets"]),
    ],
)
def test_query_finds(save: Save, search: Search, query: str, found: list[str]) -> None:
    save("a", title="Valsts budžets", body="Saeima to pieņēma.", published=date(2016, 12, 1))
    save("b", title="Meži deg", body="Mežos Latgalē ir karsts.", published=date(2018, 7, 1))
    save("c", title="Rīgas ostā", body="Kuģis ieradās vakar.", published=date(2017, 11, 27))
    assert sorted(titles(search(query))) == found


@pytest.mark.parametrize(
    ("query", "found", "nearest"),
    [
        ("nāve", ["nāves"], []),  # not nav, which has the stem
        ("kāzas", ["kāzām"], []),
        ("tiesa", ["tiesas"], ["tieši"]),
        ("kazām", ["kazām"], []),
        ("kazam", ["kazām", "kāzām"], []),
        ("videjais", ["vidējo"], []),
        ("Rubenkalnam", ["Rubeņkalns"], []),
        ("ES", ["ES"], []),
        ("es", ["ES"], []),
    ],
)
def test_what_is_found_has_a_form_of_the_word(
    save: Save, search: Search, query: str, found: list[str], nearest: list[str]
) -> None:
    texts = ("nāves", "nav", "kāzām", "kazām", "tiesas un tiesa", "tieši", "vidējo", "Rubeņkalns", "ES", "es")
    for number, text in enumerate(texts):
        save(f"{number}", title=text.split()[0], body=text)
    results = search(query)
    assert sorted(titles(results)) == sorted(found)
    assert [hit.title.text for hit in results.nearest] == nearest


def test_a_reading_with_diacritics_is_counted_apart(save: Save, search: Search) -> None:
    save("a", title="Tiesa lēma")
    save("b", title="Lēma tieši")
    save("c", title="Lēma tieši kāzās")
    as_typed, only_with_diacritics = search("tiesa"), search("tiesa kazas")
    assert (as_typed.total, as_typed.unaccented) == (1, 2)
    assert (only_with_diacritics.total, only_with_diacritics.unaccented) == (1, 0)
    assert not only_with_diacritics.widened


@pytest.mark.sweep  # needs all the concepts that we ship
def test_a_long_query_with_many_related_words_is_answered(
    save: Save, opened: Open, analyzer: Analyzer
) -> None:
    texts = ("potes pret kovidu veco ļaužu namos", "cik ilgi jāgaida ātrā palīdzība laukos")
    for number, text in enumerate((*texts, " ".join(texts))):
        save(f"{number}", title=f"{number}", body=text)
    asked = parse(" ".join(texts), analyzer=analyzer, today=TODAY)
    expanded = RelatedWords(analyzer, CONCEPTS).expand(asked)
    assert titles(opened().search(expanded)) == ["2"]


def test_a_query_of_a_thousand_related_phrases_is_answered(
    save: Save, opened: Open, analyzer: Analyzer
) -> None:
    words = [f"{first}{second}ns" for first in ("bal", "dur") for second in "abcd"]
    save("a", title="Visi", body=" ".join(words))
    save("b", title="Citi", body=" ".join([*words[:-1], "lorms mipss"]))
    save("c", title="Nepilni", body=" ".join([*words[:-1], "lorms"]))
    asked = parse(" ".join(words), analyzer=analyzer, today=TODAY)
    assert isinstance(asked.clause, AllOf)
    phrases = [("lorms", "mipss"), *((f"dol{number}ns", f"sit{number}ns") for number in range(70))]
    related = Related(tuple(AllOf(tuple(any_form(word, analyzer) for word in pair)) for pair in phrases))
    clause = AllOf(tuple(AnyOf((word, related)) for word in asked.clause.clauses))
    assert sorted(titles(opened().search(replace(asked, clause=clause)))) == ["Citi", "Visi"]


def test_a_phrase_whose_words_have_hundreds_of_spellings_is_found_in_order(
    save: Save, search: Search
) -> None:
    one, other = ("".join(letters) for letters in (LETTERS, LETTERS[::-1]))
    spelled = [" ".join(map("".join, product(*pairs))) for pairs in (SPELLINGS, SPELLINGS[::-1])]
    save("a", title="Pēc kārtas", body=f"Tad {one} {other}.")
    save("b", title="Otrādi", body=f"Tad {other} {one}.")
    save("c", title="Visi", body=" ".join(spelled))
    assert sorted(titles(search(f'"{one} {other}"'))) == ["Pēc kārtas", "Visi"]


def test_hits_that_lack_a_word_are_said_to_though_a_release_that_is_near_has_all(
    save: Save, opened: Open, analyzer: Analyzer
) -> None:
    save("a", title="Liesmas mežā", published=date(2014, 6, 1))
    save("b", title="Dievnams", body="Jumts iebruka liesmās.", published=date(2017, 6, 1))
    save("c", title="Gads 2017", published=date(2019, 6, 1))
    asked = parse("ugunsgrēks 2017. gadā", analyzer=analyzer, today=TODAY)
    assert isinstance(asked.clause, AllOf)
    word, year = asked.clause.clauses
    related = AllOf((AnyOf((word, Related((any_form("liesma", analyzer),)))), year))
    results = opened().search(replace(asked, related=related, distant=related))
    assert (titles(results), results.widened) == (["Liesmas mežā"], True)


# --- Only a time ----------------------------------------------------------------------------


@pytest.fixture
def dated(save: Save) -> None:
    save("a", title="Agrāk", body="Tas notiks 2018. gada 1. jūlijā.", published=date(2017, 6, 1))
    save("b", title="Sākumā", published=date(2018, 1, 1))
    save("c", title="Beigās", published=date(2018, 12, 31))
    save("d", title="Vēlāk", published=date(2019, 1, 1))


@pytest.mark.parametrize("query", ["2018", "2018. gadā", "in 2018", "2018. gada janvāris–decembris"])
@pytest.mark.usefixtures("dated")
def test_a_time_alone_finds_the_releases_of_it_newest_first(search: Search, query: str) -> None:
    results = search(query)
    assert (results.total, titles(results)) == (2, ["Beigās", "Sākumā"])
    assert not results.widened


@pytest.mark.usefixtures("dated")
def test_releases_that_name_a_time_follow_those_of_it(search: Search) -> None:
    assert [hit.title.text for hit in search("2018").nearest] == ["Agrāk"]
    assert search("2018", sort="oldest").hits[0].title.text == "Sākumā"
    assert search("2018", page=2, per_page=1).nearest == ()


@pytest.mark.usefixtures("dated")
def test_a_time_without_releases_finds_those_that_name_it(search: Search) -> None:
    results = search("01.07.2018")
    assert (results.total, titles(results), results.widened) == (1, ["Agrāk"], True)


@pytest.mark.parametrize("query", ["2016", "vakar", "2018 līdz:2017", "2018 no:2019 valoda:lv"])
@pytest.mark.usefixtures("dated")
def test_a_time_that_nothing_names_finds_nothing(search: Search, query: str) -> None:
    assert search(query, filters=Filters(languages=("en",))).total == 0


@pytest.mark.usefixtures("dated")
def test_all_releases_of_a_time_can_be_walked(opened: Open, analyzer: Analyzer) -> None:
    engine, query = opened(), replace(parse("2018", analyzer=analyzer, today=TODAY, per_page=1), cursor="*")
    first = engine.search(query)
    second = engine.search(replace(query, cursor=first.cursor))
    assert [*titles(first), *titles(second)] == ["Beigās", "Sākumā"]
    assert second.cursor is None


# --- Fields and texts -----------------------------------------------------------------------


def test_contact_text_is_not_found(save: Save, search: Search) -> None:
    save("a", body="Ugunsgrēks nodzēsts, zvaniet 67000001.", contact="Sagatavoja: Zita Paraudziņa")
    assert [search(q).total for q in ("Paraudziņa", "Sagatavoja", "67000001")] == [0, 0, 0]


@pytest.mark.parametrize(
    "query",
    [
        "bsr-secure",
        "bsr-secure.eu",
        "www.bsr-secure.eu",
        "https://www.bsr-secure.eu/",
        "secure",
        "12000",
        "12 000",
    ],
)
def test_addresses_and_numbers_are_found_as_typed(save: Save, search: Search, query: str) -> None:
    save("a", body="Sīkāk: http://www.bsr-secure.eu/par, atbalsts ir 12\u00a0000 eiro.")
    save("b", body="Cits teksts.")
    assert search(query).total == 1


def test_hidden_releases_are_not_found(save: Save, search: Search, store: Store) -> None:
    save("a", title="Slēpts")
    store.hide("https://iem.example/a", seen=SEEN)
    assert search("").total == 0


def test_gone_releases_are_found_and_marked(save: Save, search: Search, store: Store) -> None:
    store.mark_gone(save("a", title="Pazudis"), seen=SEEN)
    assert [hit.gone for hit in search("pazudis").hits] == [True]


@pytest.mark.parametrize("says_so", [True, False])
def test_machine_translations_are_marked(save: Save, search: Search, says_so: bool) -> None:
    save("a", title="Budget", language="en", machine_translated=says_so)
    assert [hit.machine_translated for hit in search("budget").hits] == [says_so]


# --- Filters and counts --------------------------------------------------------------------------


@pytest.fixture
def mixed(save: Save) -> None:
    for name, ministry, language, year in (
        ("a", "FM", "lv", 2019),
        ("b", "FM", "en", 2019),
        ("c", "IeM", "lv", 2020),
        ("d", "IeM", "lv", 2021),
    ):
        save(name, title=f"Covid {name}", ministry=ministry, language=language, published=date(year, 3, 1))
    save("e", title="Covid e", ministry="IeM", published=None)


def counts(results: Results, field: str) -> dict[str, int]:
    return {value.value: value.count for value in results.facets[field]}


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        (Filters(), 5),
        (Filters(ministries=("FM",)), 2),
        (Filters(ministries=("FM", "IeM"), languages=("lv",)), 4),
        (Filters(published_from=date(2020, 3, 1)), 2),
        (Filters(published_to=date(2019, 3, 1)), 2),
        (Filters(ministries=("nav tādas",)), 0),
    ],
)
@pytest.mark.usefixtures("mixed")
def test_filters_narrow(search: Search, filters: Filters, total: int) -> None:
    assert search("covid", filters=filters).total == total


@pytest.mark.usefixtures("mixed")
def test_each_facet_ignores_its_own_filter(search: Search) -> None:
    results = search("covid", filters=Filters(ministries=("FM",), published_to=date(2019, 12, 31)))
    assert counts(results, "ministry") == {"FM": 2}
    assert counts(results, "language") == {"en": 1, "lv": 1}
    assert counts(results, "year") == {"2019": 2}
    assert counts(search("covid", filters=Filters(ministries=("FM",))), "ministry") == {"FM": 2, "IeM": 3}


@pytest.mark.usefixtures("mixed")
def test_facet_values_are_sorted_by_count_then_by_name(search: Search) -> None:
    years = search("covid").facets["year"]
    assert [value.value for value in years] == ["2019", "2020", "2021"]


# --- Order and pages -----------------------------------------------------------------------------


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize(
    ("sort", "order"), [("newest", "dcabe"), ("oldest", "abcde"), ("relevance", "dcabe")]
)
def test_ties_are_newest_first_then_by_id(search: Search, sort: str, order: str, save: Save) -> None:
    hits = search("", sort=sort).hits
    days = [hit.published for hit in hits]
    assert [hit.title.text[-1] for hit in hits if days.count(hit.published) == 1] == [
        name for name in order if name not in "ab"
    ]
    tied = [hit.id for hit in hits if hit.published == date(2019, 3, 1)]
    assert tied == sorted(tied)


def test_pages_follow_one_another(save: Save, search: Search) -> None:
    for number in range(25):
        save(f"{number:02}", title=f"Ziņa {number}", published=date(2020, 1, 1 + number))
    pages = [search("ziņa", page=page, sort="newest") for page in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    shown = [hit.published for page in pages for hit in page.hits]
    assert shown == sorted(shown, reverse=True)
    assert {page.total for page in pages} == {25}


def test_a_word_in_the_title_counts_more(save: Save, search: Search) -> None:
    save("a", title="Cita ziņa", body="Runā par robežsargiem un muitu valstī.")
    save("b", title="Robežsargi", body="Runā par darbu un muitu valstī šogad.")
    assert titles(search("robežsargs"))[0] == "Robežsargi"


def test_near_duplicates_are_one_hit(save: Save, search: Search, store: Store) -> None:
    first = save("a", title="Kopīga ziņa", ministry="FM")
    store.set_cluster(save("b", title="Kopīgā ziņa", ministry="EM"), first, seen=SEEN)
    save("c", title="Cita ziņa", ministry="FM")
    results = search("ziņa")
    assert results.total == 2
    assert counts(results, "ministry") == {"FM": 2, "EM": 1}
    folded = [{hit.ministry, *hit.also_published_by} for hit in results.hits if hit.also_published_by]
    assert folded == [{"FM", "EM"}]


def test_a_cluster_counts_once_for_each_value_that_passes_the_filters(
    save: Save, search: Search, store: Store
) -> None:
    first = save("a", title="Kopīga ziņa", ministry="FM", published=date(2019, 12, 31))
    for name, ministry, published in (
        ("b", "FM", date(2020, 1, 1)),
        ("c", "EM", date(2020, 1, 5)),
        ("d", "EM", None),
    ):
        id_ = save(name, title="Kopīgā ziņa", ministry=ministry, published=published)
        store.set_cluster(id_, first, seen=SEEN)
    save("e", title="Cita ziņa", ministry="EM", published=date(2020, 1, 7))
    whole = search("ziņa", histogram="month")
    of_january = search("ziņa", filters=Filters(published_from=date(2020, 1, 1)), histogram="year")
    assert (whole.total, counts(whole, "ministry"), counts(whole, "year")) == (
        2,
        {"FM": 1, "EM": 2},
        {"2019": 1, "2020": 2},
    )
    assert (of_january.total, counts(of_january, "ministry"), counts(of_january, "year")) == (
        2,
        {"FM": 1, "EM": 2},
        {"2019": 1, "2020": 2},
    )
    months, years = (
        [(period.first, period.count) for period in results.histogram.periods]
        for results in (whole, of_january)
        if results.histogram
    )
    assert months == [(date(2019, 12, 1), 1), (date(2020, 1, 1), 2)]
    assert years == [(date(2020, 1, 1), 2)]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_all_hits_can_be_walked_in_the_order_of_the_pages(
    save: Save, search: Search, store: Store, sort: str
) -> None:
    ids = [
        save(
            f"{number:02}",
            title="Meži" if number % 3 else "Meži deg",
            body="Mežs. " * (number % 5) + "Vārds. " * number,
            published=date(2020, 1, 1 + number // 2) if number % 4 else None,
        )
        for number in range(30)
    ]
    for number in (3, 9, 20):
        store.set_cluster(ids[number], ids[number % 3], seen=SEEN)
    whole = search("meži", sort=sort, per_page=50).hits
    walked, cursor = [], "*"
    while cursor:
        page = search("meži", sort=sort, per_page=7, cursor=cursor)
        walked += page.hits
        cursor = page.cursor or ""
    assert [hit.id for hit in walked] == [hit.id for hit in whole]
    assert len(whole) == 27


# --- Display -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("izaicinajumi", ["izaicinājumiem"]),
        ("drosibas izaicinajumi", ["drošības izaicinājumiem"]),
        ('"drošības izaicinājumiem"', ["drošības izaicinājumiem"]),
        ("izaic*", ["izaicinājumiem"]),
        ("nekas VAI reģions", ["reģionā"]),
    ],
)
def test_whole_words_are_marked(save: Save, search: Search, query: str, marked: list[str]) -> None:
    save("a", body="Pirmais teikums. Runā par drošības izaicinājumiem Baltijas reģionā. Beigas.")
    (passage,) = search(query).hits[0].passages
    assert [passage.text[start:end] for start, end in passage.marks] == marked
    assert passage.text == "Runā par drošības izaicinājumiem Baltijas reģionā."


def test_a_hit_without_a_match_in_its_text_shows_how_it_begins(save: Save, search: Search) -> None:
    save("a", title="Dzelzceļš", body="Vilcieni kursē. Arī naktī.")
    hit = search("dzelzceļš").hits[0]
    assert hit.title.marks == ((0, 9),)
    assert [(passage.text, passage.marks) for passage in hit.passages] == [("Vilcieni kursē. Arī naktī.", ())]


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        (
            "sociālā pabalsta izmaksa",
            "Sāk sociālā pabalsta izmaksu.",
            "Sociālā dienesta pabalsta un algas izmaksa.",
        ),
        ("Jānim Bērziņam", "Pēteris Kalniņš un Jānis Bērziņš.", "Jānis Kalniņš un Pēteris Bērziņš."),
        ("ministra padomnieks", "Runāja ministra padomnieks.", "Padomnieks ministra vārdā runāja."),
        ("budžetam", "Pieņemts budžetam.", "Pieņemts budžets."),
        ("ēnas", "Redz ēnas.", "Redz ēnu."),
        ("ēnas", "Redz ēnu.", "Redz enas."),
        ("ēnas", "Redz ēnu.", "Redz enu."),
        # The same for compounds, whichever part is the word.
        ("ēnu", "Redz ēnām.", "Redz enu-skola."),
        ("ēnu", "Redz ēnu-skola.", "Redz enu-skola."),
        ("ēnu", "Redz skola-ēnu.", "Redz skola-enu."),
        ("ēnu", "Redz ēnu-ekonomika.", "Redz enu-ekonomika."),
        ("ēnu", "Redz ekonomika-ēnu.", "Redz ekonomika-enu."),
        ("ēnu", "Redz ēnu-ekonomika-skola.", "Redz enu-ekonomika-skola."),
        ("Bērziņa", "Runāja ar Bērziņu.", "Runāja par Berzina."),
        ("budzeta", "Par budzeta grozījumiem.", "Par budžeta grozījumiem."),
    ],
)
def test_the_order_and_form_of_words_count(
    save: Save, search: Search, query: str, better: str, worse: str
) -> None:
    save("a", title="Ziņa", body=worse)
    save("b", title="Ziņa", body=better)
    assert [hit.passages[0].text for hit in search(query).hits] == [better, worse]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("plūdi pagājušajā nedēļā", ["nov", "jūl", "vecie"]),
        ("plūdi šovasar", ["jūl", "nov", "vecie"]),
        ("pagājušajā nedēļā", ["nov", "citi"]),
        ("plūdi -šogad", ["vecie"]),
        ("mežs pagājušajā nedēļā", ["citi"]),
        ("šokolāde pagājušajā nedēļā", []),
    ],
)
def test_a_relative_date_boosts_unless_it_is_the_whole_query(
    save: Save, search: Search, query: str, found: list[str]
) -> None:
    save("a", title="vecie", body="Plūdi.", published=date(2019, 5, 1))
    save("b", title="jūl", body="Plūdi.", published=date(2026, 7, 1))
    save("c", title="nov", body="Plūdi.", published=date(2026, 11, 17))
    save("d", title="citi", body="Meži deg.", published=date(2026, 11, 16))
    assert titles(search(query)) == found


# --- Relaxation, explanations, similar releases ------------------------------------------------------------


def test_a_query_without_matches_is_relaxed_and_labelled(save: Save, search: Search) -> None:
    save("a", title="Plūdi Jēkabpilī")
    save("b", title="Plūdi Ogrē")
    save("c", title="Mežs Ogrē")
    results = search("cilvēku plūdi Jēkabpilī")
    assert (results.widened, titles(results), results.total) == (True, ["Plūdi Jēkabpilī"], 1)
    assert not search("plūdi Ogrē").widened


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("plūdi Jēkabpilī", ["Plūdi Ogrē"]),  # plūdi says more
        ("plūdi Jēkabpilī -parks", ["Plūdi Ogrē"]),
        ("plūdi Jēkabpilī valoda:en", []),
        ('"Ogrē plūdi"', []),
        ("plūdi", []),
        ("=parkā", []),
        ("parks VAI mežs", []),
    ],
)
def test_partial_matches_follow_few_hits(save: Save, search: Search, query: str, nearest: list[str]) -> None:
    save("a", title="Plūdi Jēkabpilī")
    save("b", title="Plūdi Ogrē")
    save("c", title="Jēkabpils parkā")
    save("d", title="Mežs")
    assert [hit.title.text for hit in search(query).nearest] == nearest


@pytest.mark.parametrize("own", ["lv", "en"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_a_release_and_its_translation_are_one_hit_in_the_language_asked_for(
    save: Save, search: Search, store: Store, own: Language, sort: str
) -> None:
    shown, linked = "Žogs uz robežas fence", "Fence at the border"
    if own == "en":
        shown, linked = linked, shown
    first = save("a", title="Fence at the border", language="en", translations=("b", "not-crawled"))
    store.set_cluster(save("b", title="Žogs uz robežas fence", translations=("a",)), first, seen=SEEN)
    results = search("fence", own_language=own, sort=sort, histogram="year")
    assert (results.total, titles(results), results.nearest) == (1, [shown], ())
    assert [other.title for other in results.hits[0].translations] == [linked]
    assert {value.value: value.count for value in results.facets["language"]} == {"lv": 1, "en": 1}


@pytest.mark.parametrize("own", ["lv", "en"])
def test_hits_in_the_language_asked_for_come_first(save: Save, search: Search, own: Language) -> None:
    for number in range(3):
        save(f"en{number}", title="Covid", body=f"News {number}. {'Covid. ' * number}", language="en")
        save(f"lv{number}", title="Covid", body=f"Ziņas {number}. {'Covid. ' * number}")
    pages = [search("covid", own_language=own, per_page=2, page=page) for page in (1, 2, 3)]
    shown = [hit.language for results in pages for hit in results.hits]
    assert shown == [own] * 3 + [{"lv": "en", "en": "lv"}[own]] * 3
    by_day = search("covid", own_language=own, sort="newest")
    assert sorted(hit.language for hit in by_day.hits) == ["en"] * 3 + ["lv"] * 3


def test_cursors_walk_through_all_languages(save: Save, search: Search) -> None:
    for number in range(5):
        save(f"{number}", title="Covid", body="Covid. " * number, language="en" if number % 2 else "lv")
    found, cursor = [], "*"
    while cursor:
        results = search("covid", own_language="en", per_page=2, cursor=cursor)
        found += [hit.language for hit in results.hits]
        cursor = results.cursor or ""
    assert found == ["en", "en", "lv", "lv", "lv"]


@pytest.mark.parametrize("own", ["lv", "en"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
@pytest.mark.parametrize("text", ["covid", ""])
def test_pages_cursors_and_listings_show_the_same_of_each_pair(  # noqa: PLR0917 - each is one choice
    save: Save, opened: Open, store: Store, analyzer: Analyzer, own: Language, sort: Sort, text: str
) -> None:
    for number in range(7):
        days = [date(2020, 1, 1 + (number * shift) % 9) for shift in (2, 5)]
        first = save(f"lv{number}", title=f"Covid {number}", body="covid " * number, published=days[0])
        other = save(f"en{number}", title=f"News {number} covid", language="en", published=days[1])
        if number % 3:
            store.set_cluster(other, first, seen=SEEN)
    engine = opened()
    query = parse(text, analyzer=analyzer, today=TODAY, sort=sort, per_page=4)
    query = replace(query, own_language=own)
    pages = [engine.search(replace(query, page=page)) for page in (1, 2, 3)]
    paged = [hit.id for results in pages for hit in results.hits]
    assert paged == [release.id for release in engine.listing(query).releases()]
    results, walked, cursor = pages[0], [], "*"
    while cursor:
        results = engine.search(replace(query, cursor=cursor))
        walked += [hit.id for hit in results.hits]
        cursor = results.cursor or ""
    languages = Counter(hit.language for results in pages for hit in results.hits)
    assert (walked, results.total, languages[own]) == (paged, 10, 7)


def test_explained_scores_say_what_another_language_costs(
    save: Save, opened: Open, analyzer: Analyzer
) -> None:
    ids = [save("a", title="Covid", language="en"), save("b", title="Covid")]
    engine, query = opened(), parse("covid", analyzer=analyzer, today=TODAY)
    query = replace(query, own_language="lv")
    found = engine.explain(query, ids)
    assert [found[id_].language for id_ in ids] == [0.01, 1.0]
    hits = {hit.id: hit.score for hit in engine.search(query).hits}
    assert {id_: found[id_].score for id_ in ids} == pytest.approx(hits)


def test_partial_matches_are_not_counted_and_only_on_the_first_page(save: Save, search: Search) -> None:
    for name, title in (("a", "Plūdi Jēkabpilī"), ("b", "Plūdi Ogrē"), ("c", "Jēkabpils"), ("d", "Mežs")):
        save(name, title=title)
    results = search("plūdi Jēkabpilī")
    assert (results.total, len(results.nearest), results.facets["ministry"][0].count) == (1, 1, 1)
    others = ({"page": 2}, {"per_page": 1})
    assert [search("plūdi Jēkabpilī", **other).nearest for other in others] == [(), ()]
    sorted_by_date = search("plūdi Jēkabpilī", sort="newest")
    assert (sorted_by_date.total, sorted_by_date.near, len(sorted_by_date.nearest)) == (1, 1, 1)


def test_what_is_near_is_counted_apart_and_joins_the_hits_only_if_chosen(
    save: Save, search: Search, opened: Open, analyzer: Analyzer
) -> None:
    def search_near(text: str) -> Results:
        return opened().search(replace(parse(text, analyzer=analyzer, today=TODAY), near=True))

    for name, title in (("a", "Plūdi Jēkabpilī"), ("b", "Plūdi Ogrē"), ("c", "Jēkabpils"), ("d", "Mežs")):
        save(name, title=title)
    apart, chosen = search("plūdi Jēkabpilī"), search_near("plūdi Jēkabpilī")
    assert (apart.total, apart.near, apart.facets["year"][0].count) == (1, 1, 1)
    assert (chosen.total, chosen.near, chosen.nearest, chosen.facets["year"][0].count) == (2, 0, (), 2)
    assert titles(chosen)[0] == "Plūdi Jēkabpilī"


def test_filters_do_not_change_what_counts_as_said(save: Save, search: Search) -> None:
    for number in range(FEW):
        save(f"{number}", title="Plūdi Jēkabpilī", body=f"{number}", ministry="FM" if number else "IeM")
    save("b", title="Plūdi Ogrē", ministry="IeM")
    results = search("plūdi Jēkabpilī", filters=Filters(ministries=("IeM",)))
    assert (results.total, results.widened) == (1, False)


def test_without_hits_what_is_near_stands_apart(save: Save, search: Search) -> None:
    save("a", title="Plūdi Jēkabpilī", ministry="FM")
    save("b", title="Plūdi Ogrē", ministry="IeM")
    pages = [
        search("plūdi Jēkabpilī", filters=Filters(ministries=("IeM",)), per_page=size) for size in (1, 10)
    ]
    assert [(page.total, page.widened, page.near) for page in pages] == [(0, False, 1)] * 2
    assert [[hit.title.text for hit in page.nearest] for page in pages] == [["Plūdi Ogrē"]] * 2


@pytest.mark.parametrize("query", ['"plūdiem Jēkabpils"', '"pludi Jekabpils" -Ogre'])
def test_a_phrase_without_matches_is_relaxed_to_other_forms(save: Save, search: Search, query: str) -> None:
    save("a", title="Plūdi Jēkabpilī")
    save("b", title="Jēkabpilī ir plūdi")
    results = search(query)
    assert (titles(results), results.widened) == (["Plūdi Jēkabpilī"], True)


@pytest.mark.parametrize(
    "query", ["šokolāde", "=plūdi šokolāde -plūdi", '"plūdi šokolāde"', '="plūdiem Jēkabpils"']
)
def test_single_words_exact_words_and_exclusions_are_never_relaxed(
    save: Save, search: Search, query: str
) -> None:
    save("a", title="Plūdi Jēkabpilī")
    assert search(query).total == 0


def test_filters_that_exclude_all_hits_do_not_relax_a_query(save: Save, search: Search) -> None:
    save("a", title="Plūdi Ogrē", ministry="FM")
    save("b", title="Plūdi", ministry="IeM")
    results = search("plūdi Ogrē", filters=Filters(ministries=("IeM",)))
    assert (results.total, results.widened) == (0, False)


@pytest.mark.parametrize(
    "query",
    ["budžets", "valsts budžets", '"valsts budžets"', "budžets VAI valsts", "šokolāde valsts budžets"],
)
def test_an_explanation_adds_up_to_the_score(
    save: Save, opened: Open, analyzer: Analyzer, query: str
) -> None:
    save("a", title="Valsts budžets", lead="Par budžetu.", body="Budžeti un valstis.")
    save("b", title="Cita ziņa", body="Valsts.")
    engine, parsed = opened(), parse(query, analyzer=analyzer, today=TODAY)
    results = engine.search(parsed)
    hit = (*results.hits, *results.nearest)[0]
    explanation = engine.explain(parsed, [hit.id])[hit.id]
    assert explanation.score == pytest.approx(hit.score)
    assert explanation.score == pytest.approx(
        explanation.recency * explanation.proximity * sum(word.score for word in explanation.words)
    )
    assert all(
        word.score == pytest.approx(sum(term.score for term in word.terms)) for word in explanation.words
    )


def test_releases_that_do_not_match_are_not_explained(save: Save, opened: Open, analyzer: Analyzer) -> None:
    id_ = save("a", title="Valsts budžets")
    engine = opened()
    assert engine.explain(parse("mežs", analyzer=analyzer, today=TODAY), [id_]) == {}
    assert engine.explain(parse("budžets", analyzer=analyzer, today=TODAY), ["nav"]) == {}


@pytest.mark.parametrize(
    ("query", "explained"), [("valsts budžets", 3), ('"valsts budžets"', 2), ("šokolāde valsts budžets", 3)]
)
def test_hits_are_explained_together_as_they_are_alone(
    save: Save, opened: Open, analyzer: Analyzer, query: str, explained: int
) -> None:
    titles = ("Valsts budžets", "Budžets valstij", "Valsts budžets un valsts parāds", "Valsts", "Meži")
    ids = [save(f"{number}", title=title) for number, title in enumerate(titles)]
    engine, parsed = opened(), parse(query, analyzer=analyzer, today=TODAY)
    alone: dict[str, Explanation] = {}
    for id_ in ids:
        alone |= engine.explain(parsed, [id_])
    together = engine.explain(parsed, reversed(ids))
    assert (together, len(together)) == (alone, explained)


@pytest.mark.parametrize(("words", "chars"), [(31, 9), (16, 64)])
def test_a_query_of_many_or_long_words_is_explained_for_the_first_releases_only(
    save: Save, opened: Open, analyzer: Analyzer, words: int, chars: int
) -> None:
    others, hit = (
        [save(f"{number}", title=f"Meži {number}") for number in range(15)],
        save("b", title="Budžets"),
    )
    assert len(others) == EXPLAINED_WORDS // 32
    asked = " VAI ".join(
        [
            "budžets",
            *(
                chr(ord("a") + number // 9) * 2 + "bcdfghjkl"[number % 9] * (chars - 2)
                for number in range(words)
            ),
        ]
    )
    engine, parsed = opened(), parse(asked, analyzer=analyzer, today=TODAY)
    assert [*engine.explain(parsed, [*others[1:], hit])] == [hit]
    assert engine.explain(parsed, [*others, hit]) == {}


def test_explanations_look_up_each_word_once(save: Save, opened: Open, analyzer: Analyzer) -> None:
    ids = [save(f"{number}", title=f"Valsts budžets {number}") for number in range(20)]
    engine, parsed = opened(), parse("valsts budžets", analyzer=analyzer, today=TODAY)
    engine.explain(parsed, ids)  # reads what is read only once
    calls_for_one, calls_for_all = (
        calls(lambda some_ids=some_ids: engine.explain(parsed, some_ids)) for some_ids in (ids[:1], ids)
    )
    assert calls_for_all < 4 * calls_for_one


def test_count_is_of_releases_that_match_the_whole_query(
    save: Save, opened: Open, analyzer: Analyzer
) -> None:
    save("a", title="Plūdi Ogrē", ministry="FM")
    save("b", title="Plūdi", ministry="IeM")
    engine = opened()

    def count(text: str, filters: Filters = Filters()) -> int:  # noqa: B008  # frozen
        return engine.count(parse(text, analyzer=analyzer, today=TODAY, filters=filters))

    assert (count("plūdi"), count("plūdi Ogrē"), count("plūdi Rīgā")) == (2, 1, 0)
    assert count("plūdi", Filters(ministries=("IeM",))) == 1


def test_similar_releases_share_their_subject(save: Save, opened: Open) -> None:
    flood = "Plūdu dēļ evakuē iedzīvotājus, ugunsdzēsēji sūknē ūdeni no pagrabiem."
    first = save("a", title="Plūdi Jēkabpilī", body=flood)
    save("b", title="Plūdi Ogrē", body="Ugunsdzēsēji sūknē ūdeni un evakuē iedzīvotājus no pagrabiem.")
    save("c", title="Budžets", body="Saeima pieņem valsts budžetu nākamajam gadam.")
    engine = opened()
    assert [hit.title.text for hit in engine.similar(first)] == ["Plūdi Ogrē"]
    assert engine.similar("nav") == ()


def test_a_copy_of_a_release_is_not_similar_to_it(save: Save, opened: Open, store: Store) -> None:
    body = "Ugunsdzēsēji sūknē ūdeni un evakuē iedzīvotājus no pagrabiem."
    first = save("a", title="Plūdi", body=body, ministry="FM")
    store.set_cluster(save("b", title="Plūdi!", body=body, published=date(2020, 1, 2)), first, seen=SEEN)
    assert opened().similar(first) == ()


def test_recency_breaks_ties_but_does_not_outweigh_relevance(save: Save, search: Search) -> None:
    body = "Ministrija informē par šādu jautājumu un to, kas darāms tālāk."
    save("a", title="Pensiju indeksācija", body=body, published=date(2012, 1, 1))
    save("b", title="Pensiju indeksācija", body=body + " Arī tagad.", published=date(2026, 1, 1))
    save("c", title="Cits jautājums", body=body + " Piemin pensijas.", published=date(2026, 11, 1))
    shown = [hit.published for hit in search("pensijas").hits]
    assert shown == [date(2026, 1, 1), date(2012, 1, 1), date(2026, 11, 1)]


def test_titles_are_completed_newest_first(save: Save, opened: Open) -> None:
    save("a", title="Ziņas no Rīgas", published=date(2012, 1, 1))
    save("b", title="Ziņas no Cēsīm", published=date(2026, 1, 1))
    save("c", title="Ziņas bez datuma", published=None)
    completions = opened().completer().complete("zinas ")
    assert [completion.text for completion in completions if completion.kind == "title"] == [
        "Ziņas no Cēsīm",
        "Ziņas no Rīgas",
        "Ziņas bez datuma",
    ]


# --- Whole releases, whole index -------------------------------------------------------------


def test_matches_are_marked_in_all_of_a_release(save: Save, opened: Open, analyzer: Analyzer) -> None:
    id_ = save("a", title="Valsts budžets", lead="Par budžetu.", body="Viens.\n\nBudžeta likums.")
    engine = opened()
    query = parse("budžets", analyzer=analyzer, today=TODAY)
    marked = {
        part: [passage.text[start:end] for start, end in passage.marks]
        for part, passage in engine.mark(query, id_).items()
    }
    assert marked == {"title": ["budžets"], "lead": ["budžetu"], "body": ["Budžeta"]}
    assert engine.mark(query, "nav") == {}


def test_coverage_counts_the_releases_of_each_institution(save: Save, opened: Open) -> None:
    save("a", ministry="Ārlietu ministrija", published=date(2020, 5, 1))
    save("b", ministry="Ārlietu ministrija", published=None)
    save("c", ministry="Ārlietu ministrija", published=date(2019, 1, 1))
    save("d", ministry="Finanšu ministrija", published=None)
    covered = [(one.ministry, one.site, one.releases, one.first, one.last) for one in opened().coverage()]
    assert covered == [
        ("Finanšu ministrija", "iem", 1, None, None),
        ("Ārlietu ministrija", "iem", 3, date(2019, 1, 1), date(2020, 5, 1)),
    ]


def test_categories_are_filters_and_keep_the_other_values(
    save: Save, opened: Open, analyzer: Analyzer
) -> None:
    save("a", title="Plūdi Ogrē", category="Jaunumi, NATO")
    save("b", title="Plūdi Rīgā", category="NATO")
    save("c", title="Plūdi Jelgavā", category="Izglītība, zinātne un kultūra")
    engine = opened()
    query = parse("plūdi", analyzer=analyzer, today=TODAY, filters=Filters(categories=("Jaunumi",)))
    assert titles(engine.search(query)) == ["Plūdi Ogrē"]
    assert [(value.value, value.count) for value in engine.search(query).facets["category"]] == [
        ("NATO", 2),
        ("Izglītība, zinātne un kultūra", 1),
        ("Jaunumi", 1),
    ]


def test_traits_of_releases_are_filters_and_counted(
    save: Save, opened: Open, store: Store, analyzer: Analyzer
) -> None:
    save("a", title="Plūdi Ogrē")
    gone = save("b", title="Plūdi Rīgā")
    store.mark_gone(gone, seen=SEEN)
    engine = opened()

    def found(*traits: str) -> Results:
        query = parse("plūdi", analyzer=analyzer, today=TODAY, filters=Filters(traits=traits))
        return engine.search(query)

    assert (found().total, titles(found("gone")), found("edited", "gone").total) == (2, ["Plūdi Rīgā"], 0)
    assert [(value.value, value.count) for value in found().facets["has"]] == [("gone", 1)]


def test_types_of_attachments_are_filters_and_keep_the_other_values(
    store: Store, opened: Open, analyzer: Analyzer
) -> None:
    for name, endings in (("a", ("pdf", "xls")), ("b", ("jpg", "pdf")), ("c", ("zip",)), ("d", ())):
        attachments = [
            Attachment(url=f"https://x.example/{name}.{ending}", title="Plāns") for ending in endings
        ]
        release = publish(
            name, f"Plūdi {name}", "Upe plūst.", date(2020, 1, 1), attachments=tuple(attachments)
        )
        store.save(release, seen=SEEN)
    engine = opened()

    def found(text: str, *types: str) -> Results:
        return engine.search(
            parse(text, analyzer=analyzer, today=TODAY, filters=Filters(attachment_types=types))
        )

    def counts(results: Results) -> list[tuple[str, int]]:
        return [(value.value, value.count) for value in results.facets["attachment_type"]]

    every = [("pdf", 2), ("image", 1), ("other", 1), ("xlsx", 1)]
    assert counts(found("plūdi")) == every
    assert sorted(titles(found("plūdi", "xlsx", "other"))) == ["Plūdi a", "Plūdi c"]
    assert counts(found("plūdi", "xlsx")) == every
    assert [value.value for value in found("plūdi", "xlsx").facets["has"]] == ["attachment"]
    typed = found("plūdi fails:pdf файл:image")
    assert sorted(titles(typed)) == ["Plūdi a", "Plūdi b"]


def test_topics_are_filters_by_the_categories_of_the_site(
    store: Store, opened: Open, analyzer: Analyzer
) -> None:
    for name, site, category in (
        ("a", "mod", "NATO, Ministrs"),
        ("b", "mfa", "Diaspora"),
        ("c", "mfa", "Jaunumi"),
    ):
        store.save(publish(name, f"Plūdi {name}", "Upe plūst.", site=site, category=category), seen=SEEN)
    engine = opened()

    def found(text: str, *topics: str) -> Results:
        return engine.search(parse(text, analyzer=analyzer, today=TODAY, filters=Filters(topics=topics)))

    whole = found("plūdi")
    assert [(value.value, value.count) for value in whole.facets["topic"]] == [("defence", 1), ("foreign", 1)]
    assert titles(found("plūdi", "defence")) == titles(found("plūdi temats:aizsardzība")) == ["Plūdi a"]
    assert sorted(titles(found("plūdi", "defence", "foreign"))) == ["Plūdi a", "Plūdi b"]
