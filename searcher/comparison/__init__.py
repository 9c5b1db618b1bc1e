"""How do searches compare over time? A page, files and rows with a line for each."""

from searcher.comparison.comparing import compare
from searcher.comparison.comparison_answer import ComparisonAnswer
from searcher.comparison.comparison_params import ComparisonParams
from searcher.comparison.views import compare_url, comparison, comparison_csv, comparison_svg

__all__ = [
    "ComparisonAnswer",
    "ComparisonParams",
    "compare",
    "compare_url",
    "comparison",
    "comparison_csv",
    "comparison_svg",
]
