"""What the clauses and terms of a query say about themselves."""

import pytest

from index.query import Expansion, MostOf, RelatedTerm, Word

WORDS = tuple(Word(text=text) for text in "abcdef")


@pytest.mark.parametrize(("clauses", "missing"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2)])
def test_of_more_than_three_clauses_two_may_be_missing(clauses: int, missing: int) -> None:
    assert MostOf(WORDS[:clauses]).missing_max == missing


def test_a_word_has_the_lemmas_of_all_its_spellings() -> None:
    assert Word(text="tiesa", lemma=("tiesa",), unaccented=("tiešs", "tiesāt")).lemmas == (
        "tiesa",
        "tiešs",
        "tiesāt",
    )
    assert Word(text="tiesa").lemmas == ()


def expansion(*terms: tuple[str, str]) -> Expansion:
    return Expansion(
        "a",
        tuple(RelatedTerm(text=text, language=language, words=((text,),)) for text, language in terms),  # type: ignore[arg-type]  # all are languages
    )


@pytest.mark.parametrize(
    ("terms", "related"),
    [
        (
            [("road", "en"), ("ceļš", "lv"), ("дорога", "ru"), ("iela", "lv")],
            ("road", "ceļš", "дорога", "iela"),
        ),
        ([("road", "en"), ("дорога", "ru")], ("road", "дорога")),
        ([("ceļš", "lv"), ("ceļš", "lv"), ("iela", "lv")], ("ceļš", "iela")),
        ([], ()),
        ([(f"vārds{number}", "lv") for number in range(9)], tuple(f"vārds{n}" for n in range(9))),
    ],
)
def test_the_related_terms_are_named_once_in_all_languages(
    terms: list[tuple[str, str]], related: tuple[str, ...]
) -> None:
    assert expansion(*terms).related == related
