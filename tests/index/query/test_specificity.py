import pytest

from index.query import Related, Word
from index.query.ast import AnyOf
from index.query.specificity import is_common, specificity
from tests.support.queries import Parse


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("valsts", "prezidents"),
        ("gada", "budžets"),
        ("jāgaida", "zoodārzs"),
        ("valsts", '"valsts kase"'),
        ("2", "zoodārzs"),
        ("new", "refugees"),
        ("valsts VAI gada", "valsts VAI zoodārzs"),
    ],
)
def test_a_word_is_more_specific_the_rarer_it_is_in_ordinary_language(
    read: Parse, less: str, more: str
) -> None:
    assert specificity(read(less).clause) < specificity(read(more).clause)


@pytest.mark.parametrize(
    ("lemma", "common"),
    [("valsts", True), ("gads", True), ("2", True), ("robeža", False), ("zoodārzs", False)],
)
def test_the_commonest_words_and_numbers_say_nothing_by_themselves(lemma: str, *, common: bool) -> None:
    assert is_common(lemma) == common


def test_initials_say_nothing_and_an_abbreviation_as_much_as_a_rare_word() -> None:
    assert specificity(Word(text="J", exact=("j",), scored=False)) == 0
    assert specificity(Word(text="ES", lemma=("es",), acronym="^es")) == pytest.approx(3.2)
    assert specificity(Word(text="es", lemma=("es",))) == 0.25


def test_every_year_says_less_than_what_happened_in_it(read: Parse) -> None:
    (year,) = {specificity(Word(text=year, lemma=(year,))) for year in ("1995", "2017", "2019", "2026")}
    assert year < specificity(read("ugunsgrēks").clause)


def test_related_words_do_not_change_what_a_word_says() -> None:
    word = Word(text="valsts", lemma=("valsts",))
    rare = Related((Word(text="zoodārzs", lemma=("zoodārzs",)),))
    assert specificity(AnyOf((word, rare))) == specificity(word)
