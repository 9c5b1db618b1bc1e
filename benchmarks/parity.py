"""Two engines on the same releases: do they find the same, count the same and order alike?

Usage: python -m benchmarks.parity [--docs N] [--queries 500] [--urls http://127.0.0.1:9201 | start]

Without --docs it compares on the sample releases with the judged queries, too; with it, on N generated
releases. Exit code 1: nDCG differs by more than 0.01, or the first hit on more than 5 % of the queries, or a
total, a facet or a document found on any.
"""

import argparse
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import requests
from msgspec.structs import replace

from benchmarks.build import write_store
from benchmarks.random_queries import TODAY, random_queries
from benchmarks.relevance import SETS, SampleCorpus, load_queries
from crawler.config import Storage
from crawler.store import Store
from index.analysis import Analyzer, default_analyzer
from index.analysis.latvian.hunspell import DICTIONARY
from index.config import IndexConfig
from index.engines import Engine, ServingEngine, open_builder, open_engine
from index.evaluation.relevance import KIND_MEASURE, QueryRunner, means, scores
from index.meaning import CONCEPTS, RelatedWords
from index.query import Everything, Query, Synonyms, parse
from index.results import Explanation, Results
from tests.opensearch.cluster import start_cluster

NDCG_SLACK = 0.01
FIRST_HIT_SHARE = 0.95
DEPTH = 50
"""The number of hits compared by place."""
WHOLE = 500
"""Up to this total, all documents are compared; above it, the number of each day, and whether each engine
finds the other's first."""
SCORE_SLACK = 1e-3
"""Relative difference of scores that is reported: floats of 32 bits add up in another order."""
THREADS = 4
"""Queries compared at once: a request spends most of its time in the cluster."""
SHARDS = 3
"""Each has words that the others lack, and its own frequencies; copies of them would tell nothing more."""
PREFIX = "parity-{}"
"""The names of the indices in a cluster begin with this and the number of the process."""

Engines = tuple[Engine, Engine]
Answers = tuple[Results, Results]

# --- Comparing -----------------------------------------------------------------------------------


@dataclass
class Parity:
    """The differences of two engines."""

    queries: int = 0
    with_hits: int = 0
    """Queries that found something, with engine one."""
    same_first: int = 0
    """Queries with hits whose first hit is the same."""
    same_order: int = 0
    """Queries with hits whose first ten hits are the same, in the same order."""
    scores_compared: int = 0
    differences: dict[str, list[str]] = field(default_factory=dict)
    """Messages by kind."""

    def add(self, kind: str, message: str) -> None:
        """Add a difference."""
        self.differences.setdefault(kind, []).append(message)

    def include(self, other: "Parity") -> None:
        """Add the differences on further queries."""
        for name in ("queries", "with_hits", "same_first", "same_order", "scores_compared"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for kind, messages in other.differences.items():
            self.differences.setdefault(kind, []).extend(messages)

    def count(self, kind: str) -> int:
        """Return the number of queries with a difference of a kind."""
        return len(self.differences.get(kind, []))

    @property
    def first_share(self) -> float:
        """The share of the queries with hits whose first hit agrees."""
        return self.same_first / self.with_hits if self.with_hits else 1.0

    @property
    def is_reached(self) -> bool:
        """Whether the engines may be exchanged for each other."""
        strict = ("total", "facets", "histogram", "found", "relaxed")
        return self.first_share >= FIRST_HIT_SHARE and not any(map(self.count, strict))


def compare(engines: Engines, queries: Sequence[Query]) -> Parity:
    """Run each of *queries* on both engines."""
    parity = Parity()
    with ThreadPoolExecutor(THREADS) as pool:
        for compared in pool.map(partial(_compare_query, engines), queries):
            parity.include(compared)
    return parity


def _compare_query(engines: Engines, query: Query) -> Parity:
    parity = Parity(queries=1)
    deep = replace(query, per_page=DEPTH, histogram="day")
    answers = engines[0].search(deep), engines[1].search(deep)
    _compare_counts(parity, query, answers)
    _compare_order(parity, query, answers)
    _compare_found(parity, query, engines, answers)
    _compare_scores(parity, query, engines, answers)
    return parity


def _compare_counts(parity: Parity, query: Query, answers: Answers) -> None:
    one, other = answers
    pairs = {
        "total": (one.total, other.total),
        "relaxed": ((one.widened, one.unaccented), (other.widened, other.unaccented)),
        "facets": (one.facets, other.facets),
        "histogram": (one.histogram, other.histogram),
        "nearest": ([hit.id for hit in one.nearest], [hit.id for hit in other.nearest]),
    }
    for kind, (first, second) in pairs.items():
        if first != second:
            parity.add(kind, f"{_name(query)}: {first} and {second}")


def _compare_order(parity: Parity, query: Query, answers: Answers) -> None:
    one, other = ([hit.id for hit in results.hits[:10]] for results in answers)
    if not one and not other:
        return
    parity.with_hits += 1
    parity.same_order += one == other
    if one[:1] == other[:1]:
        parity.same_first += 1
    else:
        parity.add("first", f"{_name(query)}: {one[:1]} and {other[:1]}")


def _compare_found(parity: Parity, query: Query, engines: Engines, answers: Answers) -> None:
    total = max(results.total for results in answers)
    one, other = ({hit.id for hit in results.hits} for results in answers)
    if DEPTH < total <= WHOLE:
        whole = replace(query, per_page=WHOLE)
        one, other = ({hit.id for hit in engine.search(whole).hits} for engine in engines)
    first, second = one - other, other - one
    if total > WHOLE and not any(results.widened for results in answers):
        # The first hits of one engine may be further down in the other, which can explain any release.
        first -= set(engines[1].explain(query, first))
        second -= set(engines[0].explain(query, second))
    if first or second:
        parity.add("found", f"{_name(query)}: only by the first {first}, only by the second {second}")


def _compare_scores(parity: Parity, query: Query, engines: Engines, answers: Answers) -> None:
    if query.sort != "relevance":
        return
    others = {hit.id: hit.score for hit in answers[1].hits}
    pairs = [(hit.id, hit.score, others[hit.id]) for hit in answers[0].hits if hit.id in others]
    parity.scores_compared += len(pairs)
    unequal = [(id_, one, other) for id_, one, other in pairs if not _are_close(one, other)]
    for id_, one, other in unequal[:1]:  # one hit explains the query
        explained = [engine.explain(query, [id_]).get(id_) for engine in engines]
        parity.add("score", f"{_name(query)}: {id_} {one:.4f} and {other:.4f}: {_explain(*explained)}")


def _are_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SCORE_SLACK)


