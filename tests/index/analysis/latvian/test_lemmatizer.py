from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.latvian.lemmatizer import HOMOGRAPHS, Lemmatizer, QueryLemmas
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
    usual = [(form, lemmas) for form, lemmas in rows if lemmas != "="]
    assert all(set(lemmas.split()) < set(map(fold, lemmatizer.possible(form))) for form, lemmas in usual)
    assert all(form not in lemmatizer.possible(form) for form, lemmas in rows if lemmas == "=")


@given(word=WORDS)
def test_a_word_as_typed_matches_the_text(lemmatizer: Lemmatizer, word: str) -> None:
    lemmas = lemmatizer.of_query(word)
    assert not set(lemmatizer.of_text(word)).isdisjoint(lemmas.typed + lemmas.unaccented)


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        # Pronouns.
        *(("es", ("es",)), ("mani", ("es", "mans")), ("manis", ("es",)), ("manī", ("es",))),
        # Irregular forms have the usual lemma.
        *(("ir", ("būt",)), ("jābūt", ("būt",)), ("tūkst", ("tūkt", "tūkstotis"))),
        # Verbal nouns, with and without diacritics.
        *(("samazināšana", ("samazināšana",)), ("tikšanos", ("tikšanās",)), ("šana", ("~san",))),
        ("velesanas", ("vēlēšanas", "velēties", "vēlēties", "velēšana", "vēlēšana")),
        # Reflexive conditionals that the dictionary lacks.
        ("gribetos", ("gribēt", "gribēties")),
        # All possible lemmas of a word without its diacritics.
        *(("radit", ("radīt", "rādīt")), ("riga", ("rīga",)), ("karina", ("karina", "karināt"))),
    ],
)
def test_lemmas_of_words_that_are_told_apart(
    lemmatizer: Lemmatizer, word: str, lemmas: tuple[str, ...]
) -> None:
    assert lemmatizer.of_text(word) == lemmas


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("riga", ("~rig",)),
        ("radit", ("~radi",)),
        ("gribetos", ("~grib",)),
        ("nav", ("būt",)),
        ("augu", ("augs",)),
    ],
)
def test_lemmas_of_acronyms_that_look_like_words(
    lemmatizer: Lemmatizer, word: str, lemmas: tuple[str, ...]
) -> None:
    assert lemmatizer.of_text(word, is_acronym=True) == lemmas


@pytest.mark.parametrize(
    ("word", "lemmas"),
    [
        ("mani", QueryLemmas(("es", "manīt", "mans"), ("māņi", "mānīt", "māns"), is_known=True)),
        ("gribētos", QueryLemmas(("gribēt", "gribēties"), (), is_known=True)),
        ("nav", QueryLemmas(("nav", "būt"), (), is_known=True)),
        ("tiksanos", QueryLemmas(("~tiksan",), ("tikšanās", "~~tiksan"), is_known=False)),
        (
            "velesanas",
            QueryLemmas(
                ("~velesan",), ("vēlēšana", "vēlēšanās", "velēšana", "velēšanās", "~~velesan"), is_known=False
            ),
        ),
        ("asana", QueryLemmas(("~asan",), ("~~asan",), is_known=False)),
        ("šana", QueryLemmas(("~san",), (), is_known=False)),
        ("augu", QueryLemmas(("augt", "augs"), (), is_known=True)),
    ],
)
def test_lemmas_of_words_in_queries(lemmatizer: Lemmatizer, word: str, lemmas: QueryLemmas) -> None:
    assert lemmatizer.of_query(word) == lemmas


@pytest.mark.parametrize(
    ("word", "is_known"), [("drošībai", True), ("riga", False), ("drošībei", False), ("", False)]
)
def test_the_dictionary_has_words_as_they_are_spelled(
    lemmatizer: Lemmatizer, word: str, *, is_known: bool
) -> None:
    assert lemmatizer.is_in_dictionary(word) == is_known


@pytest.mark.parametrize(
    ("word", "beginning"),
    [
        ("ēnas", "ē"),
        ("pārmaiņām", "pārmaiņ"),
        ("brieža", ""),
        ("žabām", "ž"),
        ("trofīmovam", "trofī"),
        ("", ""),
    ],
)
def test_the_beginning_that_all_forms_share_ends_with_a_diacritic(
    lemmatizer: Lemmatizer, word: str, beginning: str
) -> None:
    assert lemmatizer.accented_beginning(word) == beginning


@pytest.mark.parametrize("word", ["kopā", "līdzi", "gan", "vakar", "iekšā"])
def test_a_word_without_other_forms_is_no_form_of_another_word(word: str) -> None:
    lemmatizer = Lemmatizer()
    assert lemmatizer.of_text(word) == (word,)
    assert lemmatizer.of_query(word) == ((word,), (), True)


@pytest.mark.parametrize(
    ("word", "typed", "unaccented"),
    [
        ("kopa", ("kopa", "kopt"), "kopā"),  # may lack a diacritic
        ("lidzi", ("~lig",), "līdzi"),
    ],
)
def test_a_word_without_other_forms_may_lack_its_diacritics(
    word: str, typed: tuple[str, ...], unaccented: str
) -> None:
    found = Lemmatizer().of_query(word)
    assert (found.typed, found.unaccented[0]) == (typed, unaccented)
