"""Whatever a build reads besides the store is in the fingerprint: a changed data file rebuilds the index."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.children import run_bounded
from tests.support.new_store import new_store
from tests.support.shelf import RELEASES, SEEN

pytestmark = pytest.mark.sweep

PACKAGES = ("crawler", "index", "preses_relizes")
ROOT = Path(__file__).parents[3]
CODE = (".py", ".pyc", ".pyi", ".so", ".pyx", ".pxd")
# Also prints which files of the packages were read that are not code.
BUILD = """
import json
import sys
from pathlib import Path

read = set()
sys.addaudithook(lambda event, details: read.add(str(details[0])) if event == "open" else None)
from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.indexer import build
from index.indexing import fingerprint

analyzer, folder = Analyzer(), Path(sys.argv[2])
with Store.open_readonly(Path(sys.argv[1])) as store:
    build(folder, store, analyzer)
print(json.dumps({"read": sorted(read), "fingerprint": fingerprint(analyzer)}))
"""
REINDEX = "import sys; from index.reindex import main; sys.argv[0] = 'reindex'; main()"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the packages, whose data files a test may change."""
    folder = tmp_path_factory.mktemp("copied")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def store(copied: Path) -> Path:
    """Return a store of a few releases."""
    path = copied / "data" / "releases.sqlite3"
    with new_store(path) as store:
        for release in RELEASES:
            store.save(release, seen=SEEN)
    return path


def run(copied: Path, code: str, *arguments: object) -> dict[str, object]:
    """Run *code* with the copied packages; return the JSON that it prints.

    It writes no byte code (-B): Python would open files of its own in the packages.
    """
    command = [sys.executable, "-B", "-c", code, *map(str, arguments)]
    done = run_bounded(command, stdout=subprocess.PIPE, text=True, check=True, cwd=copied)
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


@pytest.fixture(scope="module")
def built(copied: Path, store: Path) -> dict[str, object]:
    """Return what a build reads, and its fingerprint."""
    (copied / "built").mkdir()
    return run(copied, BUILD, store, copied / "built")


def data_files(copied: Path, built: dict[str, object]) -> list[Path]:
    read = [Path(name) for name in built["read"]]  # type: ignore[attr-defined]  # a list
    folders = [copied / package for package in PACKAGES]
    return [
        path for path in read if path.suffix not in CODE and any(path.is_relative_to(one) for one in folders)
    ]


def test_a_build_reads_the_dictionary_words_rules_of_topics_and_lists_of_mentions(
    copied: Path, built: dict[str, object]
) -> None:
    lists = {path for path in data_files(copied, built) if "mentions" in path.parts}
    assert len(lists) > 5
    assert {path.name for path in data_files(copied, built) if path not in lists} == {
        "lv_LV.aff",
        "lv_LV.dic",
        "homographs-lv.tsv",
        "stopwords-lv.txt",
        "stopwords-queries.txt",
        "institutions.toml",
        "topics.toml",
    }


@pytest.mark.long_sweep
def test_each_data_file_that_changes_rebuilds_the_index(copied: Path, built: dict[str, object]) -> None:
    config = copied / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    reindex = ("--config", config, "--json")
    assert run(copied, REINDEX, *reindex)["did"] == "rebuilt"
    assert run(copied, REINDEX, *reindex)["did"] == "nothing"
    for path in data_files(copied, built):
        with path.open("a", encoding="utf-8") as file:
            file.write("jaunvārds\n" if path.suffix == ".dic" else "# changed\n")
        report = run(copied, REINDEX, *reindex)
        assert (report["did"], report["because"]) == (
            "rebuilt",
            "the analysis, the schema or the names changed",
        ), path
