"""The API answers generated requests as its OpenAPI description says."""

import os
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.store import Store
from tests.conftest import Walk
from tests.support.children import run_bounded
from tests.support.serving import serving

pytestmark = pytest.mark.sweep
ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
CASES = os.environ.get("CASES")
"""Random requests for each operation, besides those for each rule of the description: `make contract`."""
FEW_CASES = ("--max-examples", "10", "--generation-deterministic")


def run(command: str, *arguments: str | Path) -> str:
    """Run a *command* and return what it printed."""
    done = run_bounded([BIN / command, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def edited(walked: Walk, release_id: str, tmp_path: Path) -> Path:
    """The settings of a copy of the sample data, in which the release *release_id* was edited."""
    shutil.copytree(walked.config.parent, tmp_path, dirs_exist_ok=True)
    config = tmp_path / walked.config.name
    text = config.read_text(encoding="utf-8").replace(str(walked.config.parent), str(tmp_path))
    config.write_text(text, encoding="utf-8")
    with Store(tmp_path / "releases.sqlite3") as store:
        stored = store.get(release_id)
        assert stored is not None
        store.save(
            replace(stored.release, body=f"{stored.release.body}\n\nPapildināts."), seen=datetime.now(UTC)
        )
    run("reindex", "--config", config)
    return config


@pytest.mark.long_sweep
def test_every_answer_is_as_described(edited: Path, release_id: str, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    rules = (ROOT / config.name).read_text(encoding="utf-8")
    config.write_text(f'parameters = {{ "path.release" = "{release_id}" }}\n{rules}', encoding="utf-8")
    with serving(edited, "--processes", "1") as address:
        # On a busy machine, an answer may take longer than its usual ten seconds.
        cases = ("--max-examples", CASES) if CASES else FEW_CASES
        options = (*cases, "--continue-on-failure", "--request-timeout", "120")
        print(run("schemathesis", "--config-file", config, "run", f"{address}/openapi.json", *options))
