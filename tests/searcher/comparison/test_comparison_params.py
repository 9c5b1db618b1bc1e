import pytest
from werkzeug.datastructures import MultiDict

from searcher.comparison.comparison_params import ComparisonParams, of_institution
from searcher.params import ParameterError


def test_a_name_with_quotation_marks_is_one_value() -> None:
    assert of_institution('SIA „Ceļš" un "Tilts"') == 'ministrija:"SIA  Ceļš  un  Tilts "'


def test_queries_and_institutions_are_five_lines_together() -> None:
    sent = [*(("q", text) for text in ("a", " a ", "b", "c", "d")), ("ministry", "E")]
    assert ComparisonParams.read(MultiDict(sent)).lines == ("a", "b", "c", "d", 'ministrija:"E"')
    with pytest.raises(ParameterError, match="q: must be at most 5 values"):
        ComparisonParams.read(MultiDict([*sent, ("ministry", "F")]))
