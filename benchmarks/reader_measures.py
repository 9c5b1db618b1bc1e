"""What a reader sees of an answer: how many hits are relevant, what is above the line, what is marked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean, median

from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import TOKEN
from index.evaluation.judged_queries import JudgedQuery
from index.evaluation.relevance import ShownAnswer
from index.query import Query
from index.results import Passage, Results

FIRST = 10
"""The hits that a reader looks at."""


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
    """Share of the marked words that are no form of a typed word, nor of one that the page names."""


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
    """Yield each word marked in the first hits that nothing on the page explains; None for every other."""
    named = (term for expansion in results.expansions for term in expansion.related)
    texts = (query.text, *named, *query.synonyms)
    known = frozenset(chain.from_iterable(_keys(text, analyzer) for text in texts))
    for hit in (*results.hits, *results.nearest)[:FIRST]:
        for passage in (hit.title, *hit.passages):
            for token in _marked_tokens(passage):
                forms = analyzer.forms(token, hit.language)
                keys = {token.lower(), *forms.lemma, *forms.stem, *forms.fold}
                yield token if known.isdisjoint(keys) else None


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
