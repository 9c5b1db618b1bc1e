"""The contracts of import-linter: each can be broken, and says so."""

import ast
import re
import shutil
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.children import run_bounded

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

LAYERS = "Data flows crawler -> index -> searcher; imports run the other way"
CRAWLER_FLOORS = "The floors of the crawler: a room imports only from rooms below it"
SHARED_FLOORS = "The floors of what is shared: only the administration is above the packages"
KEEPER_FLOORS = "The floors of the keeper, which needs only the standard library"
ADMIN_FLOORS = "The floors of the administration"
BACKUPS_FLOORS = "The floors of the backups"
REPORTS_FLOORS = "The floors of the reports"
SCHEDULER_FLOORS = "The floors of the scheduler"
EXTRACTION_FLOORS = "The floors of extraction"
INDEX_FLOORS = "The floors of the index: a room imports only from rooms below it"
ENGINES_FLOORS = "The floors of the engines"
ANSWERS_FLOORS = "The floors of the answers"
WHOOSH_FLOORS = "The floors of the Whoosh engine"
SEARCHER_FLOORS = "The floors of the searcher"
BETS_FLOORS = "The floors of the best bets"
SUBSCRIPTIONS_FLOORS = "The floors of the subscriptions"
EDITS_FLOORS = "The floors of the edits"
MENTIONS_FLOORS = "The floors of the mentions"
PEOPLE_FLOORS = "The floors of the people"
SPEECH_FLOORS = "The floors of speech"
DUE_FLOORS = "The floors of what falls due"
ACTS_FLOORS = "The floors of the cited acts"
REGISTER_FLOORS = "The floors of the register"
OPENSEARCH_FLOORS = "The floors of the OpenSearch engine"
CLUSTER_FLOORS = "The floors of searching a cluster"
CLIENT = "Only the connection to a cluster and its nodes knows their client"
ENGINES_DOOR = "Only the door of the engines names the engines"
STORE = "The index knows of the crawler only its store, its settings and its URLs"
CRAWLER = "The searcher knows nothing of the crawler"
HTTP = "Only the downloader speaks HTTP"
SQL = "Only the store, the files beside it and the query log speak SQL"
MARKUP = "Only the crawler reads what sites send"
ENGINE = "Only the index knows the engine"
WEB = "Only the searcher knows the web framework"

