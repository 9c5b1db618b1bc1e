"""The endpoints that search: hits, facets alone, counts over time, and when a query first appeared."""

from flask import Response, url_for
from pydantic import BaseModel, Field

from index.query import AskedInterval, Query
from index.results import Appearance
from searcher import search_address
from searcher.api.answers import FACETS_MEANING, FacetAnswer, HistogramAnswer, HitAnswer, SearchAnswer
from searcher.api.blueprint import SEARCH, api, json_response, read_strictly
from searcher.api.fields import fields_of, unwanted_fields
from searcher.api.query_answer import CorrectionAnswer, QueryAnswer
from searcher.asking import SearchResponse
from searcher.comparison import ComparisonAnswer, ComparisonParams, compare
from searcher.delivery.caching import answer_unless_known
from searcher.params import DEPTH_MAX, FilterParams, SearchParams, Truth, ValueParams
from searcher.service import current_service
from searcher.telemetry import observe_search


class SearchRequest(SearchParams):
    """A search, and the fields of its hits."""

    fields: fields_of(HitAnswer) = Field([])  # type: ignore[valid-type]  # made from the model of a hit


class FacetsRequest(FilterParams):
    """A query and filters, whose matching releases are counted."""

    histogram: AskedInterval | None = Field(
        None, description=SearchParams.model_fields["histogram"].description, examples=["year"]
    )
    verbatim: Truth = Field(
        False, description=SearchParams.model_fields["verbatim"].description, examples=[True]
    )


class FacetsAnswer(BaseModel):
    """Exact counts of the releases that match."""

    total: int = Field(description="Releases that match.", examples=[17])
    facets: dict[str, list[FacetAnswer]] = Field(
        description=FACETS_MEANING,
        examples=[{"ministry": [{"value": "Finanšu ministrija", "count": 17}]}],
    )
    histogram: HistogramAnswer | None = Field(description="If requested.")
    query: QueryAnswer = Field(description="How the query was read.")
    correction: CorrectionAnswer | None = Field(description="Null if the query is counted as typed.")


class AppearanceAnswer(BaseModel):
    """When a text with all of the query first appeared on a site, and last stood there."""

    releases: int = Field(description="Releases that ever had such a text.", examples=[17])
    standing: int = Field(description="Those of them that have it now.", examples=[12])
    first: HitAnswer | None = Field(
        description="The release that had it first, and in `stood` that one period; null if none ever had. A "
        "text with a `presumed` day counts from that day."
    )
    last: HitAnswer | None = Field(
        description="The release in which it stood last, or the newest of those in which it still stands."
    )
    query: QueryAnswer = Field(description="How the query was read.")
    cut_histories: int = Field(
        description="Of how many releases some earlier texts are not kept, and so not searched.", examples=[0]
    )

    @classmethod
    def of(cls, query: Query, found: Appearance, cut: int) -> "AppearanceAnswer":
        """Return what was *found* for *query* as the API shows it."""
        return cls(
            releases=found.releases,
            standing=found.standing,
            first=found.first and HitAnswer.of(found.first),
            last=found.last and HitAnswer.of(found.last),
            query=QueryAnswer.of(query, ()),
            cut_histories=cut,
        )


@api.get("/search", operation_id="search", tags=[SEARCH], responses={200: SearchAnswer})
@read_strictly
def search(query: SearchRequest) -> Response:
    """Search the releases.

    The hits, their total, facets, and how the query was read; the same as on the page.
    """
    service = current_service()
    return answer_unless_known(service.version.now(), lambda: _answer(query, service.search(query)))


@api.get("/facets", operation_id="count", tags=[SEARCH], responses={200: FacetsAnswer})
@read_strictly
def facets(query: FacetsRequest) -> Response:
    """Count the releases that match, without hits.

    By each filter and by year, and by period if a histogram is requested.
    """
    service = current_service()
    params = SearchParams.model_construct(**{**dict(query), "per_page": 1})
    return answer_unless_known(service.version.now(), lambda: _counts(service.search(params)))


@api.get("/appearance", operation_id="find_appearance", tags=[SEARCH], responses={200: AppearanceAnswer})
@read_strictly
def appearance(query: ValueParams) -> Response:
    """Find when a query first appeared, and last stood, over every text of all releases.

    It is searched as typed, without correction and related words.
    """
    service = current_service()
    params = SearchParams.model_validate({**dict(query), "versions": True})
    return answer_unless_known(
        service.version.now(),
        lambda: json_response(AppearanceAnswer.of(*service.appearance(params))),
    )


@api.get("/compare", operation_id="compare", tags=[SEARCH], responses={200: ComparisonAnswer})
@read_strictly
def compare_searches(query: ComparisonParams) -> Response:
    """Compare searches over time.

    For each query, the number of releases by year, quarter or month, and their share of all releases; the
    same as on the page.
    """
    service = current_service()
    service.require_institutions(query.ministry)
    return answer_unless_known(
        service.version.now(), lambda: json_response(ComparisonAnswer.of(compare(service, query)))
    )


def _answer(query: SearchRequest, found: SearchResponse) -> Response:
    observe_search(query.q, found)
    left_out = {"__all__": unwanted_fields(HitAnswer, query.fields)}
    response = json_response(SearchAnswer.of(found), exclude={"hits": left_out, "nearest": left_out})
    if following := _next_page(query, found):
        response.headers["Link"] = f'<{_address(following)}>; rel="next"'
    return response


def _address(query: SearchRequest) -> str:
    named = search_address.pairs(query, per_page=current_service().settings.per_page)
    chosen = [("fields", ",".join(query.fields))] if query.fields else []
    return f"{url_for('api.search')}?{search_address.encode([*named, *chosen])}"


def _next_page(query: SearchRequest, found: SearchResponse) -> SearchRequest | None:
    if found.results.cursor:
        return query.model_copy(update={"cursor": found.results.cursor})
    shown = found.query.page * found.query.per_page
    if query.cursor or shown >= min(found.results.total, DEPTH_MAX):
        return None
    return query.model_copy(update={"page": found.query.page + 1})


def _counts(found: SearchResponse) -> Response:
    whole = SearchAnswer.of(found)
    return json_response(
        FacetsAnswer(
            total=whole.total,
            facets=whole.facets,
            histogram=whole.histogram,
            query=whole.query,
            correction=whole.correction,
        )
    )
