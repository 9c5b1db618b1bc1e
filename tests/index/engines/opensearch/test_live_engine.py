"""A server's engine while the generation in the cluster changes; a proxy holds or refuses its requests."""

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from crawler.store import Store
from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.opensearch import ClusterBuilder, LiveClusterEngine
from index.engines.opensearch.connection import ClusterConnection
from index.errors import EngineError
from index.query import Everything, Filters, Query
from tests.index.conftest import Save
from tests.opensearch.nonsense_proxy import NONSENSE, NonsenseProxy, before
from tests.support.answering_server import Prepared, answer_with
from tests.support.awaiting import DEADLINE_S, wait_until
from tests.support.written_cluster import PREFIX, WrittenCluster

EVERYTHING = Query(text="", clause=Everything(), reading="")
FILES, STATE = "-files/", "point_in_time"
"""Parts of the paths that are requested to open a generation."""


@pytest.fixture
def prefix(opensearch_urls: tuple[str, ...]) -> Iterator[str]:
    prefix = f"test-{uuid.uuid4().hex[:8]}"
    yield prefix
    settings = ClusterSettings(urls=opensearch_urls, prefix=prefix)
    ClusterConnection(settings).request("DELETE", (f"{prefix}-*",), ignore_unavailable="true")


@pytest.fixture
def builder(opensearch_urls: tuple[str, ...], prefix: str, tmp_path: Path) -> ClusterBuilder:
    settings = ClusterSettings(urls=opensearch_urls, prefix=prefix, shards=1, replicas=0)
    return ClusterBuilder(settings, tmp_path / "builder")


@pytest.fixture
def publish(builder: ClusterBuilder, store: Store, save: Save, analyzer: Analyzer) -> Callable[[str], None]:
    """Save a release, build a generation and put it into use."""

    def build_and_use(name: str) -> None:
        save(name, title=f"Ziņa {name}")
        with builder.draft(analyzer) as draft:
            draft.build(store, on_progress=lambda _: None)
            draft.publish()

    return build_and_use


@pytest.fixture
def proxy(opensearch_urls: tuple[str, ...]) -> Iterator[NonsenseProxy]:
    with before(opensearch_urls[0]) as proxy:
        yield proxy
        proxy.released.set()


@pytest.fixture
def engine(
    proxy: NonsenseProxy, prefix: str, publish: Callable[[str], None], analyzer: Analyzer, tmp_path: Path
) -> LiveClusterEngine:
    """Return the engine of a server, which has answered from an index of one release."""
    settings = ClusterSettings(urls=(proxy.address,), prefix=prefix, timeout_s=DEADLINE_S)
    engine = LiveClusterEngine(settings, tmp_path / "server", analyzer)
    publish("a")
    assert engine.search(EVERYTHING).total == 1
    return engine


def hold_the_next_generation(
    engine: LiveClusterEngine, publish: Callable[[str], None], proxy: NonsenseProxy, held: str
) -> None:
    """Publish a second release, and let the server's request for what is *held* wait."""
    serve(engine)
    publish("b")
    proxy.hold(held)
    wait_until(lambda: engine.search(EVERYTHING).total == 1 and proxy.is_holding.is_set())


def serve(engine: LiveClusterEngine) -> None:
    """Let the engine know that it is a server's, without any verification."""
    stopped = threading.Event()
    stopped.set()
    engine.keep_verified(60, stopped)


@pytest.mark.parametrize("held", [FILES, STATE])
def test_requests_to_a_server_do_not_wait_while_a_generation_is_opened(
    engine: LiveClusterEngine, publish: Callable[[str], None], proxy: NonsenseProxy, held: str
) -> None:
    hold_the_next_generation(engine, publish, proxy, held)
    assert engine.search(EVERYTHING).total == 1
    proxy.released.set()
    wait_until(lambda: engine.search(EVERYTHING).total == 2)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda engine: engine.search(EVERYTHING).total, id="search"),
        pytest.param(lambda engine: len(engine.completer().complete("ziņ")) and 2, id="completer"),
        pytest.param(lambda engine: engine.suggester() and 2, id="suggester"),
    ],
)
def test_if_the_old_generation_is_removed_requests_wait_for_the_new_one(
    engine: LiveClusterEngine,
    publish: Callable[[str], None],
    builder: ClusterBuilder,
    proxy: NonsenseProxy,
    ask: Callable[[LiveClusterEngine], int],
) -> None:
    hold_the_next_generation(engine, publish, proxy, STATE)
    builder.prune(keep=0)
    with ThreadPoolExecutor() as others:
        answers = [others.submit(ask, engine) for _ in range(4)]
        wait_until(lambda: proxy.statuses[404] >= len(answers))
        proxy.released.set()
        assert [answer.result(DEADLINE_S) for answer in answers] == [2] * 4


