from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.indexing.abbreviations import Definitions, read_expansions
from index.query import Synonyms, parse
from tests.index.conftest import Save

NAMES = {
    "VUGD": ("Valsts ugunsdzēsības un glābšanas dienests",),
    "VID": ("Valsts ieņēmumu dienests",),
    "ES": ("Eiropas Savienība",),
}
FindTitles = Callable[[str], set[str]]


@pytest.fixture
def find_titles(save: Save, read_only_index: Callable[[], WhooshEngine], analyzer: Analyzer) -> FindTitles:
    """Return a function that finds the titles of releases that match a query."""
    save("a", title="Īsi", body="VUGD brīdina par plūdiem.")
    save("b", title="Gari", body="Valsts ugunsdzēsības un glābšanas dienestam ir jaunas mašīnas.")
    save("c", title="Cits", body="Glābšanas dienesti un Valsts policija glābj no ugunsgrēka.")
    save("d", title="Eiropa", body="Eiropas Savienības budžets.")
    save("e", title="Vieta", body="Es zinu vid vārdu.")
    engine = read_only_index()
    synonyms = Synonyms(NAMES, analyzer)

    def titles(text: str) -> set[str]:
        query = parse(text, analyzer=analyzer, synonyms=synonyms, today=date(2026, 11, 25))
        results = engine.search(query)
        return set() if results.widened else {hit.title.text for hit in results.hits}

    return titles


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("VUGD", {"Īsi", "Gari"}),
        ("vugd", {"Īsi", "Gari"}),
        ("Valsts ugunsdzēsības un glābšanas dienesta", {"Īsi", "Gari"}),
        ("valsts ugunsdzesibas un glabsanas dienestam", {"Īsi", "Gari"}),
        ("VUGD mašīnas", {"Gari"}),
        ("Valsts ugunsdzēsības un glābšanas dienests plūdi", {"Īsi"}),
        ("teksts:VUGD", {"Īsi", "Gari"}),
        ("virsraksts:VUGD", set()),
        ("VUGD VAI budžets", {"Īsi", "Gari", "Eiropa"}),
        ("ES budžets", {"Eiropa"}),
        ("=VUGD", {"Īsi"}),
        ('"VUGD"', {"Īsi"}),
        ("brīdina -VUGD", set()),
        ("glābšanas dienests", {"Gari", "Cits"}),
    ],
)
def test_abbreviation_and_name_find_each_other(find_titles: FindTitles, text: str, titles: set[str]) -> None:
    assert find_titles(text) == titles


def test_the_query_lists_its_expansions(analyzer: Analyzer) -> None:
    query = parse(
        "VID nodokļi", analyzer=analyzer, synonyms=Synonyms(NAMES, analyzer), today=date(2026, 11, 25)
    )
    assert query.synonyms == ("VID = Valsts ieņēmumu dienests",)
    assert query.reading == "VID nodokļi"


def test_expansions_are_listed_in_the_nominative(analyzer: Analyzer) -> None:
    synonyms = Synonyms({"ZVA": ("Zāļu valsts aģentūrai",)}, analyzer)
    query = parse("ZVA", analyzer=analyzer, synonyms=synonyms, today=date(2026, 11, 25))
    assert query.synonyms == ("ZVA = Zāļu valsts aģentūra",)


def test_a_short_abbreviation_in_lower_case_is_a_word(analyzer: Analyzer) -> None:
    names = {"AP": ("Augstākā padome",)}
    query = parse("ap māju", analyzer=analyzer, synonyms=Synonyms(names, analyzer), today=date(2026, 11, 25))
    assert query.synonyms == ()


def test_es_is_no_pronoun(analyzer: Analyzer) -> None:
    query = parse("es fondi", analyzer=analyzer, synonyms=Synonyms(NAMES, analyzer), today=date(2026, 11, 25))
    assert (query.synonyms, query.reading) == (("ES = Eiropas Savienība",), "es fondi")


def test_shipped_abbreviations_are_known(tmp_path: Path, analyzer: Analyzer) -> None:
    names = read_expansions(tmp_path / "absent.tsv")
    assert names["IeM"] == ("Iekšlietu ministrija",)
    query = parse("IEM", analyzer=analyzer, synonyms=Synonyms(names, analyzer), today=date(2026, 11, 25))
    assert query.synonyms == ("IeM = Iekšlietu ministrija",)


def test_the_operator_can_reject_a_shipped_abbreviation(tmp_path: Path) -> None:
    path = tmp_path / "acronyms.tsv"
    path.write_text("no\tIeM\tIekšlietu ministrija\n", "utf-8")
    assert "IeM" not in read_expansions(path)


def test_the_names_come_from_the_reviewed_file(tmp_path: Path, analyzer: Analyzer) -> None:
    path = tmp_path / "acronyms.tsv"
    path.write_text("no\tVID\tValsts ieņēmumu dienests\nyes\tIeM\tIekšlietu ministrija\n", "utf-8")
    synonyms = Synonyms(Definitions.read(path).expansions(), analyzer)
    query = parse("IeM VID", analyzer=analyzer, synonyms=synonyms, today=date(2026, 11, 25))
    assert query.synonyms == ("IeM = Iekšlietu ministrija",)
