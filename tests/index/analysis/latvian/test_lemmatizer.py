from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.lemmatizer import HOMOGRAPHS, Lemmatizer
from index.analysis.latvian.letters import fold

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "stems.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
WORDS = st.one_of(
    st.sampled_from([row[0] for row in ROWS]), st.from_regex(r"[a-zāčēģīķļņšūž]{1,15}", fullmatch=True)
)


@pytest.fixture(scope="module")
def lemmatizer() -> Lemmatizer:
    return Lemmatizer()


@pytest.mark.parametrize(("word", "lemma"), [(row[0], row[2]) for row in ROWS if row[2] != "-"])
def test_a_form_in_a_text_has_its_lemma(lemmatizer: Lemmatizer, word: str, lemma: str) -> None:
    assert lemma in lemmatizer.of_text(word)


@pytest.mark.parametrize(("word", "lemma"), [(row[0], row[2]) for row in ROWS if row[2] != "-"])
def test_an_unaccented_query_form_has_its_lemma(lemmatizer: Lemmatizer, word: str, lemma: str) -> None:
    lemmas = lemmatizer.of_query(fold(word))
    assert lemma in lemmas.typed + lemmas.unaccented


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("samazināšanai", ("samazināšana",)),
        ("tikšanos", ("tikšanās",)),
        ("vēlēšanās", ("vēlēšana", "vēlēšanās")),
        ("gribētos", ("gribēties",)),
        ("nav", ("būt",)),
        ("tūkstošiem", ("tūkstotis",)),
        ("gada", ("gads",)),  # not gadāt
        ("man", ("es",)),
        ("eu", ("~eu",)),  # no form of es
        ("radīt", ("radīt",)),
        ("rādīt", ("rādīt",)),
        ("drosibas", ("drošība",)),  # a text without diacritics
        ("trofimovam", ("~trofimov",)),  # unknown: the stem
        ("vējlapam", ("~vējlap", "~~vejlap")),
        ("kariņam", ("~karin",)),
    ],
)
def test_lemmas_of_words_in_texts(lemmatizer: Lemmatizer, word: str, lemmas: tuple[str, ...]) -> None:
    assert lemmatizer.of_text(word) == lemmas


def test_a_query_keeps_the_rare_lemma_of_a_homograph(lemmatizer: Lemmatizer) -> None:
    assert lemmatizer.of_text("augu") == ("augs",)
    assert "augt" in lemmatizer.of_query("augu").typed


@pytest.mark.parametrize(
    ("word", "typed", "unaccented"),
    [
        ("tiesa", ("tiesa",), ("tiešs", "tiesāt")),
        ("tieša", ("tiešs",), ()),
        ("videjais", ("~videj",), ("vidējs", "~~videj")),
        ("drošiba", ("~drosib",), ("drošība",)),
        ("samazinasanai", ("~samazinasan",), ("samazināšana", "~~samazinasan")),
        ("karina", ("karina", "karināt"), ("karīna",)),
        ("vējlapa", ("~vējlap",), ("~vejlap",)),
    ],
)
def test_a_query_word_may_lack_diacritics(
    lemmatizer: Lemmatizer, word: str, typed: tuple[str, ...], unaccented: tuple[str, ...]
) -> None:
    lemmas = lemmatizer.of_query(word)
    assert (lemmas.typed, lemmas.unaccented) == (typed, unaccented)


def test_a_capitalised_name_of_the_dictionary_is_no_other_word(lemmatizer: Lemmatizer) -> None:
    assert lemmatizer.of_query("ludza").unaccented == ("lūgt",)
    assert lemmatizer.of_query("ludza", is_capitalized=True).unaccented == ()


def test_an_acronym_does_not_lack_diacritics(lemmatizer: Lemmatizer) -> None:
    assert lemmatizer.of_text("vid", is_acronym=True) == ("~vid",)


def test_usual_lemmas_are_possible_lemmas(lemmatizer: Lemmatizer) -> None:
    rows = [line.split("\t") for line in HOMOGRAPHS.read_text("utf-8").splitlines() if line[0] != "#"]
    assert all(set(lemmas.split()) < set(map(fold, lemmatizer.possible(form))) for form, lemmas in rows)


@given(word=WORDS)
def test_a_word_as_typed_matches_the_text(lemmatizer: Lemmatizer, word: str) -> None:
    lemmas = lemmatizer.of_query(word)
    assert not set(lemmatizer.of_text(word)).isdisjoint(lemmas.typed + lemmas.unaccented)
