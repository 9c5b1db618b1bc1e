import pytest

from index.analysis import Analyzer
from index.query import AnyOf
from tests.support.queries import Parse, matches


@pytest.mark.parametrize("text", ["D. Trofimovam", "D.Trofimovs", "A. Trofimovs", "D Trofimovs"])
def test_an_initial_before_a_surname_is_optional(read: Parse, analyzer: Analyzer, text: str) -> None:
    clause = read(text).clause
    assert isinstance(clause, AnyOf)
    assert matches(clause, analyzer.analyze("Dimitrijs Trofimovs"))
    assert matches(clause.clauses[1], analyzer.analyze(f"{text[0]}. Trofimovs"))
    assert not matches(clause.clauses[1], analyzer.analyze("Dimitrijs Trofimovs"))
