"""The JSON endpoint: the same results as the page."""

from datetime import date
from http import HTTPStatus
from typing import Literal

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import BaseModel, Field

from index.query import Interval, Query
from index.results import Explanation, FacetValue, Histogram, Hit, PeriodCount, TermScore
from searcher.params import Parameters, SearchParams
from searcher.problems import Problem, problem
from searcher.service import Answer, service
from searcher.snippets import link_to, marked


class WordAnswer(BaseModel):
    """What a word of the query adds to the score of a hit."""

    word: str
    score: float
    why: list[str] = Field(
        description="By field of the index: the term, how often, in how many releases, its share."
    )


class ExplanationAnswer(BaseModel):
    """Why a hit scores what it does."""

    score: float
    recency: float = Field(description="A factor from 1: newer releases count a little more.")
    together: float = Field(
        description="A factor from 1: words typed one after another that stand so count a little more."
    )
    words: list[WordAnswer]

    @classmethod
    def of(cls, explanation: Explanation) -> "ExplanationAnswer":
        """Return *explanation* in words and numbers."""
        words = [
            WordAnswer(word=word.text, score=round(word.score, 4), why=[_why(term) for term in word.terms])
            for word in explanation.words
        ]
        return cls(
            score=round(explanation.score, 6),
            recency=round(explanation.recency, 4),
            together=round(explanation.together, 4),
            words=words,
        )


_MATCHED_AS = {
    "lemma": "any form of the word",
    "stem": "a word of the same stem",
    "exact": "the form as typed",
}


