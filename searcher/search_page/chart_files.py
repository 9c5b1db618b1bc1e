"""The chart of a search as files: CSV to count with, SVG to show elsewhere."""

from collections.abc import Callable

from flask import Response, g, render_template
from pydantic import ValidationError

from searcher import links
from searcher.delivery.caching import answer_unless_known
from searcher.exports.writing import BOM
from searcher.params import ParameterError, SearchParams, explain_errors
from searcher.search_page.chart import HEIGHT, Chart
from searcher.service import current_service

BAR_WIDTH = 32
"""In the SVG, with the gap to the next bar."""


def chart_csv() -> Response:
    """Return the chart as CSV: the first day, the last day and the number of releases of each bar."""
    return _chart_as("text/csv", _csv)


def chart_svg() -> Response:
    """Return the chart as an image with its numbers."""
    return _chart_as(
        "image/svg+xml",
        lambda chart, params: render_template(
            "chart.svg", chart=chart, params=params, width=BAR_WIDTH, height=HEIGHT
        ),
    )


def _chart_as(kind: str, write: Callable[[Chart, SearchParams], str]) -> Response:
    g.arguments = links.current_arguments()
    try:
        params = SearchParams.model_validate(links.typed_arguments(g.arguments))
    except ValidationError as error:
        raise ParameterError(explain_errors(error)) from error
    asked = params.model_copy(update={"page": 1, "per_page": 1})

    def make() -> Response:
        answer = current_service().search(asked, face=g.interface.language)
        text = write(Chart.of(params, answer, current_service()), params)
        return Response(text, content_type=f"{kind}; charset=utf-8")

    return answer_unless_known(current_service().version.now(), make)


def _csv(chart: Chart, _params: SearchParams) -> str:
    rows = (f"{bar.first},{bar.last},{bar.count}\r\n" for bar in chart.bars)
    return BOM + "from,to,releases\r\n" + "".join(rows)
