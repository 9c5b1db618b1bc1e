"""The engine on a generation of a cluster that only keeps what is written.

`test_search_contract.py` searches one.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as replaced

from crawler.store import Store
from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.opensearch import ClusterBuilder
from index.engines.opensearch.connection import ClusterConnection, Json
from index.engines.opensearch.engine import ClusterEngine
from index.engines.opensearch.generations import ClusterGenerations, Meta
from index.errors import DamagedIndexError
from index.query import BY_NAME, Query, Word
from tests.index.conftest import Save
from tests.support.answering_server import Answering, Prepared, answer_with
from tests.support.cluster_answers import POINT_IN_TIME, facts, found
from tests.support.written_cluster import PREFIX, WrittenCluster

GENERATION = "20260301t090000-001"
META = Meta(number=7, fingerprint="print", documents=3, finished=True)


@contextmanager
def opened(
    analyzer: Analyzer, folder: Path, meta: Meta = META, held: int = 3, now: Meta | None = None
) -> Iterator[tuple[ClusterEngine, Answering]]:
    """Open a generation that holds some releases, of which no search finds any; *now* is its origin."""

    def choose(path: str, body: bytes) -> Prepared:
        if "_mapping" in path:
            return Prepared(200, json.dumps({f"{PREFIX}-{GENERATION}": _mapping(now or meta)}).encode())
        if "point_in_time" in path:
            return POINT_IN_TIME
        if b'"max"' in body:
            return facts(held, newest=None, length=0)
        searches = body.count(b"\n") // 2
        nothing = {name: {"values": {"buckets": []}} for name in (*BY_NAME, "year")}
        none = json.loads(found(aggregations={"shared": {"rows": {"buckets": []}}, **nothing}).body)
        return Prepared(200, json.dumps({"responses": [none] * searches} if searches else none).encode())

    with answer_with(choose) as serving:
        settings = ClusterSettings(urls=(serving.url,), prefix=PREFIX)
        generations = ClusterGenerations(ClusterConnection(settings), settings)
        yield ClusterEngine(generations, GENERATION, meta, folder, analyzer), serving


def _mapping(meta: Meta) -> Json:
    return {"mappings": {"_meta": meta.fields()}}


def test_an_engine_knows_its_generation(analyzer: Analyzer, tmp_path: Path) -> None:
    with opened(analyzer, tmp_path) as (engine, serving):
        info = engine.info()
        assert (info.generation, info.documents, info.number, info.fingerprint) == (GENERATION, 3, 7, "print")
        assert engine.location == f"{serving.url}/{PREFIX}: {PREFIX}-{GENERATION}"
        assert engine.meta == META
        assert serving.requests[0][0].startswith(f"/{PREFIX}-{GENERATION}/_search/point_in_time?")


@pytest.mark.parametrize(("held", "written"), [(3, 3), (2, 3), (4, 3), (0, 1)])
def test_a_generation_that_does_not_hold_what_was_written_is_damaged(
    analyzer: Analyzer, tmp_path: Path, held: int, written: int
) -> None:
    with opened(analyzer, tmp_path, replace(META, documents=written), held) as (engine, _):
        if held == written:
            engine.verify()
            return
        message = f": holds {held} releases, but {written} were written; run `reindex --full`$"
        with pytest.raises(DamagedIndexError, match=message):
            engine.verify()


@pytest.mark.parametrize("now", [replace(META, pending=9), replace(META, number=9, documents=5)])
def test_a_generation_in_an_update_is_sound(analyzer: Analyzer, tmp_path: Path, now: Meta) -> None:
    with opened(analyzer, tmp_path, META, 4, now) as (engine, _):
        engine.verify()


def terms_asked(serving: Answering) -> set[str]:
    """Return the lemmas whose number of releases was asked for by themselves."""
    lemmas: set[str] = set()
    for _, _, body in serving.requests:
        for line in body.splitlines():
            query: dict[str, Any] = json.loads(line).get("query", {})
            lemmas.update(query.get("terms", {}).get("lemma", ()))
    return lemmas


def word(text: str) -> Word:
    return Word(text=text, lemma=(text,))


QUERY = Query(
    text="x",
    clause=word("typed"),
    reading="",
    related=word("related"),
    distant=word("distant"),
    words=Query(text="x", clause=word("untimed"), reading=""),
)
EVERY = {"typed", "related", "distant", "untimed"}


@pytest.mark.parametrize(
    ("ask", "query", "asked"),
    [
        (lambda engine, query: engine.count(query), QUERY, {"typed"}),
        (lambda engine, query: engine.search(query), QUERY, EVERY),
        (lambda engine, query: engine.listing(query), QUERY, EVERY),
        (lambda engine, query: engine.search(query), replaced(QUERY, words=None), EVERY - {"untimed"}),
        (lambda engine, query: engine.explain(query, []), QUERY, EVERY - {"untimed"}),
    ],
    ids=["count", "search", "listing", "search without words", "explain"],
)
def test_terms_that_a_question_needs_are_asked_for_at_once(
    analyzer: Analyzer,
    tmp_path: Path,
    ask: Callable[[ClusterEngine, Query], object],
    query: Query,
    asked: set[str],
) -> None:
    with opened(analyzer, tmp_path) as (engine, serving):
        before = len(serving.requests)
        ask(engine, query)
        first = Answering("", serving.requests[before : before + 1])
        assert terms_asked(first) == asked


def test_corrections_and_completions_are_those_of_the_files(
    store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a", title="Pensijas palielinās")
    cluster = WrittenCluster()
    with cluster.serve() as (settings, serving):
        builder = ClusterBuilder(settings, tmp_path / "index")
        with builder.draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            draft.publish()
        engine = builder.current(analyzer)
        engine.warm()
        asked = len(serving.requests)
        assert engine.suggester().knows("pensijas")
        assert engine.completer().complete("pens")
        assert len(serving.requests) == asked  # they are read once
        assert (tmp_path / "index" / engine.info().generation).is_dir()
