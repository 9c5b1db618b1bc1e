"""An update killed at any step: the index stays sound, and the next `reindex` goes on where it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.config import load, load_storage
from index.engines.opensearch import LiveClusterEngine
from tests.opensearch.installation import Installation, installed, until
from tests.opensearch.nonsense_proxy import NonsenseProxy, before

RELEASES, MORE = 100, 60
# The requests of an update, in their order: each test kills it before one of them.
STEPS = {
    "before its words": "-words/_bulk",
    "before its releases": "-001/_bulk",
    "before they are found": "-001/_refresh",
    "before the stamp": "-files/_bulk",
}


@pytest.fixture
def proxy(opensearch_urls: tuple[str, ...]) -> Iterator[NonsenseProxy]:
    with before(opensearch_urls[0]) as proxy:
        yield proxy


@pytest.fixture
def made(proxy: NonsenseProxy, tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path / "made", [proxy.address], releases=RELEASES, replicas=0) as installation:
        yield installation


def damage(made: Installation) -> str:
    """Return the damage that a new server reports."""
    engine = LiveClusterEngine(load(made.config).opensearch, load_storage(made.config).data_dir / "index")
    engine.verify()
    return engine.info().damage


def kill_update(made: Installation, proxy: NonsenseProxy, path: str) -> None:
    """Kill `reindex` while its request for *path* waits, which is answered afterwards."""
    proxy.hold(path)
    with made.start_reindex() as update:
        until(lambda: proxy.is_holding.is_set() or update.poll() is not None, path)
        update.kill()
    assert proxy.is_holding.is_set()
    proxy.let_go()


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_killed_update_goes_on(made: Installation, proxy: NonsenseProxy, step: str) -> None:
    used = made.indices()
    made.fill(RELEASES + MORE)
    kill_update(made, proxy, step)
    assert damage(made) == ""
    assert made.reindex() == (0, [])
    assert made.indexed() == made.stored()
    assert (damage(made), made.indices()) == ("", used)