def test_a_generation_that_cannot_be_opened_is_logged_once_and_replaces_none(
    engine: LiveClusterEngine,
    publish: Callable[[str], None],
    builder: ClusterBuilder,
    proxy: NonsenseProxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish("b")
    proxy.path, proxy.nonsense = STATE, NONSENSE["a sign-in"]
    assert [engine.search(EVERYTHING).total for _ in range(3)] == [1] * 3
    (line,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert line.message.startswith(f"still serving the old index: {proxy.address}: 401")
    builder.prune(keep=0)
    with pytest.raises(EngineError, match="401"):
        engine.search(EVERYTHING)
    proxy.nonsense = None
    assert engine.search(EVERYTHING).total == 2


# --- In a cluster that only keeps what is written ---


def publish_in(settings: ClusterSettings, folder: Path, store: Store, analyzer: Analyzer) -> ClusterBuilder:
    """Build a generation and put it into use."""
    builder = ClusterBuilder(settings, folder)
    with builder.draft(analyzer) as draft:
        draft.build(store, on_progress=lambda _: None)
        draft.publish()
    return builder


def test_without_an_index_there_is_no_answer(tmp_path: Path, analyzer: Analyzer) -> None:
    def answer(path: str, _: bytes) -> Prepared:
        return Prepared(200 if "*" in path else 404, b"{}")

    with answer_with(answer) as serving:
        engine = LiveClusterEngine(ClusterSettings(urls=(serving.url,), prefix=PREFIX), tmp_path, analyzer)
        with pytest.raises(EngineError, match=rf"^{serving.url}.*: no index; run `reindex`$"):
            engine.count(EVERYTHING)


def test_answers_are_those_of_the_generation_in_use(
    tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a", title="Pensijas")
    cluster = WrittenCluster()
    with cluster.serve() as (settings, _):
        engine = LiveClusterEngine(settings, tmp_path / "server", analyzer)
        builder = publish_in(settings, tmp_path / "builder", store, analyzer)
        first = engine.info()
        assert engine.count(EVERYTHING) == 1
        assert [engine.suggester().knows(word) for word in ("pensijas", "robeža")] == [True, False]
        save("b", title="Robeža")
        publish_in(settings, tmp_path / "builder", store, analyzer)
        second = engine.info()
        assert engine.count(EVERYTHING) == 2
        assert [engine.suggester().knows(word) for word in ("pensijas", "robeža")] == [True, True]
        assert engine.completer().complete("robež")
        builder.rollback()
        assert engine.info().generation == first.generation
    assert (first.documents, second.documents, first.damage) == (1, 2, "")
    assert first.generation < second.generation
    for info in (first, second):
        assert info.published
        assert abs(info.published - datetime.now(UTC)) < timedelta(minutes=10)


def test_a_question_to_a_lost_state_is_asked_again_once(
    tmp_path: Path, store: Store, save: Save, analyzer: Analyzer
) -> None:
    save("a")
    cluster = WrittenCluster()
    with cluster.serve() as (settings, _):
        publish_in(settings, tmp_path / "builder", store, analyzer)
        engine = LiveClusterEngine(settings, tmp_path / "server", analyzer)
        assert engine.count(EVERYTHING) == 1
        latvian = replace(EVERYTHING, filters=Filters(languages=("lv",)))
        cluster.refused = 1
        assert (engine.count(latvian), cluster.refused) == (1, 0)
        cluster.refused = 9
        with pytest.raises(EngineError):
            engine.count(EVERYTHING)
        assert cluster.refused > 0


def test_an_outage_is_logged_when_it_begins_and_when_it_ends(
    tmp_path: Path, store: Store, save: Save, analyzer: Analyzer, caplog: pytest.LogCaptureFixture
) -> None:
    save("a")
    cluster = WrittenCluster()
    with cluster.serve() as (settings, _):
        publish_in(settings, tmp_path / "builder", store, analyzer)
        engine = LiveClusterEngine(settings, tmp_path / "server", analyzer)
        for number in range(3):
            cluster.refused = 9
            with pytest.raises(EngineError) as refused:
                engine.count(replace(EVERYTHING, filters=Filters(languages=(f"{number}",))))
            assert refused.value.is_logged
        cluster.refused = 0
        assert engine.count(EVERYTHING) == engine.info().documents == 1
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert caplog.records[1].getMessage() == "the cluster answers again; 3 requests failed"


def test_damage_that_a_verification_finds_is_logged_and_told(
    tmp_path: Path, store: Store, save: Save, analyzer: Analyzer, caplog: pytest.LogCaptureFixture
) -> None:
    save("a")
    cluster = WrittenCluster()
    with cluster.serve() as (settings, _):
        publish_in(settings, tmp_path / "builder", store, analyzer)
        cluster.lost = 1
        engine = LiveClusterEngine(settings, tmp_path / "server", analyzer)
        assert engine.info().damage == ""
        engine.verify()
        damage = engine.info().damage
    assert damage.endswith("holds 0 releases, but 1 were written; run `reindex --full`")
    assert damage in caplog.text
