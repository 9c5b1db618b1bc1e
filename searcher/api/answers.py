"""What the API answers to a search: hits, facets, histogram, and how the query was read."""

from datetime import date

from pydantic import BaseModel, Field

from index.query import Filters, Interval, Query
from index.results import Explanation, FacetValue, Histogram, Hit, PeriodCount, TermScore
from searcher.service import SearchResponse
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


class FiltersAnswer(BaseModel):
    """Conditions on the hits: those of the request together with those typed in the query."""

    ministries: list[str] = Field(description="Any of these; empty for all.")
    languages: list[str] = Field(description="Any of these; empty for all.")
    published_from: date | None
    published_to: date | None

    @classmethod
    def of(cls, filters: Filters) -> "FiltersAnswer":
        """Return *filters* as the API shows them."""
        return cls(
            ministries=list(filters.ministries),
            languages=list(filters.languages),
            published_from=filters.published_from,
            published_to=filters.published_to,
        )


class DaysAnswer(BaseModel):
    """A range of days, both included."""

    first: date
    last: date


class QueryAnswer(BaseModel):
    """How the query was read."""

    text: str
    reading: str = Field(description="The text as it was read, in the query language.")
    ignored: list[str] = Field(description="Words that were ignored as too common.")
    synonyms: list[str] = Field(description="Abbreviations and full names that were searched as each other.")
    cut: bool = Field(description="The text was too long and was read only in part.")
    filters: FiltersAnswer
    time: DaysAnswer | None = Field(
        description="If the text is only a time: its days. The hits were published in them, newest first; if "
        "none was, widened is true and the hits name the time."
    )
    periods: list[PeriodAnswer] = Field(description="Dates in the text that may serve as a filter.")

    @classmethod
    def of(cls, query: Query) -> "QueryAnswer":
        """Return *query* as the API shows it."""
        return cls(
            text=query.text,
            reading=query.reading,
            ignored=list(query.ignored),
            synonyms=list(query.synonyms),
            cut=query.cut,
            filters=FiltersAnswer.of(query.filters),
            time=query.time and DaysAnswer(first=query.time[0], last=query.time[1]),
            periods=[
                PeriodAnswer(text=query.text[period.start : period.end], first=period.first, last=period.last)
                for period in query.periods
            ],
        )


class SuggestionAnswer(BaseModel):
    """A likely correction of the query, for the user to choose."""

    q: str
    hits: int


class CorrectionAnswer(BaseModel):
    """A sure correction of words that no release has; send `verbatim=true` to search what was typed."""

    q: str = Field(description="The corrected query, which this answers.")
    changed: dict[str, str] = Field(description="The corrected words, by word as typed.")


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
        "that match only part of the query. Not counted in total or facets."
    )
    next_cursor: str | None = Field(
        description="If a cursor was sent, the cursor of the next page; null on the last."
    )
    facets: dict[str, list[FacetAnswer]]
    histogram: HistogramAnswer | None = Field(description="If requested.")
    query: QueryAnswer
    unaccented: int = Field(
        description="Further releases that match if words typed without diacritics are read with them."
    )
    widened: bool = Field(description="No release matches the whole query; the hits match most of it.")
    correction: CorrectionAnswer | None = Field(description="Null if the query is answered as typed.")
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
            facets={
                field: [FacetAnswer.of(value) for value in values]
                for field, values in answer.results.facets.items()
            },
            next_cursor=answer.results.cursor,
            histogram=answer.results.histogram and HistogramAnswer.of(answer.results.histogram),
            query=QueryAnswer.of(answer.query),
            unaccented=answer.results.unaccented,
            widened=answer.results.widened,
            correction=answer.correction
            and CorrectionAnswer(q=answer.correction.text, changed=dict(answer.correction.changed)),
            suggestion=answer.suggestion
            and SuggestionAnswer(q=answer.suggestion.text, hits=answer.suggestion.hits),
            relaxations=[
                RelaxationAnswer(left_out=search.left_out, q=search.text, hits=search.hits)
                for search in answer.relaxations
            ],
            took_ms=round(answer.results.took_ms, 3),
        )
