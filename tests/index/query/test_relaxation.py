from collections.abc import Sequence

import pytest

from index.analysis import Analyzer
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Related,
    Word,
)
from index.query.relaxation import Line, above, covering, relax_phrases
from tests.support.queries import Parse


def required_by(clause: Clause) -> str:
    """Return what *clause* requires besides about as many of the words as the best release."""
    match clause:
        case AllOf((_, EnoughOf() as gate, *_)):
            return describe(gate)
    return "as it was"


def all_of(texts: Sequence[str]) -> str:
    return f"({' '.join(texts)})"


def any_of(texts: Sequence[str]) -> str:
    return f"({' | '.join(texts)})"


def describe(clause: Clause) -> str:
    match clause:
        case Word():
            return f"{clause.part}:{clause.text}" if clause.part else clause.text
        case AllOf(clauses):
            return all_of(list(map(describe, clauses)))
        case AnyOf(clauses):
            return any_of(list(map(describe, clauses)))
        case EnoughOf(clauses):
            return clause.combine(list(map(describe, clauses)), all_of, any_of)
        case InOpening(inner):
            return f"opening:{describe(inner)}"
    return repr(clause)


@pytest.mark.parametrize(
    ("text", "share", "required"),
    [
        ("valsts prezidents", 0.65, "prezidents"),  # valsts says little
        ("valsts prezidents", 1, "(prezidents valsts)"),
        ("zoodārzs prezidents", 0.75, "(zoodārzs prezidents)"),
        ("zoodārzs prezidents", 0.65, "zoodārzs"),
        ("zoodārzs prezidents", 0.2, "(zoodārzs | prezidents)"),
        ("zoodārzs lidosta muita", 0.65, "(zoodārzs (muita | lidosta))"),
        ("valsts prezidents -lidosta", 0.65, "prezidents"),
        ("budžets", 0.5, "as it was"),
        ("budžets -osta", 0.5, "as it was"),
        ("budžets VAI osta", 0.5, "as it was"),
        ('="valsts kase"', 0.5, "as it was"),
    ],
)
def test_the_words_required_make_up_a_share_of_what_the_query_says(
    read: Parse, text: str, share: float, required: str
) -> None:
    assert required_by(covering(read(text).clause, share)) == required


def line(*, same: float = 0, akin: float = 0, opening: float = 0) -> Line:
    return Line(same=same, akin=akin, opening=opening, near=0.5)


BOTH = "(zoodārzs prezidents)"


@pytest.mark.parametrize(
    ("asked", "required"),
    [
        (line(same=0.5), f"({BOTH} | (zoologs (zvērs)))"),  # zoodārzs is the rarer one
        (line(same=0.3), f"({BOTH} | ((zoologs | vadītājs) (zvērs)))"),
        (line(akin=0.5), f"({BOTH} | (zvērs (zvērs)))"),
        (line(opening=0.5), f"({BOTH} | (opening:zvērs (zvērs)))"),
        (line(same=0.5, akin=0.9), f"({BOTH} | (zoologs (zvērs vārds) (zvērs)))"),
    ],
)
def test_above_a_line_is_what_says_all_or_enough_of_a_query(read: Parse, asked: Line, required: str) -> None:
    clauses = (read(text).clause for text in ("zoodārzs prezidents", "zoologs vadītājs", "zvērs vārds"))
    assert required_by(above(asked, *clauses)) == required


def test_one_word_is_enough_if_typed_or_related_in_the_opening(read: Parse) -> None:
    typed, same = read("zoodārzs").clause, read("zoologs").clause
    related = AnyOf((typed, Related((same,))))
    enough = above(line(same=0.5, akin=0.85, opening=0.5), typed, same, related)
    match enough:
        case AllOf((scored, EnoughOf((all_of_it, AllOf((same_words, InOpening(in_opening))))))):
            assert (scored, all_of_it, same_words, in_opening) == (related, typed, same, related)
        case other:
            pytest.fail(f"{other}")


@pytest.mark.parametrize("text", ["budžets", '="valsts kase"', "budžets VAI osta", "budžets -osta"])
def test_what_has_no_related_words_and_nothing_to_leave_out_stays(read: Parse, text: str) -> None:
    clause = read(text).clause
    assert above(line(same=0.5), clause, clause, clause) == clause


def test_what_is_above_a_line_scores_as_all_related_words_do(read: Parse) -> None:
    typed, akin = read("budžets osta -nauda").clause, read("nauda kuģis").clause
    match above(line(same=0.5), typed, typed, akin):
        case AllOf((MostOf(words), _, Not(excluded))):
            assert [*map(describe, words), describe(excluded)] == ["nauda", "kuģis", "nauda"]
        case other:
            pytest.fail(f"{other}")


def test_exclusions_are_kept(read: Parse) -> None:
    clause = covering(read("budžets osta -nauda").clause, 0.5)
    assert isinstance(clause, AllOf)
    assert isinstance(clause.clauses[-1], Not)
    assert describe(clause.clauses[-1].clause) == "nauda"


def test_what_matches_everything_is_no_word_to_leave_out(read: Parse) -> None:
    clause = AllOf((read("budžets").clause, Everything()))
    assert covering(clause, 0.1) == clause


def test_phrases_match_any_form_of_their_words_unless_exact(read: Parse, analyzer: Analyzer) -> None:
    loose = relax_phrases(read('"valsts kase"').clause, analyzer)
    assert "kase" in loose.words[1].lemma  # type: ignore[union-attr]
    exact = read('="valsts kase"').clause
    assert relax_phrases(exact, analyzer) == exact


STRICT_WORD, LOOSE_WORD = (
    Word(text="=valsts", exact=("valsts",)),
    Word(text="kase", exact=("kase",), part="lead"),
)


def test_a_phrase_with_an_exact_word_stays_as_it_is(analyzer: Analyzer) -> None:
    mixed = Phrase(words=(STRICT_WORD, LOOSE_WORD))
    assert relax_phrases(mixed, analyzer) == mixed


def test_a_word_of_a_phrase_in_any_form_keeps_its_part(analyzer: Analyzer) -> None:
    relaxed = relax_phrases(Phrase(words=(LOOSE_WORD, LOOSE_WORD), slop=3), analyzer)
    assert isinstance(relaxed, Phrase)
    assert (relaxed.slop, relaxed.words[0].part, relaxed.words[0].lemma) == (3, "lead", ("kase",))


def test_phrases_among_words_and_alternatives_are_relaxed(analyzer: Analyzer) -> None:
    phrase = Phrase(words=(LOOSE_WORD, LOOSE_WORD))
    loose = relax_phrases(phrase, analyzer)
    clause = AllOf((AnyOf((phrase, LOOSE_WORD)), phrase, Not(LOOSE_WORD)))
    assert relax_phrases(clause, analyzer) == AllOf((AnyOf((loose, LOOSE_WORD)), loose, Not(LOOSE_WORD)))
