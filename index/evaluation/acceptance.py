"""How well a new index answers the judged queries of the operator, before it is put into use."""

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
from index.evaluation.relevance import Answering, means, scores, shortfalls
from index.query import Synonyms
from preses_relizes.calendar import today


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an index is worth by the judged queries."""

    relevance: Mapping[Measure, float]
    """Means over the queries."""
    shortfalls: tuple[str, ...]
    """What is below its floor, and why; empty: the index may be used."""
    unknown: tuple[str, ...]
    """Judged releases that the store does not have or hides; they are not expected."""


UNJUDGED = Verdict({}, (), ())


def judged_queries(path: Path) -> Judged | None:
    """Return the judged queries at *path*; None where *path* is empty.

    Raises:
        ConfigError: the file is not what it should be, or the extra `relevance` is not installed.
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
) -> Verdict:
    """Measure how *engine*, made from *store*, answers; *names* are the expansions of abbreviations."""
    if judged is None:
        return UNJUDGED
    # Releases that say the same are shown as one hit, so they are judged as one.
    unknown = tuple(_unknown(judged.queries, store))
    queries = [one for query in judged.queries if (one := _by_cluster(query, store))]
    if not queries:
        return Verdict({}, ("none of the judged releases is in the store",) if judged.floors else (), unknown)
    answering = Answering(
        engine,
        analyzer,
        Synonyms(names, analyzer),
        today=today(),
        name_of=lambda id_: _cluster(id_, store),
    )
    measured = scores(queries, {query.text: answering.answer(query) for query in queries})
    return Verdict(means(measured), tuple(shortfalls(measured, judged.floors)), unknown)


def _unknown(queries: Iterable[JudgedQuery], store: Store) -> Iterator[str]:
    named = dict.fromkeys(name for query in queries for name in query.judgements)
    return (name for name in named if not _cluster(name, store))


def _by_cluster(query: JudgedQuery, store: Store) -> JudgedQuery | None:
    """The query with its grades by cluster; None where nothing is left that it should find."""
    grades: dict[str, int] = {}
    for name, grade in query.judgements.items():
        if cluster := _cluster(name, store):
            grades[cluster] = max(grade, grades.get(cluster, 0))
    return query.model_copy(update={"judgements": grades}) if any(grades.values()) else None


def _cluster(name: str, store: Store) -> str:
    """The cluster of the release *name* (address or id); empty where the store has none to show."""
    stored = store.find(canonical(name)) or store.get(name)
    return stored.cluster if stored and stored.state != "hidden" else ""
