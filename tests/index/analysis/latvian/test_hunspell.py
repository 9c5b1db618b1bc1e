"""Tests of the dictionary reader and of `derivation`."""

import gc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.hunspell import Lexicon, LexiconError, open_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return open_lexicon()


@pytest.fixture(scope="module")
def folded() -> Lexicon:
    return open_lexicon(folded=True)


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("drošībai", ["drošība"]),
        ("Novembrī", ["novembris"]),
        ("neiet", ["iet"]),  # a negated verb
        ("nelielā", ["neliels"]),  # an adjective of its own
        ("jāstrādā", ["strādāt"]),
        ("visdrošākajiem", ["drošs"]),
        ("dodas", ["doties"]),  # reflexive, not dot
        ("dod", ["dot"]),
        ("vadītājai", ["vadītāja"]),  # feminine, not vadītājs
        ("vadītājam", ["vadītājs"]),
        ("galdiņu", ["galdiņš"]),  # diminutive, not galds
        ("upītē", ["upīte"]),
        ("strādājošajiem", ["strādāt"]),  # a suffix on a suffix
        ("mazināšanai", ["mazināšana"]),
        ("ceļa", ["celis", "ceļš"]),
        ("qwerty", []),
        ("", []),
    ],
)
def test_a_form_has_its_lemmas(lexicon: Lexicon, word: str, lemmas: list[str]) -> None:
    assert sorted(lexicon.lemmas(word)) == sorted(lemmas)


def test_a_folded_lexicon_knows_unaccented_words(folded: Lexicon) -> None:
    assert folded.lemmas("sekretaram") == ("sekretārs",)
    assert folded.lemmas("mazinasanas") == ("mazināties", "mazināšana")
    assert folded.lemmas("celu") == ("celu", "celt", "celis", "ceļš", "cēls")


def test_a_name_is_known_by_its_capital(lexicon: Lexicon) -> None:
    assert [lexicon.is_name(lemma) for lemma in ("rīga", "drošība", "riga")] == [True, False, False]


def test_another_dictionary_can_be_used(tmp_path: Path) -> None:
    aff = tmp_path / "xx.aff"
    aff.write_text("SET UTF-8\nSFX A Y 1\nSFX A s am s\n", encoding="utf-8")
    aff.with_suffix(".dic").write_text("1\nkoks/A\n", encoding="utf-8")
    assert Lexicon(aff).lemmas("kokam") == ("koks",)


@pytest.mark.parametrize("content", [None, b"SFX A\n", b"\xff\xfe", b"SFX A Y 1\nSFX A s am [\n"])
def test_an_invalid_dictionary_is_reported_by_path(tmp_path: Path, content: bytes | None) -> None:
    aff = tmp_path / "broken.aff"
    if content is not None:
        aff.write_bytes(content)
        aff.with_suffix(".dic").write_text("1\na/A\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"broken\.aff"):
        Lexicon(aff)


@given(word=st.text(max_size=40))
def test_any_text_can_be_looked_up(lexicon: Lexicon, word: str) -> None:
    assert len(set(lexicon.lemmas(word))) == len(lexicon.lemmas(word))


def test_a_lexicon_is_shared_until_its_files_change(tmp_path: Path) -> None:
    aff = tmp_path / "small.aff"
    aff.write_text("SET UTF-8\n", encoding="utf-8")
    aff.with_suffix(".dic").write_text("1\nvārds\n", encoding="utf-8")
    lexicon, folded = open_lexicon(aff), open_lexicon(aff, folded=True)
    assert (open_lexicon(aff), open_lexicon(aff, folded=True)) == (lexicon, folded)
    aff.with_suffix(".dic").write_text("2\nvārds\nmāja\n", encoding="utf-8")
    assert (open_lexicon(aff).lemmas("māja"), lexicon.lemmas("māja")) == (("māja",), ())


def test_the_garbage_collector_runs_again_after_a_failed_load(tmp_path: Path) -> None:
    aff = tmp_path / "broken.aff"
    aff.write_bytes(b"SFX A\n")
    aff.with_suffix(".dic").write_text("1\na/A\n", encoding="utf-8")
    with pytest.raises(LexiconError):
        open_lexicon(aff)
    assert gc.isenabled()