# A contract, the module that breaks it, and by which line.
VIOLATIONS = [
    (LAYERS, "crawler/store/planted.py", "import searcher"),
    (LAYERS, "crawler/store/planted.py", "from index import query"),
    (LAYERS, "index/query/planted.py", "def later():\n    from searcher.service import Service"),
    (LAYERS, "preses_relizes/shared/calendar.py", "from crawler.urls import canonical"),
    (LAYERS, "searcher/planted.py", "from preses_relizes.admin import options"),
    (SHARED_FLOORS, "preses_relizes/shared/signals.py", "from preses_relizes import commands"),
    (SHARED_FLOORS, "preses_relizes/planted.py", "ON_NO_FLOOR = True"),
    (
        BACKUPS_FLOORS,
        "preses_relizes/admin/backups/inventory.py",
        "from preses_relizes.admin.backups import prove",
    ),
    (BACKUPS_FLOORS, "preses_relizes/admin/backups/planted.py", "ON_NO_FLOOR = True"),
    (ADMIN_FLOORS, "preses_relizes/admin/options.py", "from preses_relizes.admin import upgrade"),
    (KEEPER_FLOORS, "preses_relizes/keeper/kept.py", "from preses_relizes.keeper import keeper"),
    (KEEPER_FLOORS, "preses_relizes/keeper/planted.py", "ON_NO_FLOOR = True"),
    (ADMIN_FLOORS, "preses_relizes/admin/planted.py", "ON_NO_FLOOR = True"),
    (CRAWLER_FLOORS, "crawler/store/planted.py", "from crawler.scheduler.frontier import Frontier"),
    (CRAWLER_FLOORS, "crawler/downloader/planted.py", "from crawler.store import Store"),
    (CRAWLER_FLOORS, "crawler/planted.py", "ON_NO_FLOOR = True"),
    (REPORTS_FLOORS, "crawler/reports/charts.py", "from crawler.reports.folder import write"),
    (REPORTS_FLOORS, "crawler/reports/planted.py", "ON_NO_FLOOR = True"),
    (SCHEDULER_FLOORS, "crawler/scheduler/context.py", "from crawler.scheduler.changes import ChangeWriter"),
    (SCHEDULER_FLOORS, "crawler/scheduler/planted.py", "ON_NO_FLOOR = True"),
    (EXTRACTION_FLOORS, "crawler/extraction/html/planted.py", "from crawler.extraction.fields import dates"),
    (EXTRACTION_FLOORS, "crawler/extraction/planted.py", "ON_NO_FLOOR = True"),
    (INDEX_FLOORS, "index/segment/planted.py", "from index.writer import TextWriter"),
    (INDEX_FLOORS, "index/search/planted.py", "def later():\n    import index.engines.whoosh.engine"),
    (INDEX_FLOORS, "index/planted.py", "ON_NO_FLOOR = True"),
    (ENGINES_FLOORS, "index/engines/interface.py", "from index.engines.whoosh.schema import schema"),
    (ENGINES_FLOORS, "index/engines/planted.py", "ON_NO_FLOOR = True"),
    (ANSWERS_FLOORS, "index/engines/answers/passages.py", "from index.engines.answers import answerer"),
    (ANSWERS_FLOORS, "index/engines/answers/planted.py", "ON_NO_FLOOR = True"),
    (WHOOSH_FLOORS, "index/engines/whoosh/engine.py", "from index.engines.whoosh import indexer"),
    (WHOOSH_FLOORS, "index/engines/whoosh/planted.py", "ON_NO_FLOOR = True"),
    (
        OPENSEARCH_FLOORS,
        "index/engines/opensearch/documents.py",
        "from index.engines.opensearch import indexer",
    ),
    (OPENSEARCH_FLOORS, "index/engines/opensearch/planted.py", "ON_NO_FLOOR = True"),
    (
        CLUSTER_FLOORS,
        "index/engines/opensearch/search/snapshot.py",
        "from index.engines.opensearch.search import head",
    ),
    (CLUSTER_FLOORS, "index/engines/opensearch/search/planted.py", "ON_NO_FLOOR = True"),
    (CLIENT, "index/engines/opensearch/bulk.py", "import opensearchpy"),
    (CLIENT, "searcher/planted.py", "def later():\n    from opensearchpy import OpenSearch"),
    (SEARCHER_FLOORS, "searcher/params.py", "from searcher.service import Service"),
    (SEARCHER_FLOORS, "searcher/planted.py", "ON_NO_FLOOR = True"),
    (BETS_FLOORS, "index/best_bets/bet_file.py", "from index.best_bets import bet_lookup"),
    (EDITS_FLOORS, "index/edits/facts.py", "from index.edits.reasons import Judge"),
    (SUBSCRIPTIONS_FLOORS, "searcher/subscriptions/keys.py", "from searcher.subscriptions import desk"),
    (BETS_FLOORS, "index/best_bets/planted.py", "ON_NO_FLOOR = True"),
    (MENTIONS_FLOORS, "index/mentions/people/roles.py", "from index.mentions.speech import quotations"),
    (PEOPLE_FLOORS, "index/mentions/people/given_names.py", "from index.mentions.people import roles"),
    (SPEECH_FLOORS, "index/mentions/speech/quotations.py", "from index.mentions.speech import statements"),
    (DUE_FLOORS, "index/mentions/due/planted.py", "ON_NO_FLOOR = True"),
    (ACTS_FLOORS, "index/mentions/acts/planted.py", "ON_NO_FLOOR = True"),
    (REGISTER_FLOORS, "index/register/register_rows.py", "from index.register import recording"),
    (REGISTER_FLOORS, "index/register/planted.py", "ON_NO_FLOOR = True"),
    (ENGINES_DOOR, "index/pipeline.py", "from index.engines.whoosh.engine import WhooshEngine"),
    (ENGINES_DOOR, "index/evaluation/planted.py", "from index.engines.whoosh import WhooshBuilder"),
    (ENGINES_DOOR, "searcher/planted.py", "def later():\n    from index.engines.whoosh import LiveEngine"),
    (STORE, "index/query/planted.py", "from crawler.downloader import transport"),
    (STORE, "index/query/planted.py", "import crawler.downloader.fetcher"),
    (STORE, "index/reindex.py", "from crawler.store.releases import Store"),
    (CRAWLER, "searcher/planted.py", "from crawler.store import Store"),
    (CRAWLER, "searcher/server/planted.py", "import crawler"),
    (HTTP, "crawler/scheduler/site_crawl.py", "import requests"),
    (HTTP, "crawler/store/planted.py", "def later():\n    from urllib3.util import Retry"),
    (HTTP, "index/query/planted.py", "from requests import get"),
    (HTTP, "searcher/server/planted.py", "import urllib3"),
    (SQL, "crawler/scheduler/frontier.py", "import sqlite3"),
    (SQL, "crawler/store/planted.py", "import sqlite3"),
    (SQL, "index/query/planted.py", "def later():\n    from sqlite3 import connect"),
    (SQL, "searcher/planted.py", "import sqlite3.dbapi2"),
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
    done = run_bounded(
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


# --- Imports that import-linter cannot see: those of compiled modules ---

IMPORT = re.compile(r"^\s*(?:from (?!\.)([\w.]+) c?import|c?import ([\w.]+))", re.MULTILINE)


def rooms_above(room: str) -> set[str]:
    [floors] = [contract["layers"] for contract in CONTRACTS if contract["name"] == INDEX_FLOORS]
    rooms = [re.split(r" [|:] ", floor) for floor in floors]
    above = rooms[: next(number for number, floor in enumerate(rooms) if room in floor)]
    return {f"index.{room}" for floor in above for room in floor}


def misplaced_imports(source: str, home: str) -> list[str]:
    """Return the modules of ours that *source* imports and the room *home* of the index may not."""
    names = [first or second for first, second in IMPORT.findall(source)]
    rooms = {name: ".".join(name.split(".")[:2]) for name in names}
    others = ("crawler", "preses_relizes", "searcher")
    return [name for name, room in rooms.items() if room in rooms_above(home) or name.split(".")[0] in others]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from index.engines.whoosh cimport engine", ["index.engines.whoosh"]),
        ("def later():\n    import searcher.service", ["searcher.service"]),
        ("cimport index.suggest", ["index.suggest"]),
        ("from index.search.ranking import K1\nfrom libc.math cimport log\ncimport cython", []),
    ],
)
def test_misplaced_import_of_a_compiled_module_is_found(line: str, found: list[str]) -> None:
    assert misplaced_imports(line, "search") == found