def _explain(one: Explanation | None, other: Explanation | None) -> str:
    """Return the first part of two explanations that differs."""
    if one is None or other is None:
        return "no explanation: a hit of a relaxed query"
    for name in ("recency", "proximity"):
        if not _are_close(getattr(one, name), getattr(other, name)):
            return f"{name} {getattr(one, name):.4f} and {getattr(other, name):.4f}"
    for word, other_word in zip(one.words, other.words, strict=False):
        if not _are_close(word.score, other_word.score):
            return f"{word} and {other_word}"
    return "no part differs"


def _name(query: Query) -> str:
    return f"{query.text!r}{'' if query.sort == 'relevance' else f' ({query.sort})'}"


# --- The engines ---------------------------------------------------------------------------------


def settings_of(engine: str, urls: Sequence[str], **cluster: object) -> IndexConfig:
    """Return the settings that choose *engine*, for OpenSearch on the nodes *urls*."""
    chosen: dict[str, object] = {"dictionary": DICTIONARY}
    if engine == "opensearch":
        chosen |= {"engine": engine, "opensearch": {"urls": list(urls), **cluster}}
    return IndexConfig.model_validate(chosen)


def build_index(settings: IndexConfig, folder: Path, store_path: Path, analyzer: Analyzer) -> ServingEngine:
    """Index the releases of a store, and open the engine as a server does."""
    storage = Storage(data_dir=folder)
    with Store.open_readonly(store_path) as store:
        builder = open_builder(storage, settings)
        with builder.draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            draft.publish()
    return open_engine(storage, settings, analyzer)


def delete_indices(url: str, prefix: str) -> None:
    """Remove every index of a cluster whose name begins with *prefix*."""
    rows = requests.get(f"{url}/_cat/indices/{prefix}*", {"format": "json"}, timeout=60).json()
    for row in rows:
        requests.delete(f"{url}/{row['index']}", timeout=60).raise_for_status()


# --- The report ----------------------------------------------------------------------------------


def report(name: str, parity: Parity, shown: int) -> Iterator[str]:
    """Yield the lines of a report; *shown* messages of each kind of difference."""
    ordered = parity.same_order / max(1, parity.with_hits)
    yield f"{parity.queries} {name}, {parity.with_hits} with hits; {parity.scores_compared} scores compared"
    yield f"  the first hit agrees on {parity.first_share:.1%}, the first ten in order on {ordered:.1%}"
    for kind in ("total", "facets", "histogram", "relaxed", "found", "first", "nearest", "score"):
        yield f"  {kind:10} differs on {parity.count(kind)}"
        yield from (f"      {message[:400]}" for message in parity.differences.get(kind, [])[:shown])


