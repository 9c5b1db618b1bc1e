from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.fields import TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import QueryParser

from index.analysis.whoosh_components import (
    LatvianTokenizer,
    LemmaFilter,
    exact_analyzer,
    fold_analyzer,
    lemma_analyzer,
    stem_analyzer,
)

TEXT_LV = "Iekšlietu ministrijas valsts sekretārs D.Trofimovs diskutē par drošības izaicinājumiem 27.novembrī"


def found(folder: Path, analyzer: CompositeAnalyzer, query: str) -> bool:
    """Whether Whoosh finds the text by *query*, the index read from disk."""
    field = TEXT(analyzer=analyzer, multitoken_query="or", stored=True, phrase=True, chars=True)
    with create_in(folder, Schema(body=field)).writer() as writer:
        writer.add_document(body=TEXT_LV)
    stored = open_dir(folder)
    with stored.searcher() as searcher:
        return len(searcher.search(QueryParser("body", stored.schema).parse(query))) == 1


@pytest.mark.parametrize(
    ("analyzer", "query", "expected"),
    [
        (lemma_analyzer, "drosibas izaicinajums", True),
        (lemma_analyzer, "Trofimovam", True),
        (lemma_analyzer, "par ministrijām", True),
        (lemma_analyzer, "budžets", False),
        (stem_analyzer, "sekretaram drošībā", True),
        (exact_analyzer, "drošības", True),
        (exact_analyzer, "drošība", False),
        (fold_analyzer, "drosibas", True),
        (fold_analyzer, '"drosibas izaicinajumiem"', True),
        (fold_analyzer, "drosib*", True),
    ],
)
def test_whoosh_finds_by_the_components(
    tmp_path: Path, analyzer: Callable[[], CompositeAnalyzer], query: str, expected: bool
) -> None:
    assert found(tmp_path, analyzer(), query) is expected


def test_positions_and_characters_are_of_the_text() -> None:
    tokens = LatvianTokenizer()("27.novembrī e-pasts", positions=True, chars=True, start_pos=5, start_char=10)
    assert [(token.text, token.pos, token.startchar, token.endchar) for token in tokens] == [
        ("27", 5, 10, 12),
        ("novembrī", 6, 13, 21),
        ("epasts", 7, 22, 29),
        ("pasts", 7, 22, 29),
    ]


def test_an_untokenised_text_stays_whole() -> None:
    (token,) = LatvianTokenizer()("Valsts kase", tokenize=False, keeporiginal=True)
    assert (token.text, token.original) == ("Valsts kase", "Valsts kase")


def test_misread_text_keeps_its_places() -> None:
    text = "par droÅ¡Ä«bu"
    spans = [(token.text, token.startchar, token.endchar) for token in LatvianTokenizer()(text, chars=True)]
    assert spans == [("par", 0, 3), ("drošību", 4, 13)]


def test_components_are_equal_by_what_they_do() -> None:
    assert LemmaFilter() == LemmaFilter()
    assert LemmaFilter() != LemmaFilter(Path("other.aff"))
