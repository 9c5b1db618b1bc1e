import pytest

from index.analysis import Analyzer
from index.query import AnyOf, Phrase, Word
from tests.support.queries import Parse, matches


@pytest.mark.parametrize("text", ["D. Trofimovam", "D.Trofimovs", "A. Trofimovs", "D Trofimovs"])
def test_an_initial_before_a_surname_is_optional(read: Parse, analyzer: Analyzer, text: str) -> None:
    clause = read(text).clause
    assert isinstance(clause, AnyOf)
    assert matches(clause, analyzer.analyze("Dimitrijs Trofimovs"))
    assert matches(clause.clauses[1], analyzer.analyze(f"{text[0]}. Trofimovs"))
    assert not matches(clause.clauses[1], analyzer.analyze("Dimitrijs Trofimovs"))


def test_the_surname_is_scored_once(read: Parse) -> None:
    clause = read("D. A. Trofimovs").clause
    assert isinstance(clause, AnyOf)
    words = [word for one in clause.clauses for word in (one.words if isinstance(one, Phrase) else (one,))]
    scored = [word.text for word in words if isinstance(word, Word) and word.scored]
    assert scored == ["Trofimovs", "D", "A"]
