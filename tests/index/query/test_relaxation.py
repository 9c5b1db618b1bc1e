import pytest

from index.analysis import Analyzer
from index.query import AllOf, AnyOf, Clause, Everything, MostOf, Not, Phrase, Word
from index.query.relaxation import covering, relax_phrases
from tests.support.queries import Parse


def required_by(clause: Clause) -> str:
    """Return what *clause* requires besides about as many of the words as the best release."""
    match clause:
        case AllOf((MostOf(), Not(Not(gate)), *_)):
            return describe(gate)
    return "as it was"


def describe(clause: Clause) -> str:
    match clause:
        case Word():
            return clause.text
        case AllOf(clauses):
            return f"({' '.join(map(describe, clauses))})"
        case AnyOf(clauses):
            return f"({' | '.join(map(describe, clauses))})"
    return repr(clause)


@pytest.mark.parametrize(
    ("text", "share", "required"),
    [
        ("valsts prezidents", 0.65, "prezidents"),  # valsts says little
        ("valsts prezidents", 1, "as it was"),
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


def test_a_clause_that_scores_otherwise_requires_what_it_did(read: Parse) -> None:
    typed, scored = read("budžets osta").clause, read("nauda kuģis").clause
    match covering(typed, 1, scored):
        case AllOf((MostOf(words), Not(Not(gate)))):
            assert [word.text for word in words if isinstance(word, Word)] == ["nauda", "kuģis"]
            assert gate == typed
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
