"""`serve` notices damaged index files and closes removed ones."""

import gc
import re
import shutil
import time
from collections.abc import Iterator
from http import HTTPStatus
from itertools import count
from pathlib import Path

import pytest
import requests

from searcher import create_app
from tests.conftest import Walk, run_command
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.serving import serving

pytestmark = pytest.mark.sweep

MAPS = Path("/proc/self/maps")
# Seconds until the thread that verifies has had its turn, even on a busy machine.
NOTICED_S = 120


@pytest.fixture
def config(walked: Walk, tmp_path: Path) -> Path:
    """The settings of a copy of the sample data that a test may change."""
    data = Path(shutil.copytree(walked.config.parent, tmp_path / "data"))
    text = walked.config.read_text(encoding="utf-8").replace(str(walked.config.parent), str(data))
    config = tmp_path / "config.toml"
    config.write_text(f"{text}verify_every_h = 1e-5\n{FEW_CONCEPTS}generations_kept = 0\n", encoding="utf-8")
    return config


def postings_in_use(index: Path) -> Path:
    """Return a file of the generation that is served; other tests may have left older ones."""
    generation, _ = (index / "CURRENT").read_text().split()
    path, *_ = sorted((index / generation).glob("*.posts"))
    return path


def statuses_until(deadline: float, url: str) -> Iterator[int]:
    while time.monotonic() < deadline:
        yield requests.get(url).status_code


def test_a_running_server_notices_damage_and_recovers_with_the_next_index(config: Path) -> None:
    with serving(config, "--processes", "1") as address:
        assert requests.get(f"{address}/healthz").status_code == HTTPStatus.OK
        path = postings_in_use(config.parent / "data" / "index")
        content = path.read_bytes()
        with path.open("r+b") as file:
            file.seek(len(content) // 2)
            file.write(bytes([content[len(content) // 2] ^ 1]))
        statuses = statuses_until(time.monotonic() + NOTICED_S, f"{address}/healthz")
        assert HTTPStatus.SERVICE_UNAVAILABLE in statuses
        assert requests.get(f"{address}/healthz").json()["detail"] == "the index is damaged; `reindex --full`"
        run_command("reindex", "--config", str(config), "--full")
        # The thread that verifies may be opening the new index meanwhile.
        assert HTTPStatus.OK in statuses


@pytest.fixture
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_no_collection")
@pytest.mark.skipif(not MAPS.exists(), reason="needs Linux: reads mapped files from /proc")
def test_the_service_keeps_no_file_of_a_removed_generation(config: Path) -> None:
    client = browse(create_app(config))
    for number in count():
        found = client.get("/api/v1/search?q=ministrija&explain=true&histogram=auto").get_json()
        id_ = found["hits"][0]["id"]
        for path in (
            "/",
            "/?q=ministrij",
            "/?q=zinja",
            '/?q="valsts budžets"',
            "/api/v1/complete?q=min",
            "/api/v1/search?q=nekasnav",
            "/api/v1/search?q=ministrija&cursor=x",
            f"/api/v1/releases/{id_}/similar",
        ):
            client.get(path)
        mapped = re.findall(rf"{config.parent}/data/index/\S+ \(deleted\)", MAPS.read_text())
        assert mapped == []
        if number == 2:
            break
        run_command("reindex", "--config", str(config), "--full")
