"""The JSON API: the same results as the page."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Literal

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from index.query import Expansion, Interval, Query
from index.results import Explanation, FacetValue, Histogram, Hit, PeriodCount, TermScore
from searcher.params import Parameters, SearchParams
from searcher.problems import Problem, problem
from searcher.service import SearchResponse, current_service
from searcher.snippets import highlight, link_to


class WordAnswer(BaseModel):
    """The share of one query word in the score of a hit."""

    word: str
    score: float
    why: list[str] = Field(
        description="For each index field: term, weight, number of releases, share of the score."
    )


class ExplanationAnswer(BaseModel):
    """How the score of a hit was computed."""

    score: float
    recency: float = Field(description="Factor, 1 or more: newer releases score slightly higher.")
    together: float = Field(
        description="Factor, 1 or more: query words next to each other in the text score slightly higher."
    )
    words: list[WordAnswer]

    @classmethod
    def of(cls, explanation: Explanation) -> "ExplanationAnswer":
        """Return *explanation* as the API shows it."""
        words = [
            WordAnswer(word=word.text, score=round(word.score, 4), why=[_why(term) for term in word.terms])
            for word in explanation.words
        ]
        return cls(
            score=round(explanation.score, 6),
            recency=round(explanation.recency, 4),
            together=round(explanation.proximity, 4),
            words=words,
        )


_MATCHED_AS = {
    "lemma": "any form of the word",
    "stem": "a word of the same stem",
    "exact": "the form as typed",
}


def _why(term: TermScore) -> str:
    kind = _MATCHED_AS.get(term.field, term.field)
    releases = f"{term.releases} release{'s' if term.releases != 1 else ''}"
    weight = f"weight {term.frequency:g} in this release, found in {releases}"
    return f"{kind}, {term.term!r}: {weight}: {term.score:.4f}"


class HitAnswer(BaseModel):
    """A release that matches."""

    id: str
    url: str = Field(description="The original.")
    title: str
    title_html: str = Field(description="HTML: the title, escaped, with matches in <mark>.")
    snippet: str = Field(description="HTML: the best passage, escaped, with matches in <mark>.")
    passages: list[str] = Field(
        description="HTML: up to three passages, best first; the snippet is the first."
    )
    passage_url: str = Field(description="The original, with a text fragment for the first match.")
    published: date | None
    ministry: str
    site: str
    language: str
    score: float = Field(description="BM25F, unitless; higher is more relevant.")
    also_published_by: list[str] = Field(description="Institutions that published the same text.")
    gone: bool = Field(description="The original is no longer on its site.")
    edited: bool = Field(description="The text changed after publication.")
    machine_translated: bool = Field(description="Its page says that it is machine-translated.")
    explanation: ExplanationAnswer | None = None

    @classmethod
    def of(cls, hit: Hit, explanation: Explanation | None = None) -> "HitAnswer":
        """Return *hit* as the API shows it."""
        passages = [str(highlight(passage)) for passage in hit.passages]
        return cls(
            id=hit.id,
            url=hit.url,
            title=hit.title.text,
            title_html=str(highlight(hit.title)),
            snippet=passages[0] if passages else "",
            passages=passages,
            passage_url=link_to(hit.url, hit.passages[0] if hit.passages else None),
            published=hit.published,
            ministry=hit.ministry,
            site=hit.site,
            language=hit.language,
            score=round(hit.score, 6),
            also_published_by=list(hit.also_published_by),
            gone=hit.gone,
            edited=hit.edited,
            machine_translated=hit.machine_translated,
            explanation=explanation and ExplanationAnswer.of(explanation),
        )


class FacetAnswer(BaseModel):
    """A value and the number of matching releases that have it."""

    value: str
    count: int

    @classmethod
    def of(cls, value: FacetValue) -> "FacetAnswer":
        """Return *value* as the API shows it."""
        return cls(value=value.value, count=value.count)


class PeriodCountAnswer(BaseModel):
    """A day, month or year, and the number of hits published in it."""

    from_: date = Field(alias="from")
    to: date
    count: int = Field(description="Exactly the total with these dates as a filter.")

    @classmethod
    def of(cls, period: PeriodCount) -> "PeriodCountAnswer":
        """Return *period* as the API shows it."""
        return cls.model_validate({"from": period.first, "to": period.last, "count": period.count})


class HistogramAnswer(BaseModel):
    """Hits by publication date."""

    interval: Interval
    periods: list[PeriodCountAnswer] = Field(description="Periods with hits, earliest first.")

    @classmethod
    def of(cls, histogram: Histogram) -> "HistogramAnswer":
        """Return *histogram* as the API shows it."""
        return cls(interval=histogram.interval, periods=list(map(PeriodCountAnswer.of, histogram.periods)))


class PeriodAnswer(BaseModel):
    """A period named by a part of the query."""

    text: str
    first: date
    last: date


class ExpansionAnswer(BaseModel):
    """Words of the query, and words of the same meaning that were searched, too."""

    text: str
    related: list[str] = Field(description="The first few, in their dictionary form.")


class QueryAnswer(BaseModel):
    """How the query was read."""

    text: str
    reading: str = Field(description="The text as it was read, in the query language.")
    ignored: list[str] = Field(description="Words that were ignored as too common.")
    synonyms: list[str] = Field(description="Abbreviations and full names that were searched as each other.")
    related: list[ExpansionAnswer] = Field(
        description="Words that were searched together with others of the same meaning, because too few "
        "releases match what was typed; empty if that was not needed."
    )
    cut: bool = Field(description="The text was too long and was read only in part.")
    periods: list[PeriodAnswer] = Field(description="Dates in the text that may serve as a filter.")

    @classmethod
    def of(cls, query: Query, expansions: Sequence[Expansion]) -> "QueryAnswer":
        """Return *query* as the API shows it, with the *expansions* that were used."""
        return cls(
            text=query.text,
            reading=query.reading,
            ignored=list(query.ignored),
            synonyms=list(query.synonyms),
            related=[ExpansionAnswer(text=each.text, related=list(each.related)) for each in expansions],
            cut=query.cut,
            periods=[
                PeriodAnswer(text=query.text[period.start : period.end], first=period.first, last=period.last)
                for period in query.periods
            ],
        )


class SuggestionAnswer(BaseModel):
    """A likely correction of the query; never applied automatically."""

    q: str
    hits: int


class RelaxationAnswer(BaseModel):
    """A search without one word or filter, and its number of hits."""

    left_out: str = Field(
        description="A word as typed, or ministry, language or published for a filter; empty: match any word."
    )
    q: str
    hits: int


class SearchAnswer(BaseModel):
    """A page of hits; the total and the facets are exact."""

    total: int
    page: int
    per_page: int
    hits: list[HitAnswer]
    nearest: list[HitAnswer] = Field(
        description="If hits do not fill the first page: the same releases in other languages, then those "
        "that match only part of the query, or related words. Not counted in total or facets."
    )
    related: list[str] = Field(description="The ids of those in `nearest` that related words found.")
    next_cursor: str | None = Field(
        description="If a cursor was sent, the cursor of the next page; null on the last."
    )
    facets: dict[str, list[FacetAnswer]]
    histogram: HistogramAnswer | None = Field(description="If requested.")
    query: QueryAnswer
    widened: bool = Field(description="No release matches the whole query; the hits match most of it.")
    suggestion: SuggestionAnswer | None
    relaxations: list[RelaxationAnswer]
    took_ms: float

    @classmethod
    def of(cls, answer: SearchResponse) -> "SearchAnswer":
        """Return *answer* as the API shows it."""
        return cls(
            total=answer.results.total,
            page=answer.query.page,
            per_page=answer.query.per_page,
            hits=[HitAnswer.of(hit, answer.explanations.get(hit.id)) for hit in answer.results.hits],
            nearest=[HitAnswer.of(hit, answer.explanations.get(hit.id)) for hit in answer.results.nearest],
            related=list(answer.results.related),
            facets={
                field: [FacetAnswer.of(value) for value in values]
                for field, values in answer.results.facets.items()
            },
            next_cursor=answer.results.cursor,
            histogram=answer.results.histogram and HistogramAnswer.of(answer.results.histogram),
            query=QueryAnswer.of(answer.query, answer.expansions),
            widened=answer.results.widened,
            suggestion=answer.suggestion
            and SuggestionAnswer(q=answer.suggestion.text, hits=answer.suggestion.hits),
            relaxations=[
                RelaxationAnswer(left_out=search.left_out, q=search.text, hits=search.hits)
                for search in answer.relaxations
            ],
            took_ms=round(answer.results.took_ms, 3),
        )


api = APIBlueprint(
    "api",
    __name__,
    url_prefix="/api/v1",
    abp_responses={400: Problem, 503: Problem},
    abp_tags=[Tag(name="search")],
)


def _json(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(by_alias=True) + "\n", content_type="application/json")


_REPEATED = "must be given only once"


@api.before_request
def refuse_repeated() -> Response | None:
    """Reject a single-valued parameter that is given twice: it would be ambiguous."""
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    errors = {name: _REPEATED for name in repeated if SearchParams.names().get(name) is False}
    if not errors:
        return None
    return problem(HTTPStatus.BAD_REQUEST, f"{next(iter(errors))}: {_REPEATED}", errors)


@api.get("/search", responses={200: SearchAnswer})
def search(query: SearchParams) -> Response:
    """Search the releases."""
    return _json(SearchAnswer.of(current_service().search(query)))


class TypedParams(Parameters):
    """The text typed so far."""

    q: str = Field("", max_length=200, description="The beginning of a query.")


class CompletionAnswer(BaseModel):
    """A query that completes the typed text."""

    text: str
    kind: Literal["word", "institution", "title"]


class CompletionsAnswer(BaseModel):
    """Completions of the typed text, most likely first."""

    completions: list[CompletionAnswer]


@api.get("/complete", responses={200: CompletionsAnswer})
def complete(query: TypedParams) -> Response:
    """Complete a query; diacritics may be missing."""
    completions = current_service().complete(query.q)
    answers = [CompletionAnswer(text=item.text, kind=item.kind) for item in completions]
    return _json(CompletionsAnswer(completions=answers))


class ReleasePath(BaseModel):
    """The path of a release."""

    release: str = Field(description="The id of a hit.")


class SimilarAnswer(BaseModel):
    """Releases similar to another, most similar first."""

    hits: list[HitAnswer]


@api.get("/releases/<release>/similar", responses={200: SimilarAnswer})
def similar(path: ReleasePath, query: Parameters) -> Response:  # noqa: ARG001 - rejects any query parameter
    """Find releases similar to one."""
    hits = [HitAnswer.of(hit) for hit in current_service().similar(path.release)]
    return _json(SimilarAnswer(hits=hits))
