"""The contracts of import-linter: each can be broken, and says so."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

LAYERS = "Data flows crawler -> index -> searcher; imports run the other way"
CRAWLER_FLOORS = "The floors of the crawler: a room imports only from rooms below it"
EXTRACTION_FLOORS = "The floors of extraction"
INDEX_FLOORS = "The floors of the index: a room imports only from rooms below it"
STORE = "The index knows of the crawler only its store, its settings and its URLs"
CRAWLER = "The searcher knows nothing of the crawler"
HTTP = "Only the downloader speaks HTTP"
MARKUP = "Only the crawler reads what sites send"
ENGINE = "Only the index knows the engine"
WEB = "Only the searcher knows the web framework"

# A contract, the module that breaks it, and by which line.
VIOLATIONS = [
    (LAYERS, "crawler/store/planted.py", "import searcher"),
    (LAYERS, "crawler/store/planted.py", "from index import query"),
    (LAYERS, "index/query/planted.py", "def later():\n    from searcher.service import Service"),
    (LAYERS, "preses_relizes/planted.py", "from crawler.urls import canonical"),
    (CRAWLER_FLOORS, "crawler/store/planted.py", "from crawler.scheduler.frontier import Frontier"),
    (CRAWLER_FLOORS, "crawler/downloader/planted.py", "from crawler.store import Store"),
    (CRAWLER_FLOORS, "crawler/planted.py", "ON_NO_FLOOR = True"),
    (EXTRACTION_FLOORS, "crawler/extraction/html/planted.py", "from crawler.extraction.fields import dates"),
    (EXTRACTION_FLOORS, "crawler/extraction/planted.py", "ON_NO_FLOOR = True"),
    (INDEX_FLOORS, "index/segment/planted.py", "from index.writer import TextWriter"),
    (INDEX_FLOORS, "index/search/planted.py", "def later():\n    import index.whoosh_engine"),
    (INDEX_FLOORS, "index/planted.py", "ON_NO_FLOOR = True"),
    (STORE, "index/query/planted.py", "from crawler.downloader import transport"),
    (STORE, "index/query/planted.py", "import crawler.downloader.fetcher"),
    (STORE, "index/reindex.py", "from crawler.store.releases import Store"),
    (CRAWLER, "searcher/planted.py", "from crawler.store import Store"),
    (CRAWLER, "searcher/server/planted.py", "import crawler"),
    (HTTP, "crawler/scheduler/outcomes.py", "import requests"),
    (HTTP, "crawler/store/planted.py", "def later():\n    from urllib3.util import Retry"),
    (HTTP, "index/query/planted.py", "from requests import get"),
    (HTTP, "searcher/server/planted.py", "import urllib3"),
    (MARKUP, "index/query/planted.py", "from bs4 import BeautifulSoup"),
    (MARKUP, "searcher/planted.py", "import lxml.html"),
    (ENGINE, "crawler/store/planted.py", "from whoosh import fields"),
    (ENGINE, "searcher/planted.py", "import whoosh.query"),
    (WEB, "index/query/planted.py", "from flask import request"),
    (WEB, "crawler/store/planted.py", "import werkzeug.urls"),
]


def broken(root: Path) -> list[str]:
    """Return the names of the contracts that the tree at *root* breaks."""
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-cache"], cwd=root, env={"COLUMNS": "200"}, capture_output=True, text=True, check=False
    )
    said = re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE)
    assert len(said) == len(CONTRACTS), done.stdout + done.stderr
    return [name for name, state in said if state == "BROKEN"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of our modules."""
    for package in ("crawler", "index", "preses_relizes", "searcher"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=lambda at, names: no_modules(Path(at), names)
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def no_modules(folder: Path, names: list[str]) -> set[str]:
    return {name for name in names if not (name.endswith(".py") or (folder / name).is_dir())}


def test_every_contract_has_a_violation() -> None:
    assert {contract["name"] for contract in CONTRACTS} == {name for name, _, _ in VIOLATIONS}


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_contract_is_broken_by_what_it_forbids(contract: str, module: str, line: str, tree: Path) -> None:
    with (tree / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert contract in broken(tree)


def test_the_tree_as_it_is_breaks_none(tree: Path) -> None:
    assert broken(tree) == []
