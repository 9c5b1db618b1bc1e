"""The page of a comparison and its files."""

from http import HTTPStatus

from flask import Response, g, make_response, redirect, render_template, request

from index.institutions import alphabetical
from searcher import links
from searcher.comparison.comparing import ComparedDays, ComparedLine, Comparison, LineError, compare
from searcher.comparison.comparison_params import (
    LINE_CHARS_MAX,
    LINES_MAX,
    ShownComparison,
    lines_of,
    of_institution,
)
from searcher.comparison.lines_chart import LinesChart
from searcher.delivery.caching import answer_unless_known
from searcher.exports.writing import BOM, cell
from searcher.pages.rendering import page
from searcher.params import ParameterError, SearchParams
from searcher.search_address import encode, pairs
from searcher.service import current_service

ROWS_MIN = 2
"""Fields for lines that are shown though nothing is typed."""


def comparison() -> Response:
    """Show the lines, and the form that chooses them."""
    try:
        params = _read()
    except ParameterError as error:
        return _page_with_errors(error)
    g.own_query = encode(params.pairs)
    if g.own_query != request.query_string.decode("latin-1"):
        return make_response(redirect(links.list_address("views.comparison", params.pairs)))

    def make() -> Response:
        try:
            found = compare(current_service(), params)
        except ParameterError as error:
            return _page_with_errors(error)
        return page(
            "compare.html", HTTPStatus.OK, **_form(params), **_chart(params, found), errors={}, wrong=None
        )

    return answer_unless_known(current_service().version.now(), make)


def comparison_csv() -> Response:
    """Return the counts as CSV: a row for each period, a column for each line and one for all releases."""
    params = _read()

    def make() -> Response:
        found = compare(current_service(), params)
        names = (cell(line.text).replace('"', '""') for line in found.lines)
        head = ",".join(("from", "to", *(f'"{name}"' for name in names), "all"))
        counts = zip(*(line.counts for line in found.lines), found.all, strict=True)
        rows = (
            ",".join(map(str, (span.first, span.last, *row)))
            for span, row in zip(found.spans, counts, strict=True)
        )
        return Response(
            BOM + "".join(f"{row}\r\n" for row in (head, *rows)), content_type="text/csv; charset=utf-8"
        )

    return answer_unless_known(current_service().version.now(), make)


def comparison_svg() -> Response:
    """Return the chart as an image."""
    params = _read()

    def make() -> Response:
        found = compare(current_service(), params)
        drawn = render_template("compare.svg", **_chart(params, found))
        return Response(drawn, content_type="image/svg+xml; charset=utf-8")

    return answer_unless_known(current_service().version.now(), make)


def compare_url(params: SearchParams) -> str:
    """Return the address of a comparison that begins with a search: a line for each chosen institution."""
    common = params.model_copy(
        update={"q": "", "ministry": [], "page": 1, "per_page": 10, "sort": "relevance"}
    )
    institutions = params.ministry[:LINES_MAX]  # type: ignore[attr-defined]  # a declared filter
    texts = lines_of(f"{params.q} {of_institution(name)}" for name in institutions) or lines_of([params.q])
    kept = [pair for pair in pairs(common, per_page=10) if pair[0] in ShownComparison.names()]
    return links.list_address("views.comparison", [*(("q", text) for text in texts), *kept])


def _read() -> ShownComparison:
    params = ShownComparison.read_known(request.args)
    if not current_service().institutions.names().issuperset(params.ministry):
        raise ParameterError({"ministry": "there is no such institution"})
    return params


def _chart(params: ShownComparison, found: Comparison) -> dict[str, object]:
    """Return what both templates need to draw what was *found*."""
    is_share = params.show == "share"
    return {
        "found": found,
        "chart": LinesChart.of(found, is_share=is_share) if found.lines else None,
        "is_share": is_share,
        "name": _name,
        "address": lambda line, span: _address(params, line, span),
    }


def _name(line: ComparedLine) -> str:
    return g.interface.institution(line.institution) if line.institution else line.searched


def _address(params: ShownComparison, line: ComparedLine, span: ComparedDays) -> str:
    """Return the address of the search that has as many results as *line* counts in *span*."""
    asked = params.search(line.searched).model_copy(update={"from_": span.first, "to": span.last})
    return links.search_url(g.interface.language, encode(pairs(asked, per_page=1)))


def _form(params: ShownComparison) -> dict[str, object]:
    return {
        "texts": _rows(params.lines),
        "typed": {
            "from": g.interface.typed(params.from_) if params.from_ else "",
            "to": g.interface.typed(params.to) if params.to else "",
            "by": params.by or "",
            "show": params.show,
        },
        "common": [pair for pair in params.pairs if pair[0] not in ("q", "from", "to", "by", "show")],
        "lines_max": LINES_MAX,
        "line_chars_max": LINE_CHARS_MAX,
        "ministries": sorted(current_service().institutions.names(), key=_alphabetically),
        "files": {
            "CSV": links.list_address("views.comparison_csv", params.pairs),
            "SVG": links.list_address("views.comparison_svg", params.pairs),
        },
    }


def _alphabetically(institution: str) -> str:
    return alphabetical(g.interface.institution(institution))


def _rows(texts: tuple[str, ...]) -> list[str]:
    """Return the texts of the fields: those typed, and an empty one for a further line."""
    rows = [*texts, ""][: max(LINES_MAX, len(texts))]
    return rows + [""] * (ROWS_MIN - len(rows))


def _page_with_errors(error: ParameterError) -> Response:
    """Show the form as it was filled in, with the errors at their fields."""
    sent = request.args
    g.own_query = encode(sent.items(multi=True))
    typed = {name: sent.get(name, "") for name in ("from", "to", "by", "show", "ministry")}
    texts = tuple(text for text in sent.getlist("q") if text.strip())
    form = _form(ShownComparison())
    form |= {"texts": _rows(texts), "typed": typed}
    common = [
        pair
        for pair in sent.items(multi=True)
        if pair[0] in ShownComparison.names() and pair[0] not in (*typed, "q")
    ]
    form["common"] = common
    wrong = error.number if isinstance(error, LineError) else None
    return page("compare.html", HTTPStatus.BAD_REQUEST, **form, errors=error.errors, wrong=wrong, chart=None)
