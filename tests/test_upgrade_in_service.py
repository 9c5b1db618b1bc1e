"""An index of an older layout is served while `reindex` rebuilds it; then the new one, without a restart."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.conftest import Walk
from tests.support.awaiting import wait_until
from tests.support.children import child, run_bounded
from tests.support.serving import serving

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

# `reindex` of a program whose layout is older by one.
OLDER = "from index import versions; versions.LAYOUT -= 1; from index.reindex import main; main()"
NOW = "from index.reindex import main; main()"


def reindex(program: str, config: Path) -> list[str]:
    return [sys.executable, "-c", program, "--config", str(config)]


def generation(address: str) -> str:
    answer = requests.get(f"{address}/healthz", timeout=120)
    assert answer.status_code == 200
    return str(answer.json()["generation"])


def total(address: str) -> int:
    answer = requests.get(f"{address}/api/v1/search?q=drošība", timeout=120)
    assert answer.status_code == 200
    return int(answer.json()["total"])


def test_searches_go_on_while_an_older_index_is_rebuilt(walked: Walk, tmp_path: Path) -> None:
    shutil.copytree(
        walked.config.parent, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("index")
    )
    config = tmp_path / "config.toml"
    text = walked.config.read_text(encoding="utf-8")
    config.write_text(text.replace(str(walked.config.parent), str(tmp_path)), encoding="utf-8")
    run_bounded(reindex(OLDER, config), check=True, capture_output=True)
    with serving(config) as address:
        old, found = generation(address), total(address)
        with child(reindex(NOW, config), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as rebuilding:
            assert rebuilding.stderr is not None
            assert any("Building" in line for line in iter(rebuilding.stderr.readline, ""))
            os.kill(rebuilding.pid, signal.SIGSTOP)
            assert (generation(address), total(address)) == (old, found)
            os.kill(rebuilding.pid, signal.SIGCONT)
            report = rebuilding.communicate(timeout=120)[0]
        assert rebuilding.returncode == 0
        assert "the analysis, the schema or the names changed" in report
        wait_until(lambda: generation(address) != old)
        assert total(address) == found
