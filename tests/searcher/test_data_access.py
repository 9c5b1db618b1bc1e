import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.config import load_storage
from searcher.data_access import find_unreadable
from tests.conftest import Walk
from tests.support.children import run_bounded
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.serving import PROGRAM, free_port

# The superuser may read everything, unless its capabilities are dropped.
BOUND = ("setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all")


def run_bound(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run *command* without the privilege to read what permissions forbid."""
    if shutil.which("setpriv") is None or run_bounded([*BOUND, "true"]).returncode:
        pytest.skip("needs setpriv and permission to drop capabilities: apt-get install util-linux")
    return run_bounded([*BOUND, *map(str, command)], capture_output=True, text=True)


def make_tree(root: Path) -> None:
    (root / "index" / "1").mkdir(parents=True)
    for name in ("CURRENT", "1/a.seg", "reindex.lock"):
        (root / "index" / name).write_text("x")
    (root / "store").write_text("x")


CODE = """
import sys
from pathlib import Path
from crawler.config import load_storage
from searcher.data_access import find_unreadable
print(find_unreadable(Path("data/store"), Path("data/index")))
"""


@pytest.mark.parametrize(
    ("closed", "found"),
    [
        ("data", "data/store"),
        ("data/store", "data/store"),
        ("data/index", "data/index"),
        ("data/index/CURRENT", "data/index/CURRENT"),
        ("data/index/1", "data/index/1"),
        ("data/index/1/a.seg", "data/index/1/a.seg"),
        ("data/index/reindex.lock", "None"),
    ],
)
def test_the_first_file_that_may_not_be_read_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str, found: str
) -> None:
    make_tree(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    mode = Path(closed).stat().st_mode
    Path(closed).chmod(0)
    try:
        done = run_bound(sys.executable, "-c", CODE)
    finally:
        Path(closed).chmod(mode)
    assert done.stdout == f"{found}\n", done.stderr


def test_what_does_not_exist_is_not_missed(tmp_path: Path) -> None:
    assert find_unreadable(tmp_path / "store", tmp_path / "index") is None


@pytest.mark.sweep
@pytest.mark.parametrize("closed", ["data", "data/index", "data/index/CURRENT", "data/releases.sqlite3"])
def test_serve_names_what_it_may_not_read_and_ends(walked: Walk, tmp_path: Path, closed: str) -> None:
    shutil.copytree(load_storage(walked.config).data_dir, tmp_path / "data")
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    (tmp_path / closed).chmod(0)
    try:
        done = run_bound(PROGRAM, "--config", config, "--port", str(free_port()))
    finally:
        (tmp_path / closed).chmod(0o700)
    assert done.returncode == 1
    named = "data/releases.sqlite3" if closed == "data" else closed
    told = "this user may not read it; run `serve` as the user to whom the data belong"
    assert done.stderr == f"serve: {tmp_path / named}: {told}\n"


def test_an_index_that_may_not_be_read_is_not_called_missing(tmp_path: Path) -> None:
    make_tree(tmp_path / "data")
    code = (
        "import sys\nfrom pathlib import Path\nfrom index.engines.whoosh.live_engine import LiveEngine\n"
        "from index.errors import EngineError\n"
        "try: LiveEngine(Path(sys.argv[1])).info()\nexcept EngineError as error: print(error)"
    )
    (tmp_path / "data").chmod(0)
    try:
        done = run_bound(sys.executable, "-c", code, tmp_path / "data" / "index")
    finally:
        (tmp_path / "data").chmod(0o700)
    assert "CURRENT: cannot be read: Permission denied; run this as the user" in done.stdout, done.stderr


def test_all_that_may_be_read_is_no_fault(tmp_path: Path) -> None:
    make_tree(tmp_path)
    assert find_unreadable(tmp_path / "store", tmp_path / "index") is None
