import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis import TREEBANK, chains, conflation, content_words, without_diacritics
from crawler.config import Language
from index.analysis import Analyzer, TokenColumns, analyze, default_analyzer
from index.analysis.latvian.letters import fold
from index.analysis.word_cache import WORD_CHARS

LANGUAGES = st.sampled_from(["lv", "en", "ru"])
LETTERS = st.text(alphabet="aāčēgģiījkķlļmnņoprsštuūvzž", min_size=1, max_size=12)
WORDS = st.one_of(
    LETTERS, st.sampled_from(["drošībai", "jāmaksā", "mazināšanas", "Bērziņam", "ministre", "ĀM", "Covid-19"])
)


def matches(analyzer: Analyzer, typed: str, written: str) -> bool:
    """Return whether a query word matches a word of a text in any field."""
    query_forms, text_forms = analyzer.query_forms(typed), analyzer.forms(written)
    return any(
        not set(getattr(query_forms, field)).isdisjoint(getattr(text_forms, field))
        for field in ("lemma", "stem", "exact")
    )


def test_offsets_are_those_of_the_original_text(analyzer: Analyzer) -> None:
    text = unicodedata.normalize("NFD", "Īpaša ") + "minis\u00adtrija, 12\u00a0000"
    words = [text[token.start : token.end] for token in analyzer.analyze(text)]
    assert words == [unicodedata.normalize("NFD", "Īpaša"), "minis\u00adtrija", "12\u00a0000"]


def test_offsets_of_repaired_text_are_those_of_the_original(analyzer: Analyzer) -> None:
    text = "Par droÅ¡Ä«bu jÅ«rÄ\x81"
    tokens = analyzer.analyze(text)
    assert [text[token.start : token.end] for token in tokens] == ["Par", "droÅ¡Ä«bu", "jÅ«rÄ\x81"]
    assert tokens[1].forms == analyzer.forms("drošību")


def test_equal_words_share_their_forms() -> None:
    first, second = analyze("drošība drošība")
    assert first.forms is second.forms


@given(text=st.text(), language=LANGUAGES)
def test_any_text_is_analysed(analyzer: Analyzer, text: str, language: Language) -> None:
    end = 0
    for token in analyzer.analyze(text, language):
        assert end <= token.start < token.end <= len(text)
        assert len(token.forms.exact) > 0 or "http" in text.lower() or "www" in text.lower()
        end = token.end


@given(word=WORDS)
def test_a_word_matches_with_and_without_its_diacritics(analyzer: Analyzer, word: str) -> None:
    assert matches(analyzer, word, word)
    assert matches(analyzer, fold(word), word)


@given(word=WORDS)
def test_an_accented_query_matches_unaccented_text(analyzer: Analyzer, word: str) -> None:
    assert matches(analyzer, word, fold(word))


def test_fingerprint_changes_with_the_dictionary(tmp_path: Path) -> None:
    def fingerprint(name: str, *, rules: str = "SET UTF-8\n", words: str = "1\nkoks\n") -> str:
        dictionary = tmp_path / f"{name}.aff"
        dictionary.write_text(rules, encoding="utf-8")
        dictionary.with_suffix(".dic").write_text(words, encoding="utf-8")
        return Analyzer(dictionary).fingerprint()

    assert fingerprint("same") == fingerprint("one") != Analyzer().fingerprint()
    assert fingerprint("one") not in (
        fingerprint("two", rules="SET UTF-8\n# changed\n"),
        fingerprint("three", words="1\nkoki\n"),
    )


@pytest.mark.sweep
@pytest.mark.skipif(not TREEBANK.exists(), reason="needs the Latvian treebank (LVTB) beside the repository")
def test_forms_are_conflated_and_words_kept_apart(analyzer: Analyzer) -> None:
    words = content_words(TREEBANK)
    of_text, of_query = chains(analyzer, words)["what matches"]
    typed = conflation(words, of_text, of_query)
    bare = conflation(words, of_text, without_diacritics(of_query))
    assert typed.recall_of_others >= 99.0
    assert typed.precision >= 96.0
    assert bare.recall >= 99.0
    assert bare.precision >= 95.0


# --- The tokens of a text ---

TEXT = "Iekšlietu ministrija, 12 000 eiro."