def compare_judged(
    corpus: SampleCorpus, engines: Engines, analyzer: Analyzer, every: int
) -> tuple[list[float], Parity]:
    """Return the nDCG of each engine on every nth judged query, and how the two differ."""
    judged = [query for name in SETS for query in load_queries(name)][::every]
    synonyms = Synonyms(corpus.names_of_abbreviations(), analyzer)
    ndcg = []
    for engine in engines:
        runner = QueryRunner(engine, analyzer, synonyms, today=TODAY, name_of=corpus.names.__getitem__)
        with ThreadPoolExecutor(THREADS) as pool:
            answers = dict(zip((query.text for query in judged), pool.map(runner.run, judged), strict=True))
        ndcg.append(means(scores(judged, answers))[KIND_MEASURE])
    related, ministries = RelatedWords(analyzer, CONCEPTS), institutions(engines[0])
    queries = [
        related.expand(
            parse(query.text, analyzer=analyzer, synonyms=synonyms, today=TODAY, ministries=ministries)
        )
        for query in judged
    ]
    return ndcg, compare(engines, queries)


def institutions(engine: Engine) -> tuple[str, ...]:
    """Return the names of the institutions that have releases."""
    everything = Query(text="", clause=Everything(), reading="", per_page=1)
    return tuple(value.value for value in engine.search(everything).facets["ministry"])


def run(options: argparse.Namespace, folder: Path) -> Iterator[str | bool]:
    """Yield the lines of the report, and whether each comparison is as good as it must be."""
    analyzer = default_analyzer()
    corpus = None if options.docs else SampleCorpus(folder)
    if options.docs:
        write_store(folder / "releases.sqlite3", options.docs)
    engines = _build(0, options, folder, analyzer), _build(1, options, folder, analyzer)
    yield f"{options.engines[0]} and {options.engines[1]}: {engines[0].info().documents:,} releases"
    if corpus:
        ndcg, judged = compare_judged(corpus, engines, analyzer, options.every)
        yield f"{KIND_MEASURE} {ndcg[0]:.4f} and {ndcg[1]:.4f}"
        yield abs(ndcg[0] - ndcg[1]) <= NDCG_SLACK
        yield from report("judged queries", judged, options.show)
        yield judged.is_reached
    with Store.open_readonly(folder / "releases.sqlite3") as store:
        made = list(random_queries(store, options.queries, seed=options.seed))
    ministries = institutions(engines[0])
    random = compare(engines, [query.parsed(analyzer, ministries) for query in made])
    yield from report("random queries", random, options.show)
    yield ", ".join(f"{count} {kind}" for kind, count in Counter(query.kind for query in made).items())
    yield random.is_reached


def _build(number: int, options: argparse.Namespace, folder: Path, analyzer: Analyzer) -> Engine:
    name = options.engines[number]
    prefix = f"{PREFIX.format(os.getpid())}-{number}"
    settings = settings_of(name, options.urls.split(","), prefix=prefix, shards=SHARDS, replicas=0)
    return build_index(settings, folder / f"{number}-{name}", folder / "releases.sqlite3", analyzer)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=int, default=0, help="number of generated releases; 0: the samples")
    parser.add_argument("--queries", type=int, default=500, help="number of random queries")
    parser.add_argument("--every", type=int, default=1, help="take every nth judged query; 1: all of them")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random queries")
    parser.add_argument("--show", type=int, default=3, help="number of differences shown of each kind")
    parser.add_argument("--engines", nargs=2, default=("whoosh", "opensearch"), help="the two engines")
    parser.add_argument(
        "--urls",
        default=os.environ.get("OPENSEARCH_URL") or "http://127.0.0.1:9201",
        help="the nodes of the cluster, separated by commas; `start` starts three for this run; default: "
        "OPENSEARCH_URL, or `make opensearch`",
    )
    options, passed = parser.parse_args(), True
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        if options.urls == "start":
            options.urls = ",".join(stack.enter_context(start_cluster()).urls)
        try:
            for line in run(options, Path(folder)):
                if isinstance(line, bool):
                    passed = passed and line
                else:
                    print(line, flush=True)
        finally:
            if "opensearch" in options.engines:
                delete_indices(options.urls.split(",")[0], PREFIX.format(os.getpid()))
    print("parity is reached" if passed else "PARITY IS NOT REACHED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
