"""Relevance measures (nDCG, MRR, recall) of an index on judged queries."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import get_args

from msgspec.structs import replace

from index.analysis import Analyzer
from index.engines import Engine
from index.evaluation.judged_queries import Judged, JudgedQuery, Measure
from index.meaning import CONCEPTS, RelatedWords
from index.query import Everything, Query, Synonyms, parse
from index.results import Results
from index.suggest import Suggester, did_you_mean, sure_correction

DEPTH = 50
"""The number of hits of each query that are evaluated."""
_WORST = 3

# --- Running the queries -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """The names of the releases that a query found, best first."""

    ranking: Sequence[str]
    helped_by: str = ""
    """The corrected query that was run instead; empty if there was none."""


@dataclass(frozen=True, slots=True)
class ShownAnswer(RankedAnswer):
    """A ranked answer as it is shown."""

    query: Query = field(kw_only=True)
    results: Results = field(kw_only=True)


class QueryRunner:
    """Runs judged queries on *engine* as the search page would on the day *today*.

    *name_of* maps the id of a release to its name in the judgements.
    """

    def __init__(
        self,
        engine: Engine,
        analyzer: Analyzer,
        synonyms: Synonyms,
        *,
        today: date,
        name_of: Callable[[str], str],
        concepts: Path = CONCEPTS,
    ) -> None:
        self._engine, self._analyzer, self._synonyms = engine, analyzer, synonyms
        self._today, self._name_of = today, name_of
        self._related_words = RelatedWords(analyzer, concepts)

    @cached_property
    def _suggester(self) -> Suggester:
        return self._engine.suggester()

    @cached_property
    def _ministries(self) -> tuple[str, ...]:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        return tuple(ministry.value for ministry in self._engine.search(everything).facets["ministry"])

    def run(self, judged: JudgedQuery) -> ShownAnswer:
        """Run a query with its sure correction, if any; one of kind ``typo`` also with "did you mean"."""
        asked = (judged.text, self._suggester, self._count, self._is_known)
        correction = sure_correction(*asked)
        if correction is None and judged.kind == "typo":
            correction = did_you_mean(*asked)
        text = correction.text if correction else judged.text
        query = self._related_words.expand(self._parse(text, DEPTH))
        query = replace(query, own_language=self._related_words.language_of(text) or "lv")
        results = self._engine.search(query)
        ranking = [self._name_of(hit.id) for hit in (*results.hits, *results.nearest)]
        helped_by = correction.text if correction else ""
        return ShownAnswer(ranking, helped_by, query=query, results=results)

    def _is_known(self, word: str) -> bool:
        return self._analyzer.is_in_dictionary(word) or self._related_words.has(word)

    def _count(self, text: str) -> int:
        return self._engine.count(self._parse(text, 1))

    def _parse(self, text: str, per_page: int) -> Query:
        return parse(
            text,
            analyzer=self._analyzer,
            synonyms=self._synonyms,
            today=self._today,
            ministries=self._ministries,
            per_page=per_page,
        )


# --- Measures ------------------------------------------------------------------------------------

MEASURES: tuple[Measure, ...] = get_args(Measure)
KIND_MEASURE: Measure = "nDCG@10"
"""The measure of the floors by kind."""
QueryScores = Mapping[str, Mapping[Measure, float]]
"""Values from 0 to 1, by query text and measure."""


def scores(queries: Sequence[JudgedQuery], answers: Mapping[str, RankedAnswer]) -> QueryScores:
    """Measure *answers* (by query text) against the judgements.

    Raises:
        ModuleNotFoundError: the extra `relevance` is not installed.
    """
    import ir_measures  # noqa: PLC0415  # an optional dependency

    # Measures are named by objects: the parser of measure names uses a module that Python 3.14 lacks.
    measures: dict[ir_measures.measures.Measure, Measure] = {
        ir_measures.nDCG @ 10: "nDCG@10",
        ir_measures.RR: "MRR",
        ir_measures.R @ 50: "recall@50",
    }
    grades = {judged.text: dict(judged.judgements) for judged in queries}
    run = {
        text: {name: float(DEPTH - place) for place, name in enumerate(answer.ranking)}
        for text, answer in answers.items()
    }
    measured = {judged.text: dict.fromkeys(MEASURES, 0.0) for judged in queries}
    for metric in ir_measures.iter_calc(list(measures), grades, run):
        measured[metric.query_id][measures[metric.measure]] = metric.value
    return measured


def means(measured: QueryScores) -> dict[Measure, float]:
    """Return the mean of each measure over the queries."""
    return {name: fmean(values[name] for values in measured.values()) for name in MEASURES}


def scores_by_kind(queries: Iterable[JudgedQuery], measured: QueryScores) -> dict[str, QueryScores]:
    """Return the *measured* scores of the queries, by kind of query."""
    kinds: dict[str, dict[str, Mapping[Measure, float]]] = {}
    for judged in queries:
        kinds.setdefault(judged.kind, {})[judged.text] = measured[judged.text]
    return dict(kinds)


def shortfalls(queries: Iterable[JudgedQuery], measured: QueryScores, judged: Judged) -> Iterator[str]:
    """Yield a message for each mean of *queries* below its floor in *judged*, with those that score worst."""
    for measure, floor in judged.floors.items():
        yield from _shortfall(measure, measured, measure, floor)
    for kind, of_kind in scores_by_kind(queries, measured).items():
        floor = judged.floors_by_kind.get(kind, 0)
        yield from _shortfall(f"{KIND_MEASURE} of kind {kind}", of_kind, KIND_MEASURE, floor)


def _shortfall(name: str, measured: QueryScores, measure: Measure, floor: float) -> Iterator[str]:
    value = means(measured)[measure]
    if value < floor:
        worst = sorted(measured, key=lambda text: measured[text][measure])[:_WORST]
        worst_queries = ", ".join(f"{text} ({measured[text][measure]:.2f})" for text in worst)
        yield f"{name} is {value:.3f}, below its floor of {floor:.3f}; worst: {worst_queries}"
