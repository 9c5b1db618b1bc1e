"""Acceptance of a new index by its relevance on the operator's judged queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from crawler.config import ConfigError
from crawler.store import Store
from crawler.urls import canonical
from index.analysis import Analyzer
from index.engines import Engine
from index.evaluation.judged_queries import Judged, JudgedQuery, Measure, load
from index.evaluation.relevance import KIND_MEASURE, QueryRunner, means, scores, scores_by_kind, shortfalls
from index.meaning import CONCEPTS
from index.query import Synonyms
from preses_relizes.shared.calendar import today


@dataclass(frozen=True, slots=True)
class RelevanceVerdict:
    """The relevance of an index, and whether it is good enough."""

    relevance: Mapping[Measure, float]
    """The mean of each measure over the queries."""
    by_kind: Mapping[str, float]
    """The mean nDCG@10 of each kind of query that has a name."""
    shortfalls: tuple[str, ...]
    """A message for each mean below its floor; the index may be used if there are none."""
    unknown: tuple[str, ...]
    """Judged releases that are hidden or not in the store; the index need not find them."""


UNJUDGED = RelevanceVerdict({}, {}, (), ())


def judged_queries(path: Path) -> Judged | None:
    """Return the judged queries at *path*, or None if *path* is empty.

    Raises:
        ConfigError: the file is invalid, or the extra `relevance` is not installed.
    """
    if path == Path():
        return None
    if find_spec("ir_measures") is None:
        raise ConfigError(
            f"{path}: needs ir_measures; pip install 'preses-relizes[relevance]', or leave out index.judged"
        )
    return load(path)


def judge(
    engine: Engine,
    store: Store,
    analyzer: Analyzer,
    judged: Judged | None,
    names: Mapping[str, Sequence[str]],
    *,
    concepts: Path = CONCEPTS,
) -> RelevanceVerdict:
    """Measure the relevance of *engine*, built from *store*.

    *names* are the expansions of abbreviations; the file *concepts* has words that mean the same.
    """
    if judged is None:
        return UNJUDGED
    # Near-duplicates are shown as one hit, so they are judged as one release.
    unknown = tuple(_unknown(judged.queries, store))
    queries = [graded for query in judged.queries if (graded := _grade_clusters(query, store))]
    if not queries:
        problems = (
            ("none of the judged releases is in the store",) if judged.floors or judged.floors_by_kind else ()
        )
        return RelevanceVerdict({}, {}, problems, unknown)
    runner = QueryRunner(
        engine,
        analyzer,
        Synonyms(names, analyzer),
        today=today(),
        name_of=lambda id_: _cluster(id_, store),
        concepts=concepts,
    )
    measured = scores(queries, {query.text: runner.run(query) for query in queries})
    by_kind = {
        kind: means(of)[KIND_MEASURE] for kind, of in scores_by_kind(queries, measured).items() if kind
    }
    return RelevanceVerdict(means(measured), by_kind, tuple(shortfalls(queries, measured, judged)), unknown)


def _unknown(queries: Iterable[JudgedQuery], store: Store) -> Iterator[str]:
    names = dict.fromkeys(name for query in queries for name in query.judgements)
    return (name for name in names if not _cluster(name, store))


def _grade_clusters(query: JudgedQuery, store: Store) -> JudgedQuery | None:
    """Return *query* with its grades by cluster, or None if it has no relevant release left."""
    grades: dict[str, int] = {}
    for name, grade in query.judgements.items():
        if cluster := _cluster(name, store):
            grades[cluster] = max(grade, grades.get(cluster, 0))
    return query.model_copy(update={"judgements": grades}) if any(grades.values()) else None


def _cluster(name: str, store: Store) -> str:
    """Return the cluster of the release *name* (URL or id), or "" if it is hidden or not in the store."""
    stored = store.find(canonical(name)) or store.get(name)
    return stored.cluster if stored and stored.state != "hidden" else ""
