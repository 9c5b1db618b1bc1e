import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis import TREEBANK, chains, conflation, content_words, without_diacritics
from crawler.config import Language
from index.analysis import Analyzer, analyze
from index.analysis.latvian.letters import fold

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
