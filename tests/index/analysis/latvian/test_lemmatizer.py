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
    assert lemma in lemmatizer.of_query(fold(word))


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("samazināšanai", ("samazinasana",)),
        ("tikšanos", ("tiksanas",)),
        ("vēlēšanās", ("velesana", "velesanas")),
        ("gribētos", ("gribeties",)),
        ("nav", ("but",)),
        ("gada", ("gads",)),  # not gadāt
        ("man", ("es",)),
        ("eu", ("eu",)),  # no form of es
        ("trofimovam", ("trofimov",)),  # unknown: the stem
    ],
)
def test_lemmas_of_words_in_texts(lemmatizer: Lemmatizer, word: str, lemmas: tuple[str, ...]) -> None:
    assert lemmatizer.of_text(word) == lemmas


def test_a_query_keeps_the_rare_lemma_of_a_homograph(lemmatizer: Lemmatizer) -> None:
    assert "gadat" in lemmatizer.of_query("gada")


def test_usual_lemmas_are_possible_lemmas(lemmatizer: Lemmatizer) -> None:
    rows = [line.split("\t") for line in HOMOGRAPHS.read_text("utf-8").splitlines() if line[0] != "#"]
    assert all(set(lemmas.split()) < set(lemmatizer.possible(form)) for form, lemmas in rows)


@given(word=WORDS)
def test_a_word_as_typed_matches_the_text(lemmatizer: Lemmatizer, word: str) -> None:
    assert not set(lemmatizer.of_text(word)).isdisjoint(lemmatizer.of_query(word))