@pytest.mark.parametrize("most", [0, 1, 2, 4, 5, len(TEXT), None])
def test_only_the_first_tokens_are_returned(analyzer: Analyzer, most: int | None) -> None:
    columns = analyzer.columns(TEXT, most=most)
    kept = [[0, 10, 22, 29][:most], [9, 20, 28, 33][:most]]
    assert [list(columns.starts), list(columns.ends)] == kept
    words = ("Iekšlietu", "ministrija", "12 000", "eiro")[:most]
    assert list(columns.forms) == [analyzer.forms(word) for word in words]


def test_the_first_tokens_of_repaired_text_have_their_original_places(analyzer: Analyzer) -> None:
    columns = analyzer.columns("Par droÅ¡Ä«bu jÅ«rÄ\x81", most=2)
    assert (list(columns.starts), list(columns.ends)) == ([0, 4], [3, 13])


def test_tokens_become_columns(analyzer: Analyzer) -> None:
    tokens = analyzer.analyze(TEXT)
    columns = TokenColumns.of(tokens)
    assert [list(column) for column in columns] == [list(column) for column in zip(*tokens, strict=True)]
    assert TokenColumns.of([]) == ((), (), ())


def test_only_text_that_needs_no_repair_is_analysed_in_pieces(analyzer: Analyzer) -> None:
    assert analyzer.pieces("Par droÅ¡Ä«bu jÅ«rÄ\x81") is None
    pieces = [analyzer.pieces(TEXT, language) for language in ("lv", "lv", "en")]
    first, second, english = [one for one in pieces if one]
    assert first.text == TEXT
    assert first.reader is second.reader is not english.reader


@pytest.mark.parametrize(
    ("piece", "language", "tokens"),
    [
        ("Rīgas", "lv", [(0, 5, "rīga", "rig")]),
        ("students", "en", [(0, 8, "student", "student")]),
        ("Rīgas, 12", "lv", [(0, 5, "rīga", "rig"), (7, 9, "12", "12")]),
        ("...", "lv", []),
        ("", "lv", []),
    ],
)
def test_a_piece_has_the_packed_terms_of_its_words(
    analyzer: Analyzer, piece: str, language: Language, tokens: list[tuple[int, int, str, str]]
) -> None:
    pieces = analyzer.pieces("Ziņa", language)
    assert pieces is not None
    found = pieces.reader.tokens(piece)
    assert [(start, end, *packed.decode().split("\x1e")[:2]) for start, end, packed in found] == tokens


@pytest.mark.parametrize(
    ("word", "language", "same"),
    [("Drošība", "lv", "drošība"), ("DROŠĪBA", "lv", None), ("Министр", "ru", None), ("Riga", "en", None)],
)
def test_a_capitalised_word_shares_the_terms_of_the_same_in_small_letters(
    word: str, language: Language, same: str | None
) -> None:
    analyzer = Analyzer()
    looked_up: list[str] = []
    in_text = analyzer._words.in_text
    analyzer._words.in_text = lambda of, one: looked_up.append(one) or in_text(of, one)  # type: ignore[method-assign, func-returns-value]
    analyzer.forms(word, language)
    assert looked_up == [same or word]


def test_a_word_is_known_or_not_in_any_case(analyzer: Analyzer) -> None:
    words = ("siltumsūkņiem", "SILTUMSŪKŅIEM", "siltumsūkņeim")
    assert [analyzer.is_in_dictionary(word) for word in words] == [True, True, False]


def test_a_name_is_put_into_the_nominative(analyzer: Analyzer) -> None:
    assert analyzer.nominative("Zāļu valsts aģentūrai") == "Zāļu valsts aģentūra"


def test_long_words_of_queries_are_not_kept() -> None:
    analyzer = Analyzer()
    for chars in (WORD_CHARS, WORD_CHARS + 1):
        assert analyzer.query_forms("š" * chars).exact
        assert analyzer.accented_beginning("š" * chars)
    assert analyzer.accented_beginning("a" * 10) == ""
    caches = analyzer._cached_query_forms, analyzer._cached_beginnings
    assert [cache.cache_info().currsize for cache in caches] == [1, 1]


def test_the_default_analyzer_is_made_once() -> None:
    assert default_analyzer() is default_analyzer()
