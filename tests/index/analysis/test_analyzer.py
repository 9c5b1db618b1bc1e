import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis import TREEBANK, conflation, content_words, without_diacritics
from crawler.config import Language
from index.analysis import Analyzer, analyze
from index.analysis.latvian.hunspell import DICTIONARY
from index.analysis.latvian.letters import fold

LANGUAGES = st.sampled_from(["lv", "en", "ru"])
LETTERS = st.text(alphabet="aāčēgģiījkķlļmnņoprsštuūvzž", min_size=1, max_size=12)
WORDS = st.one_of(
    LETTERS, st.sampled_from(["drošībai", "jāmaksā", "mazināšanas", "Bērziņam", "ministre", "ĀM", "Covid-19"])
)


def matches(analyzer: Analyzer, typed: str, written: str) -> bool:
    """Whether a query word stands for a word of a text, in any field."""
    asked, there = analyzer.query_forms(typed), analyzer.forms(written)
    return any(
        not set(getattr(asked, field)).isdisjoint(getattr(there, field))
        for field in ("lemma", "stem", "exact")
    )


def test_every_field_has_its_terms(analyzer: Analyzer) -> None:
    forms = analyzer.forms("Drošības")
    assert (forms.lemma, forms.stem, forms.exact, forms.fold) == (
        ("drosiba",),
        ("drosib",),
        ("drošības",),
        ("drosibas",),
    )


def test_an_initial_is_found_but_no_lemma(analyzer: Analyzer) -> None:
    forms = analyzer.forms("D")
    assert (forms.lemma, forms.stem, forms.exact) == ((), ("d",), ("d",))


def test_an_abbreviation_stands_beside_the_word_it_looks_like(analyzer: Analyzer) -> None:
    assert analyzer.forms("ES").exact == ("^es", "es")
    assert analyzer.forms("ES").lemma == ("^es", "es")
    assert analyzer.forms("es").exact == ("es",)
    assert analyzer.query_forms("ES").exact[0] == "^es"


@pytest.mark.parametrize(
    ("word", "language", "lemma"),
    [
        ("ministers", "en", ("minist",)),
        ("Министерства", "ru", ("министерств",)),
        ("Министерства", "lv", ("министерств",)),
        ("ministrijas", "ru", ("ministrija",)),
        ("Rīgā", "en", ("riga",)),
        ("2017", "en", ("2017",)),
    ],
)
def test_words_are_read_by_the_language_of_the_release_and_their_letters(
    analyzer: Analyzer, word: str, language: Language, lemma: tuple[str, ...]
) -> None:
    assert analyzer.forms(word, language).lemma == lemma


@pytest.mark.parametrize(
    ("typed", "written", "language"),
    [
        ("ministers", "minister", "en"),
        ("министров", "министр", "ru"),
        ("Bērziņam", "Bērziņš", "en"),
        ("Uldim", "Uldis", "en"),
        ("Purmalietim", "Purmalietis", "en"),
        ("Rigai", "Riga", "en"),
        ("ministriem", "ministrs", "lv"),
    ],
)
def test_a_query_word_is_looked_for_in_every_language(
    analyzer: Analyzer, typed: str, written: str, language: Language
) -> None:
    asked, there = analyzer.query_forms(typed), analyzer.forms(written, language)
    assert not set(asked.lemma).isdisjoint(there.lemma)


@pytest.mark.parametrize("word", ["students", "STUDENTS", "As", "The", "Students'"])
def test_what_is_no_name_in_an_english_text_is_no_latvian_word(analyzer: Analyzer, word: str) -> None:
    assert set(analyzer.forms(word, "en").lemma) <= {"student", "^students", "as", "the"}


def test_offsets_are_of_the_original_text(analyzer: Analyzer) -> None:
    text = unicodedata.normalize("NFD", "Īpaša ") + "minis\u00adtrija, 12\u00a0000"
    words = [text[token.start : token.end] for token in analyzer.analyze(text)]
    assert words == [unicodedata.normalize("NFD", "Īpaša"), "minis\u00adtrija", "12\u00a0000"]


def test_offsets_are_of_the_original_even_where_it_is_misread(analyzer: Analyzer) -> None:
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
def test_a_word_is_found_as_it_stands_and_without_its_diacritics(analyzer: Analyzer, word: str) -> None:
    assert matches(analyzer, word, word)
    assert matches(analyzer, fold(word), word)


@given(word=WORDS)
def test_a_word_typed_with_diacritics_is_found_where_the_text_has_none(analyzer: Analyzer, word: str) -> None:
    assert matches(analyzer, word, fold(word))


def test_vocabulary_outlives_the_process(tmp_path: Path) -> None:
    before, after = Analyzer(), Analyzer()
    texts = [("Drošība minis-\ntrija “ES” 10 000", "lv"), ("Ministers A", "en")]
    forms = [[token.forms.terms for token in before.analyze(*text)] for text in texts]
    before.save_vocabulary(tmp_path / "vocabulary")
    assert after.load_vocabulary(tmp_path / "vocabulary")
    assert [[token.forms.terms for token in after.analyze(*text)] for text in texts] == forms


def test_what_is_forgotten_is_looked_up_again() -> None:
    analyzer = Analyzer()
    before = [token.forms.terms for token in analyzer.analyze("Drošības ministriem")]
    analyzer.forget()
    assert [token.forms.terms for token in analyzer.analyze("Drošības ministriem")] == before


@pytest.mark.parametrize("damage", [b"", b"0000\n", b'["lv"', b"\xff\xff", b'["lv", "a"]\n', b"null\n"])
def test_a_damaged_vocabulary_is_not_used(tmp_path: Path, damage: bytes) -> None:
    analyzer = Analyzer()
    analyzer.save_vocabulary(tmp_path / "vocabulary")
    head = (tmp_path / "vocabulary").read_bytes() if len(damage) > 5 else b""
    (tmp_path / "vocabulary").write_bytes(head + damage)
    assert not analyzer.load_vocabulary(tmp_path / "vocabulary")


def test_no_vocabulary_is_none(tmp_path: Path) -> None:
    assert not Analyzer().load_vocabulary(tmp_path / "nothing")


def test_fingerprint_changes_with_the_dictionary(tmp_path: Path) -> None:
    other = tmp_path / "other.aff"
    for suffix in (".aff", ".dic"):
        other.with_suffix(suffix).write_bytes(DICTIONARY.with_suffix(suffix).read_bytes() + b"# changed\n")
    assert Analyzer(other).fingerprint() != Analyzer().fingerprint() == Analyzer().fingerprint()


@pytest.mark.sweep
@pytest.mark.skipif(not TREEBANK.exists(), reason="needs the Latvian treebank (LVTB) beside the repository")
def test_forms_of_a_word_are_joined_and_words_kept_apart(analyzer: Analyzer) -> None:
    words = content_words(TREEBANK)

    def of_text(word: str) -> tuple[str, ...]:
        return analyzer.forms(word).lemma

    def of_query(word: str) -> tuple[str, ...]:
        return analyzer.query_forms(word).lemma

    typed = conflation(words, of_text, of_query)
    bare = conflation(words, of_text, without_diacritics(of_query))
    assert typed.recall_of_others >= 99.0
    assert typed.precision >= 96.0
    assert bare.recall >= 99.0
    assert bare.precision >= 95.0
