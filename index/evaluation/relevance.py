"""How well an index answers the queries that people judged, and whether that is well enough."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import fmean
from typing import get_args

from index.analysis import Analyzer
from index.engines import Engine
from index.evaluation.judged_queries import JudgedQuery, Measure
from index.query import Everything, Query, Synonyms, parse
from index.suggest import Suggester, did_you_mean

DEPTH = 50
"""Hits of an answer that are looked at."""
_WORST = 3

# --- Answers -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query was answered with: names of releases, best first."""

    ranking: Sequence[str]
    helped_by: str = ""
    """The query that was offered instead, if one had to be."""


class Answering:
    """Answers judged queries from *engine* as the page would on the day *today*.

    *name_of* gives what a release is called in the judgements by its id.
    """

    def __init__(
        self,
        engine: Engine,
        analyzer: Analyzer,
        synonyms: Synonyms,
        *,
        today: date,
        name_of: Callable[[str], str],
    ) -> None:
        self._engine, self._analyzer, self._synonyms = engine, analyzer, synonyms
        self._today, self._name_of = today, name_of

    @cached_property
    def _suggester(self) -> Suggester:
        return self._engine.suggester()

    @cached_property
    def _ministries(self) -> tuple[str, ...]:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        return tuple(one.value for one in self._engine.search(everything).facets["ministry"])

    def answer(self, judged: JudgedQuery) -> Answer:
        """Return the answer to a query; one with a slip is answered through the suggestion."""
        if judged.kind == "typo":
            suggestion = did_you_mean(judged.text, self._suggester, self._count)
            if suggestion:
                return Answer(self._ranking(suggestion.text), suggestion.text)
        return Answer(self._ranking(judged.text))

    def _ranking(self, text: str) -> list[str]:
        found = self._engine.search(self._read(text, DEPTH))
        return [self._name_of(hit.id) for hit in (*found.hits, *found.nearest)]

    def _count(self, text: str) -> int:
        return self._engine.count(self._read(text, 1))

    def _read(self, text: str, per_page: int) -> Query:
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
Scores = Mapping[str, Mapping[Measure, float]]
"""By query, by measure, from 0 to 1."""


def scores(queries: Sequence[JudgedQuery], answers: Mapping[str, Answer]) -> Scores:
    """Measure *answers* (by query text) against the judgements.

    Raises:
        ModuleNotFoundError: the extra `relevance` is not installed.
    """
    import ir_measures  # noqa: PLC0415 - an extra that need not be installed

    # Its own reading of names needs what Python 3.14 has no more.
    measures: dict[ir_measures.measures.Measure, Measure] = {
        ir_measures.nDCG @ 10: "nDCG@10",
        ir_measures.RR: "MRR",
        ir_measures.R @ 50: "recall@50",
    }
    wanted = {judged.text: dict(judged.judgements) for judged in queries}
    run = {
        text: {name: float(DEPTH - place) for place, name in enumerate(answer.ranking)}
        for text, answer in answers.items()
    }
    measured = {judged.text: dict.fromkeys(MEASURES, 0.0) for judged in queries}
    for metric in ir_measures.iter_calc(list(measures), wanted, run):
        measured[metric.query_id][measures[metric.measure]] = metric.value
    return measured


def means(measured: Scores) -> dict[Measure, float]:
    """Return the mean of each measure over the queries."""
    return {name: fmean(values[name] for values in measured.values()) for name in MEASURES}


def shortfalls(measured: Scores, floors: Mapping[Measure, float]) -> Iterator[str]:
    """Yield for each measure below its floor what it is, and the queries that drag it down most."""
    reached = means(measured)
    for name, floor in floors.items():
        if reached[name] < floor:
            worst = sorted(measured, key=lambda text: measured[text][name])[:_WORST]
            named = ", ".join(f"{text} ({measured[text][name]:.2f})" for text in worst)
            yield f"{name} is {reached[name]:.3f}, below its floor of {floor:.3f}; worst: {named}"