def _why(term: TermScore) -> str:
    kind = _MATCHED_AS.get(term.field, term.field)
    found = f"{term.releases} release{'s' if term.releases != 1 else ''}"
    stands = f"weight {term.frequency:g} in this release, found in {found}"
    return f"{kind}, {term.term!r}: {stands}: {term.score:.4f}"


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
    passage_url: str = Field(description="The original, opened at the first match.")
    published: date | None
    ministry: str
    site: str
    language: str
    score: float = Field(description="BM25F, unitless; higher is more relevant.")
    also_published_by: list[str] = Field(description="Institutions that published the same text.")
    gone: bool = Field(description="The original is no longer on its site.")
    edited: bool = Field(description="The text was changed after it was published.")
    machine_translated: bool = Field(description="Its page says that a machine translated it.")
    explanation: ExplanationAnswer | None = None

    @classmethod
    def of(cls, hit: Hit, explanation: Explanation | None = None) -> "HitAnswer":
        """Return *hit* as the API shows it."""
        passages = [str(marked(passage)) for passage in hit.passages]
        return cls(
            id=hit.id,
            url=hit.url,
            title=hit.title.text,
            title_html=str(marked(hit.title)),
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
    """A value and how many of the matching releases have it."""

    value: str
    count: int

    @classmethod
    def of(cls, value: FacetValue) -> "FacetAnswer":
        """Return *value* as the API shows it."""
        return cls(value=value.value, count=value.count)


class PeriodCountAnswer(BaseModel):
    """A day, month or year, and how many of the hits were published in it."""

    from_: date = Field(alias="from")
    to: date
    count: int = Field(description="What the total would be with these dates as a filter: exact.")

    @classmethod
    def of(cls, period: PeriodCount) -> "PeriodCountAnswer":
        """Return *period* as the API shows it."""
        return cls.model_validate({"from": period.first, "to": period.last, "count": period.count})


class HistogramAnswer(BaseModel):
    """The hits by time."""

    interval: Interval
    periods: list[PeriodCountAnswer] = Field(description="Those with hits, the earliest first.")

    @classmethod
    def of(cls, histogram: Histogram) -> "HistogramAnswer":
        """Return *histogram* as the API shows it."""
        return cls(interval=histogram.interval, periods=list(map(PeriodCountAnswer.of, histogram.periods)))


class PeriodAnswer(BaseModel):
    """Days that a part of the query names."""

    text: str
    first: date
    last: date


class QueryAnswer(BaseModel):
    """The query as it was understood."""

    text: str
    reading: str = Field(description="How the text was read, in the query language.")
    ignored: list[str] = Field(description="Typed, but left out: words that say nothing alone.")
    synonyms: list[str] = Field(description="Abbreviations also looked for in full, or the other way round.")
    cut: bool = Field(description="The text was longer than what is read.")
    periods: list[PeriodAnswer] = Field(description="Dates in the text, which may be used as a filter.")

    @classmethod
    def of(cls, query: Query) -> "QueryAnswer":
        """Return *query* as the API shows it."""
        return cls(
            text=query.text,
            reading=query.reading,
            ignored=list(query.ignored),
            synonyms=list(query.synonyms),
            cut=query.cut,
            periods=[
                PeriodAnswer(text=query.text[one.start : one.end], first=one.first, last=one.last)
                for one in query.periods
            ],
        )


class SuggestionAnswer(BaseModel):
    """A query that was probably meant; never applied by itself."""

    q: str
    hits: int


class RelaxationAnswer(BaseModel):
    """A search that leaves out one thing, and what it would find."""

    left_out: str = Field(
        description="A word as typed, or ministry, language or published for a filter; empty: any word."
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
        description="Where the hits do not fill the first page: the same in other languages, then what has "
        "only some of what was asked. In no count."
    )
    next_cursor: str | None = Field(
        description="Where a cursor was sent: that of the next page; null on the last."
    )
    facets: dict[str, list[FacetAnswer]]
    histogram: HistogramAnswer | None = Field(description="Where it was asked for.")
    query: QueryAnswer
    widened: bool = Field(description="Nothing has all that was asked; the hits have most of it.")
    suggestion: SuggestionAnswer | None
    relaxations: list[RelaxationAnswer]
    took_ms: float

    @classmethod
    def of(cls, answer: Answer) -> "SearchAnswer":
        """Return *answer* as the API shows it."""
        return cls(
            total=answer.results.total,
            page=answer.query.page,
            per_page=answer.query.per_page,
            hits=[HitAnswer.of(hit, answer.explanations.get(hit.id)) for hit in answer.results.hits],
            nearest=[HitAnswer.of(hit, answer.explanations.get(hit.id)) for hit in answer.results.nearest],
            facets={
                field: [FacetAnswer.of(value) for value in values]
                for field, values in answer.results.facets.items()
            },
            next_cursor=answer.results.cursor,
            histogram=answer.results.histogram and HistogramAnswer.of(answer.results.histogram),
            query=QueryAnswer.of(answer.query),
            widened=answer.results.widened,
            suggestion=answer.suggestion
            and SuggestionAnswer(q=answer.suggestion.text, hits=answer.suggestion.hits),
            relaxations=[
                RelaxationAnswer(left_out=one.left_out, q=one.text, hits=one.hits)
                for one in answer.relaxations
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
    """Refuse a parameter that is given twice and has but one value: nobody could tell which counts."""
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    errors = {name: _REPEATED for name in repeated if SearchParams.names().get(name) is False}
    if not errors:
        return None
    return problem(HTTPStatus.BAD_REQUEST, f"{next(iter(errors))}: {_REPEATED}", errors)


@api.get("/search", responses={200: SearchAnswer})
def search(query: SearchParams) -> Response:
    """Search the releases."""
    return _json(SearchAnswer.of(service().search(query)))


class TypedParams(Parameters):
    """What has been typed so far."""

    q: str = Field("", max_length=200, description="The beginning of a query.")


class CompletionAnswer(BaseModel):
    """A query that goes on from what was typed."""

    text: str
    kind: Literal["word", "institution", "title"]


class CompletionsAnswer(BaseModel):
    """Queries that go on from what was typed, the likeliest first."""

    completions: list[CompletionAnswer]


@api.get("/complete", responses={200: CompletionsAnswer})
def complete(query: TypedParams) -> Response:
    """Complete a query that is being typed; diacritics may be left out."""
    found = service().complete(query.q)
    answers = [CompletionAnswer(text=one.text, kind=one.kind) for one in found]
    return _json(CompletionsAnswer(completions=answers))


class ReleasePath(BaseModel):
    """Which release."""

    release: str = Field(description="The id of a hit.")


class SimilarAnswer(BaseModel):
    """Releases like another one, the most alike first."""

    hits: list[HitAnswer]


@api.get("/releases/<release>/similar", responses={200: SimilarAnswer})
def similar(path: ReleasePath, query: Parameters) -> Response:  # noqa: ARG001 - there are none, so any is refused
    """Find the releases most like one."""
    hits = [HitAnswer.of(hit) for hit in service().similar(path.release)]
    return _json(SimilarAnswer(hits=hits))