def test_compiled_modules_import_only_from_rooms_below_their_own() -> None:
    paths = [path.relative_to(ROOT) for path in ROOT.glob("index/**/*.p[yx][xd]")]
    found = {
        path: misplaced_imports((ROOT / path).read_text(encoding="utf-8"), path.parts[1]) for path in paths
    }
    assert {path: names for path, names in found.items() if names} == {}


# --- Circles of imports, in every form of our modules ---

# A name that is imported is a module, or something in one.
NAMES = re.compile(
    r"^[ \t]*(?:from ([\w.]+) c?import (\([^)]*\)|[^\n#]*)|c?import ([\w.]+(?:, *[\w.]+)*))", re.MULTILINE
)
FOR_TYPES_ALONE = re.compile(r"^if TYPE_CHECKING:\n(?:[ \t]+.*\n|\n)+", re.MULTILINE)


def names_imported(source: str) -> set[str]:
    """Return what *source* imports anywhere, but for people and mypy: modules, and names in them."""
    found = set()
    for package, names, modules in NAMES.findall(FOR_TYPES_ALONE.sub("", source)):
        if package:
            found |= {f"{package}.{name}" for name in re.findall(r"\w+", re.sub(r" as \w+", "", names))}
        found |= set(re.findall(r"[\w.]+", modules))
    return found


