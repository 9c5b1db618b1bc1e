"""What a reader sees of an answer: how many hits are relevant, what is above the line, what is marked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from statistics import fmean, median

from index.analysis import Analyzer
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN
from index.evaluation.judged_queries import JudgedQuery
from index.evaluation.relevance import ShownAnswer
from index.query import Query
from index.results import Hit, Passage, Results
from preses_relizes.shared.calendar import LATVIAN_MONTHS

FIRST = 10
"""The hits that a reader looks at."""
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class ReaderMeasures:
    """The means of some queries; each share is from 0 to 1."""

    precision: float
    """Share of the first ten hits that are relevant, over the queries with hits; translations and near ones
    below the line do not count."""
    above: float
    """Share of the relevant releases that are hits: they stand above the line."""
    totals: float
    """Median total of the queries that were answered with related words."""
    near: float
    """Median number of the releases that are near these, below the line."""
    unexplained: float
    """Share of the marked words that are no form of a typed word, nor of a term that the page names."""


def measure(
    queries: Sequence[JudgedQuery], answers: Mapping[str, ShownAnswer], analyzer: Analyzer
) -> ReaderMeasures:
    """Return the measures of *answers*, by text of the query."""
    precisions, above, totals, near = [], [], [], []
    marks = [0, 0]
    for judged in queries:
        answer = answers[judged.text]
        hits = answer.ranking[: len(answer.results.hits)]
        if hits:
            precisions.append(fmean(name in judged.judgements for name in hits[:FIRST]))
        above.append(fmean(name in hits for name in judged.judgements))
        if answer.results.expansions:
            totals.append(answer.results.total)
            near.append(answer.results.near)
        for word in unexplained_marks(answer.query, answer.results, analyzer):
            marks[word is not None] += 1
    return ReaderMeasures(
        precision=fmean(precisions or [0]),
        above=fmean(above),
        totals=median(totals or [0]),
        near=median(near or [0]),
        unexplained=marks[True] / max(1, sum(marks)),
    )


def unexplained_marks(query: Query, results: Results, analyzer: Analyzer) -> Iterator[str | None]:
    """Yield each word marked in the first hits that nothing on the page explains; None for every other.

    A phrase that the page names explains its words only in a passage in which all of them are marked.
    """
    typed = frozenset(
        chain.from_iterable(_keys(text, analyzer) for text in (query.text, *query.synonyms, *_dates(query)))
    )
    named = [_content(term, analyzer) for expansion in results.expansions for term in expansion.related]
    for hit in (*results.hits, *results.nearest)[:FIRST]:
        for passage in (hit.title, *hit.passages):
            tokens = [(token, _forms(token, hit, analyzer)) for token in _marked_tokens(passage)]
            marked = frozenset(chain.from_iterable(keys for _, keys in tokens))
            whole = [words for words in named if not any(map(marked.isdisjoint, words))]
            known = typed.union(*chain.from_iterable(whole))
            for token, keys in tokens:
                yield token if known.isdisjoint(keys) else None


def _forms(token: str, hit: Hit, analyzer: Analyzer) -> frozenset[str]:
    forms = analyzer.forms(token, hit.language)
    return frozenset({token.lower(), *forms.lemma, *forms.stem, *forms.fold})


def _content(term: str, analyzer: Analyzer) -> list[frozenset[str]]:
    """Return the keys of each word of *term* but its stop words."""
    words = [match[0] for match in TOKEN.finditer(term)]
    content = [word for word in words if word.lower() not in stop_words()] or words
    return [frozenset(_keys(word, analyzer)) for word in content]


def _dates(query: Query) -> Iterator[str]:
    """Yield the days and months that *query* names in figures, or as a season."""
    spans = [period.days for period in query.periods]
    for first, last in (*spans, *([query.time] if query.time else ())):
        if (last - first).days < _YEAR_DAYS:
            days = (first + timedelta(days=day) for day in range((last - first).days + 1))
            yield from {LATVIAN_MONTHS[day.month - 1] for day in days}
            yield str(first.day)


def _keys(text: str, analyzer: Analyzer) -> Iterator[str]:
    for match in TOKEN.finditer(text):
        forms = analyzer.query_forms(match[0])
        yield from (
            match[0].lower(),
            *forms.lemma,
            *forms.unaccented,
            *forms.stem,
            *forms.fold,
            *forms.acronym,
        )


def _marked_tokens(passage: Passage) -> Iterable[str]:
    for start, end in passage.marks:
        yield from (match[0] for match in TOKEN.finditer(passage.text, start, end))
