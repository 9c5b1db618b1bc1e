"""A plain Whoosh user reads and searches the index that we build, through Whoosh's own interfaces."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from whoosh.fields import TEXT, Schema
from whoosh.highlight import UppercaseFormatter, WholeFragmenter, highlight
from whoosh.index import create_in
from whoosh.index import open_dir as open_plain_dir
from whoosh.qparser import MultifieldParser, OrGroup, QueryParser
from whoosh.searching import Searcher

from crawler.store import Store
from index.analysis import Analyzer
from index.analysis.whoosh_analyzer import TermAnalyzer, TextField
from index.codec import open_dir
from index.engines.whoosh.indexer import build
from index.engines.whoosh.schema import schema
from index.writer.vocabulary import FIELDS
from tests.index.conftest import Save
from tests.support.built_once import BuiltOnce

TITLE = "Iekšlietu ministrijas valsts sekretārs D.Trofimovs diskutē par drošības izaicinājumiem"
BODY = "Reģiona e-pasti 27.novembrī; ES palīdzība. Rakstīts Covid-19 laikā."


@pytest.fixture
def searcher(store: Store, save: Save, analyzer: Analyzer, built_once: BuiltOnce) -> Iterator[Searcher]:
    """Whoosh's searcher over an index of two releases that `reindex` would build."""
    save("drosiba", title=TITLE, body=BODY)
    save("budzets", title="Budžets", body="Par naudu un valsti.")
    folder = built_once.folder(store, lambda folder: build(folder, store, analyzer))
    with open_dir(folder, schema()).searcher() as opened:
        yield opened


def titles(searcher: Searcher, field: TextField, text: str) -> list[str]:
    parsed = QueryParser(field, searcher.schema).parse(text)
    return sorted(hit["shown"]["title"] for hit in searcher.search(parsed))


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("lemma", "drosibas izaicinajums", [TITLE]),
        ("lemma", "Trofimovam", [TITLE]),
        ("lemma", "par ministrijām", [TITLE]),
        ("lemma", "valstīm", ["Budžets", TITLE]),
        ("lemma", "ES", [TITLE]),
        ("lemma", "pasts", [TITLE]),
        ("lemma", "ugunsgrēks", []),
        ("stem", "sekretaram drošībā", [TITLE]),
        ("exact", "drošības", [TITLE]),
        ("exact", "drošība", []),
        ("exact", "ES", [TITLE]),
        ("exact", '"diskutē par drošības"', [TITLE]),
        ("fold", "drosibas", [TITLE]),
        ("fold", '"par drosibas izaicinajumiem"', [TITLE]),
        ("fold", '"par izaicinajumiem"', []),
        ("fold", "drosib*", [TITLE]),
    ],
)
def test_whoosh_parses_and_searches_our_fields(
    searcher: Searcher, field: TextField, text: str, expected: list[str]
) -> None:
    assert titles(searcher, field, text) == sorted(expected)


def test_whoosh_searches_several_fields_at_once(searcher: Searcher) -> None:
    parser = MultifieldParser(["lemma", "exact"], searcher.schema, group=OrGroup)
    hits = searcher.search(parser.parse("izaicinājumiem budžeta"))
    assert sorted(hit["shown"]["title"] for hit in hits) == ["Budžets", TITLE]


@pytest.mark.parametrize("field", FIELDS)
def test_every_term_of_the_index_is_one_that_the_field_yields(searcher: Searcher, field: TextField) -> None:
    analyse = searcher.schema[field].analyzer
    texts = (TITLE, BODY, "Budžets", "Par naudu un valsti.", "01.01.2020 1. janvāris")
    yielded = {token.text for text in texts for token in analyse(text)}
    assert set(searcher.reader().field_terms(field)) == yielded


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_yields_what_the_analysis_returns(analyzer: Analyzer, field: TextField) -> None:
    tokens = analyzer.analyze(f"{TITLE}. {BODY} par droÅ¡Ä«bu")
    expected = [
        (term, position, token.start, token.end)
        for position, token in enumerate(tokens)
        for term in getattr(token.forms, field)
    ]
    yielded = TermAnalyzer(field)(f"{TITLE}. {BODY} par droÅ¡Ä«bu", positions=True, chars=True, mode="index")
    assert [(token.text, token.pos, token.startchar, token.endchar) for token in yielded] == expected


def test_the_language_is_that_of_the_text() -> None:
    assert [token.text for token in TermAnalyzer("lemma", "en")("ministries")] == ["ministri"]


def test_stop_words_of_a_query_are_left_out_where_words_are_inflected() -> None:
    yielded = {
        field: [token.text for token in TermAnalyzer(field)("par ES", mode="query")] for field in FIELDS
    }
    assert yielded["lemma"][0] == "^es"
    assert "par" not in yielded["lemma"] + yielded["stem"]
    assert yielded["exact"] == yielded["fold"] == ["par", "es"]


def test_positions_and_characters_start_where_asked() -> None:
    tokens = TermAnalyzer("exact")(
        "27.novembrī e-pasts", positions=True, chars=True, start_pos=5, start_char=10
    )
    assert [(token.text, token.pos, token.startchar, token.endchar) for token in tokens] == [
        ("27", 5, 10, 12),
        ("novembrī", 6, 13, 21),
        ("epasts", 7, 22, 29),
        ("pasts", 7, 22, 29),
    ]


def test_an_untokenised_text_stays_whole() -> None:
    (token,) = TermAnalyzer("lemma")("Valsts kase", tokenize=False, keeporiginal=True)
    assert (token.text, token.original) == ("Valsts kase", "Valsts kase")


def test_whoosh_highlights_inflected_words() -> None:
    marked = highlight(TITLE, {"drošība"}, TermAnalyzer("lemma"), WholeFragmenter(), UppercaseFormatter())
    assert marked == TITLE.replace("drošības", "DROŠĪBAS")


def test_the_analyzer_serves_an_index_of_whoosh_own_codec(tmp_path: Path) -> None:
    body = TEXT(analyzer=TermAnalyzer("lemma"), multitoken_query="or", stored=True)
    with create_in(tmp_path, Schema(body=body)).writer() as writer:
        writer.add_document(body=TITLE)
    stored = open_plain_dir(tmp_path)
    with stored.searcher() as plain:
        assert len(plain.search(QueryParser("body", stored.schema).parse("drosibas izaicinajums"))) == 1


def test_analyzers_are_equal_by_field_and_language() -> None:
    assert TermAnalyzer("lemma") == TermAnalyzer("lemma")
    assert TermAnalyzer("lemma") != TermAnalyzer("stem")
    assert TermAnalyzer("lemma") != TermAnalyzer("lemma", "en")
