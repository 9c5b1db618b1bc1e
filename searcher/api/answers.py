"""The answer of the API to a search: hits, facets and histogram."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from index.best_bets import ChosenAnswer
from index.query import FILTERS, Interval
from index.query.filters import CELL_FACETS
from index.results import (
    STOOD_MAX,
    Explanation,
    FacetValue,
    Histogram,
    Hit,
    PeriodCount,
    TermScore,
    Translation,
)
from searcher.api.fields import require_id
from searcher.api.query_answer import FOUND, CorrectionAnswer, QueryAnswer, SuggestionAnswer
from searcher.api.stood import MatchedVersion, StoodAnswer
from searcher.asking import SearchResponse
from searcher.service import current_service
from searcher.snippets import highlight, original_of


class WordAnswer(BaseModel):
    """The share of one query word in the score of a hit."""

    word: str = Field(description="As typed.", examples=["budžets"])
    score: float = Field(description="Its share of the score.", examples=[4.2])
    why: list[str] = Field(
        description="For each index field: term, weight, number of releases, share of the score.",
        examples=[
            ["any form of the word, 'budzets': weight 3 in this release, found in 21 releases: 4.2000"]
        ],
    )


class ExplanationAnswer(BaseModel):
    """How the score of a hit was computed."""

    score: float = Field(description="The sum of the words, times the factors.", examples=[4.6])
    recency: float = Field(
        description="Factor, 1 or more: newer releases score slightly higher.", examples=[1.05]
    )
    together: float = Field(
        description="Factor, 1 or more: query words next to each other in the text score slightly higher.",
        examples=[1.05],
    )
    language: float = Field(
        description="Factor, 1 or much less: releases in the language of the query come first.",
        examples=[1.0],
    )
    words: list[WordAnswer] = Field(description="The words of the query that this release has.")

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
            language=explanation.language,
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


class TranslationAnswer(BaseModel):
    """The same release in another language."""

    id: str = Field(description="Its id.", examples=["iem-0123456789"])
    language: Literal["lv", "en", "ru"] = Field(description="Its language.", examples=["en"])
    title: str = Field(description="Its title.", examples=["State budget adopted"])

    @classmethod
    def of(cls, translation: Translation) -> "TranslationAnswer":
        """Return *translation* as the API shows it."""
        return cls(id=translation.id, language=translation.language, title=translation.title)


class HitAnswer(BaseModel):
    """A release that matches; the parameter fields selects what it has besides its id."""

    model_config = ConfigDict(json_schema_extra=require_id)

    id: str = Field(description="The id of the release.", examples=["iem-ec9999a178"])
    url: str = Field(description="The original.", examples=["https://www.iem.gov.lv/lv/jaunums/x"])
    title: str = Field(description="The title.", examples=["Pieņemts valsts budžets"])
    title_html: str = Field(
        description=(
            "HTML: the title, escaped, with matches in <mark>; "
            'those of related words are in <mark class="related">.'
        ),
        examples=["Pieņemts valsts <mark>budžets</mark>"],
    )
    snippet: str = Field(
        description="HTML: the best passage, escaped and marked as the title.",
        examples=["Saeima pieņēma <mark>budžetu</mark>."],
    )
    passages: list[str] = Field(
        description="HTML: up to three passages, best first; the snippet is the first.",
        examples=[["Saeima pieņēma <mark>budžetu</mark>."]],
    )
    passage_url: str = Field(
        description="The original, with a text fragment for the first match; empty if it cannot be opened. "
        "If the passage is of an earlier text, the page of that version here.",
        examples=["https://www.iem.gov.lv/lv/jaunums/x#:~:text=bud%C5%BEetu"],
    )
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )
    ministry: str = Field(description="The institution, by name.", examples=["Iekšlietu ministrija"])
    site: str = Field(description="The site it was read from.", examples=["iem"])
    language: str = Field(description="lv, en or ru.", examples=["lv"])
    score: float = Field(description="BM25F, unitless; higher is more relevant.", examples=[4.6])
    also_published_by: list[str] = Field(
        description="Institutions that published the same text.", examples=[["Finanšu ministrija"]]
    )
    translations: list[TranslationAnswer] = Field(
        description="The same release in other languages. Of those that match, only one is a hit: that in "
        "the language of the query or, if that is uncertain, in Latvian."
    )
    gone: bool = Field(description="The original is no longer on its site.", examples=[False])
    edited: bool = Field(description="The text changed after publication.", examples=[False])
    machine_translated: bool = Field(
        description="Its page says that it is machine-translated.", examples=[False]
    )
    stood: list[StoodAnswer] = Field(
        description="Of a search through time: when its texts that match stood on the site, oldest first; "
        f"of more than {STOOD_MAX} periods the newest. Versions in a row are one period, but for the one "
        "that is quoted. Empty for other searches."
    )
    version: MatchedVersion | None = Field(
        description="Of a search through time: the version that title and passages are from; else null."
    )
    explanation: ExplanationAnswer | None = Field(None, description="If requested.")

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
            passage_url=_version_address(hit) if hit.is_past else original_of(hit),
            published=hit.published,
            ministry=hit.ministry,
            site=hit.site,
            language=hit.language,
            score=round(hit.score, 6),
            also_published_by=list(hit.also_published_by),
            translations=list(map(TranslationAnswer.of, hit.translations)),
            gone=hit.gone,
            edited=hit.edited,
            machine_translated=hit.machine_translated,
            stood=list(map(StoodAnswer.of, hit.stood)),
            version=MatchedVersion.of(hit),
            explanation=explanation and ExplanationAnswer.of(explanation),
        )


def _version_address(hit: Hit) -> str:
    return current_service().version_address(*hit.version) if hit.version else ""


class FacetAnswer(BaseModel):
    """A value and the number of matching releases that have it."""

    value: str = Field(description="As the filter takes it.", examples=["Finanšu ministrija"])
    count: int = Field(description="Matching releases that have it.", examples=[17])

    @classmethod
    def of(cls, value: FacetValue) -> "FacetAnswer":
        """Return *value* as the API shows it."""
        return cls(value=value.value, count=value.count)


class PeriodCountAnswer(BaseModel):
    """A day, month or year, and the number of hits published in it."""

    from_: date = Field(alias="from", description="Its first day.", examples=["2019-01-01"])
    to: date = Field(description="Its last day.", examples=["2019-12-31"])
    count: int = Field(description="Equal to the total with these dates as a filter.", examples=[17])

    @classmethod
    def of(cls, period: PeriodCount) -> "PeriodCountAnswer":
        """Return *period* as the API shows it."""
        return cls.model_validate({"from": period.first, "to": period.last, "count": period.count})


class HistogramAnswer(BaseModel):
    """Hits by publication date."""

    interval: Interval = Field(description="The length of each period.", examples=["year"])
    periods: list[PeriodCountAnswer] = Field(description="Periods with hits, earliest first.")

    @classmethod
    def of(cls, histogram: Histogram) -> "HistogramAnswer":
        """Return *histogram* as the API shows it."""
        return cls(interval=histogram.interval, periods=list(map(PeriodCountAnswer.of, histogram.periods)))


class RelaxationAnswer(BaseModel):
    """A search without one word or filter, and its number of hits."""

    left_out: str = Field(
        description="A word as typed; for a filter its name, for one of dates published; empty: any word.",
        examples=["ministry"],
    )
    q: str = Field(description="The query without it.", examples=["budžets"])
    hits: int = Field(description=FOUND, examples=[17])


class BestBetAnswer(BaseModel):
    """An answer that the operator of the service chose for the query."""

    title: str = Field(description="The title to show.", examples=["Kā sagatavoties krīzei"])
    url: str = Field(
        description="The original of a release, or another address.", examples=["https://www.112.lv/"]
    )
    text: str = Field(description="A sentence of the operator; may be empty.", examples=["Kas jāsagatavo."])
    release: str | None = Field(
        description="The id of the release; null for another address.", examples=["fm-0123456789"]
    )
    ministry: str | None = Field(
        description="The institution of the release; null for another address.",
        examples=["Finanšu ministrija"],
    )
    published: date | None = Field(
        description="The day of the release; null if it is unknown, or for another address.",
        examples=["2017-11-27"],
    )

    @classmethod
    def of(cls, answer: ChosenAnswer) -> "BestBetAnswer":
        """Return *answer* as the API shows it."""
        return cls(
            title=answer.title,
            url=answer.url,
            text=answer.text,
            release=answer.release or None,
            ministry=answer.ministry or None,
            published=answer.published,
        )


_COUNTED = (*CELL_FACETS, *(one.name for one in FILTERS if one.kind == "set"))
FACETS_MEANING = f"Counts by {', '.join(_COUNTED)}; each ignores the filter on its own field."


class SearchAnswer(BaseModel):
    """A page of hits; the total and the facets are exact."""

    total: int = Field(
        description="Releases that say what was asked, as typed or in words that mean the same.",
        examples=[17],
    )
    page: int = Field(description="From 1.", examples=[1])
    per_page: int = Field(description="Hits on a page.", examples=[10])
    best_bets: list[BestBetAnswer] = Field(
        description="Answers that the operator chose for the query, apart from the hits."
    )
    hits: list[HitAnswer] = Field(description="The hits of this page, in the order asked for.")
    nearest: list[HitAnswer] = Field(
        description="If hits do not fill the first page: releases that are only near. Not "
        "counted in total, facets, feeds and exports."
    )
    near: int = Field(
        description="If hits do not fill the first page: how many releases are only near, shown or not. With "
        "`near=true` they are hits.",
        examples=[12],
    )
    next_cursor: str | None = Field(
        description="If a cursor was sent, the cursor of the next page; null on the last.",
        examples=["WyJhIiwgIiIsIDEsICJiIl0"],
    )
    facets: dict[str, list[FacetAnswer]] = Field(
        description=FACETS_MEANING,
        examples=[{"ministry": [{"value": "Finanšu ministrija", "count": 17}]}],
    )
    histogram: HistogramAnswer | None = Field(description="If requested.")
    query: QueryAnswer = Field(description="How the query was read.")
    unaccented: int = Field(
        description="Further releases that match if words typed without diacritics are read with them.",
        examples=[0],
    )
    widened: bool = Field(
        description="No release matches the whole query; the hits match most of it, without its least "
        "specific words.",
        examples=[False],
    )
    cut_histories: int = Field(
        description="Of a search through time: of how many releases some earlier texts are not kept, as they "
        "have more than 400, so that they are not searched.",
        examples=[0],
    )
    correction: CorrectionAnswer | None = Field(description="Null if the query is answered as typed.")
    suggestion: SuggestionAnswer | None = Field(description="What was probably meant, or null.")
    relaxations: list[RelaxationAnswer] = Field(
        description="If nothing matches: the same search without each word or filter."
    )
    took_ms: float = Field(description="Milliseconds that the search took.", examples=[1.4])

    @classmethod
    def of(cls, answer: SearchResponse) -> "SearchAnswer":
        """Return *answer* as the API shows it."""
        return cls(
            total=answer.results.total,
            page=answer.query.page,
            per_page=answer.query.per_page,
            best_bets=list(map(BestBetAnswer.of, answer.best_bets)),
            hits=[HitAnswer.of(hit, answer.explanations.get(hit.id)) for hit in answer.results.hits],
            nearest=[HitAnswer.of(hit, answer.explanations.get(hit.id)) for hit in answer.results.nearest],
            near=answer.results.near,
            facets={
                field: [FacetAnswer.of(value) for value in values]
                for field, values in answer.results.facets.items()
            },
            next_cursor=answer.results.cursor,
            histogram=answer.results.histogram and HistogramAnswer.of(answer.results.histogram),
            query=QueryAnswer.of(answer.query, answer.expansions),
            unaccented=answer.results.unaccented,
            widened=answer.results.widened,
            cut_histories=answer.cut,
            correction=answer.correction
            and CorrectionAnswer(
                kind=answer.correction.reading or "slips",
                q=answer.correction.text,
                changed=dict(answer.correction.changed),
            ),
            suggestion=answer.suggestion
            and SuggestionAnswer(q=answer.suggestion.text, hits=answer.suggestion.hits),
            relaxations=[
                RelaxationAnswer(left_out=search.left_out, q=search.text, hits=search.hits)
                for search in answer.omissions
            ],
            took_ms=round(answer.results.took_ms, 3),
        )