def imports_of_modules(sources: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return which of the modules each of them imports; *sources* has the text of each of its files."""
    found = {}
    for module, texts in sources.items():
        names = set[str]().union(*map(names_imported, texts))
        found[module] = {name if name in sources else name.rpartition(".")[0] for name in names}
        found[module] &= sources.keys() - {module}
    return found


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Return the modules of a circle, each of which imports the one before; nothing if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def our_sources() -> dict[str, list[str]]:
    sources: dict[str, list[str]] = {}
    for package in ("crawler", "index", "preses_relizes", "searcher"):
        for path in (ROOT / package).rglob("*.p[yx]*"):
            if path.suffix in {".py", ".pyx", ".pxd"}:
                parts = path.relative_to(ROOT).with_suffix("").parts
                module = ".".join(parts).removesuffix(".__init__")
                sources.setdefault(module, []).append(path.read_text(encoding="utf-8"))
    return sources


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import index.a", {"index.a"}),
        ("cimport index.a, index.b", {"index.a", "index.b"}),
        ("from index cimport a, b", {"index.a", "index.b"}),
        ("from index.a import (\n    B,\n    C as D,\n)", {"index.a.B", "index.a.C"}),
        ("def later():\n    from index.a import b  # noqa", {"index.a.b"}),
        ("if TYPE_CHECKING:\n    from index.a import B\n\nimport c\n", {"c"}),
    ],
)
def test_imports_are_read_in_every_form(line: str, found: set[str]) -> None:
    assert names_imported(line) == found


def test_a_circle_through_types_of_c_is_found() -> None:
    sources = {
        "a": ["from b import later"],
        "b": ["from c import thing", "from a cimport of_c"],
        "c": ["import d"],
        "d": [""],
    }
    assert sorted(set(circle(imports_of_modules(sources)))) == ["a", "b"]
    assert circle(imports_of_modules(sources | {"b": ["from c import thing"]})) == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circle(imports_of_modules(our_sources())) == []


# --- SQL that import-linter cannot see ---

SQL_TEXT = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+(OR\s+\w+\s+)?\w+\s+SET|DELETE\s+FROM|REPLACE\s+INTO"
    r"|(CREATE|DROP|ALTER)\s+(TEMP\s+)?(TABLE|INDEX|VIEW|TRIGGER)|PRAGMA\s+\w+|VACUUM\s+INTO)\b",
    re.DOTALL,
)
CURSOR_METHODS = {"cursor", "execute", "execute_many", "executemany", "executescript"}


def sql_in(source: str) -> list[int]:
    """Return the lines of a module that hold SQL or run it."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if is_sql(node)]


def is_sql(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return bool(SQL_TEXT.search(text))
        case ast.JoinedStr(values=parts):
            texts = (str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
            return bool(SQL_TEXT.search("".join(texts)))
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")))):
            return False  # a method of the class's own base, such as a task of the HTTP server
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in CURSOR_METHODS
    return False


@pytest.mark.parametrize(
    "line",
    [
        'store.rows("SELECT id FROM release")',
        'sql = f"SELECT {column} FROM release"',
        'SQL = """\n  INSERT OR REPLACE\n  INTO alias VALUES (?, ?)"""',
        'sql = "UPDATE release SET state = ?"',
        'sql = "DELETE FROM held"',
        'store.rows("PRAGMA integrity_check")',
        "db.execute(sql)",
        "db.executemany(sql, rows)",
        "store.execute(sql)",
        "store.execute_many(sql, rows)",
        "db.cursor()",
    ],
)
def test_sql_is_found_wherever_it_is_written(line: str) -> None:
    assert sql_in(f"def planted():\n    {line}")[:1] == [2]


def test_prose_about_selecting_and_updating_is_no_sql() -> None:
    assert sql_in('"""Select pages from the frontier and update their rows; delete the others."""') == []


def test_only_the_store_the_files_beside_it_and_the_query_log_hold_sql() -> None:
    allowed = (
        ROOT / "crawler" / "store",
        ROOT / "index" / "derived_file.py",
        ROOT / "index" / "edits" / "edit_file.py",
        ROOT / "index" / "register" / "followed_rows.py",
        ROOT / "index" / "register" / "register_file.py",
        ROOT / "index" / "register" / "register_writer.py",
        ROOT / "searcher" / "query_log" / "log_file.py",
        *(
            ROOT / "searcher" / "subscriptions" / f"{name}.py"
            for name in ("database", "mail_ledger", "subscription_file")
        ),
    )
    modules = [
        path
        for package in ("crawler", "index", "searcher")
        for path in sorted((ROOT / package).rglob("*.py"))
        if not any(path.is_relative_to(place) for place in allowed)
    ]
    found = {
        str(path.relative_to(ROOT)): lines
        for path in modules
        if (lines := sql_in(path.read_text(encoding="utf-8")))
    }
    assert (len(modules) > 100, found) == (True, {})
