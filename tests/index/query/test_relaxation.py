import pytest

from index.analysis import Analyzer
from index.query import AllOf, AnyOf, Everything, Not, Phrase, Word
from index.query.relaxation import ENOUGH, relax, relax_to_any
from tests.support.queries import Parse, shape


@pytest.mark.parametrize(
    ("text", "relaxed"),
    [
        ("budžets osta", "((budžets osta))"),  # all of: most of the words
        ("budžets -osta", None),
        ("budžets", None),
        ("budžets VAI osta", None),
        ('="valsts kase"', None),
    ],
)
def test_relax_asks_for_most_of_the_words(
    read: Parse, analyzer: Analyzer, text: str, relaxed: str | None
) -> None:
    least = {least: shape(clause) for clause, least in relax(read(text).clause, analyzer)}
    assert least.get(0) == relaxed


@pytest.mark.parametrize(
    ("text", "related", "found", "relaxed"),
    [
        ("budžets", "nauda", 0, "nauda"),
        ("budžets osta", "nauda kuģis", ENOUGH, "(nauda kuģis)"),
        ("budžets osta", "nauda kuģis", ENOUGH - 1, "((nauda kuģis))"),
        ("budžets osta", "nauda kuģis -ceļš", 0, "((nauda kuģis) -ceļš)"),
    ],
)
def test_related_words_are_relaxed_only_if_they_find_little(
    read: Parse, analyzer: Analyzer, text: str, *, related: str, found: int, relaxed: str
) -> None:
    others = read(related).clause
    wider = relax(read(text).clause, analyzer, related=others)
    clause = next(clause for clause, least in wider if (found if clause == others else 0) >= least)
    assert shape(clause) == relaxed


def test_what_matches_everything_is_no_word_to_leave_out(read: Parse, analyzer: Analyzer) -> None:
    clause = AllOf((read("budžets").clause, Everything()))
    assert not list(relax(clause, analyzer))
    assert relax_to_any(clause, analyzer) is None


def test_relax_tries_any_form_of_a_phrase_first(read: Parse, analyzer: Analyzer) -> None:
    ((clause, least),) = relax(read('"valsts kase"').clause, analyzer)
    assert "kase" in clause.words[1].lemma  # type: ignore[union-attr]
    assert least == 1


@pytest.mark.parametrize(
    ("text", "relaxed"),
    [
        ("budžets osta", "(budžets | osta)"),
        ("budžets osta -nauda", "((budžets | osta) -nauda)"),
        ('"valsts kase"', '"valsts kase"~0'),
        ("budžets", None),
        ("budžets -osta", None),
        ('="valsts kase"', None),
    ],
)
def test_relax_to_any_keeps_exclusions(
    read: Parse, analyzer: Analyzer, text: str, relaxed: str | None
) -> None:
    clause = relax_to_any(read(text).clause, analyzer)
    assert (clause and shape(clause)) == relaxed


STRICT_WORD, LOOSE_WORD = (
    Word(text="=valsts", exact=("valsts",)),
    Word(text="kase", exact=("kase",), part="lead"),
)


def test_a_phrase_with_an_exact_word_stays_as_it_is(analyzer: Analyzer) -> None:
    mixed = Phrase(words=(STRICT_WORD, LOOSE_WORD))
    assert relax_to_any(mixed, analyzer) is None
    assert list(relax(mixed, analyzer)) == []


def test_a_word_of_a_phrase_in_any_form_keeps_its_part(analyzer: Analyzer) -> None:
    relaxed = relax_to_any(Phrase(words=(LOOSE_WORD, LOOSE_WORD), slop=3), analyzer)
    assert isinstance(relaxed, Phrase)
    assert (relaxed.slop, relaxed.words[0].part, relaxed.words[0].lemma) == (3, "lead", ("kase",))


def test_phrases_among_words_and_alternatives_are_relaxed(analyzer: Analyzer) -> None:
    phrase = Phrase(words=(LOOSE_WORD, LOOSE_WORD))
    loose = relax_to_any(phrase, analyzer)
    clause = AllOf((AnyOf((phrase, LOOSE_WORD)), phrase, Not(LOOSE_WORD), AnyOf((LOOSE_WORD, Everything()))))
    assert relax_to_any(clause, analyzer) == AllOf(
        (AnyOf((AnyOf((loose, LOOSE_WORD)), loose)), Not(LOOSE_WORD), AnyOf((LOOSE_WORD, Everything())))  # type: ignore[arg-type]  # the phrase
    )
