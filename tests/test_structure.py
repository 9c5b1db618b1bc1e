"""House rules that no linter checks: sizes of modules and rooms, names, where tests are."""

import ast
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("preses_relizes", "crawler", "index", "searcher")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py*") if path.suffix in {".py", ".pyx"}
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LINES_MAX, ROOM_MAX = 400, 15
CLASS = re.compile(r"^ *(?:cdef )?class (\w+)[(:\[]", re.MULTILINE)
# Parsing all tests takes seconds; those without a match cannot import a test module.
MAY_IMPORT_TESTS = re.compile(r"\b(?:from|import)\b[^\n(]*(?:\([^)]*)?\btest_")
# A module whose tests are not in the file of its name, and the file that has them.
TESTED_IN = tomllib.loads((ROOT / "tests" / "tested_in.toml").read_text(encoding="utf-8"))
# A room, and a file that tests all of its modules, too.
ROOM_TESTED_IN = TESTED_IN.pop("rooms")

NO_CALLS_OF_CHILDREN = ("subprocess.CompletedProcess", "subprocess.CalledProcessError")
# Modules that start children without `tests/support/children.py`, and end them in their own way.
WAIT_BOUNDED = {
    "tests/fuzz/__main__.py",  # a tool, whose run takes as long as it was given
    "tests/mutants/__main__.py",  # a tool, whose run takes hours
    "tests/opensearch/cluster.py",  # nodes that tests stop, continue and kill
    "tests/opensearch/reverse_proxy.py",  # an nginx, ended by `stop`
    "tests/sanitize/__main__.py",  # a tool, whose run takes as long as it was given
    "tests/storm/processes.py",  # measures commands, and kills those that are late
    "tests/support/children.py",
    "tests/support/test_children.py",  # tries it on children of its own
    "tests/support/warm_command.py",  # a server of all tests, ended by `stop`
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_tests(module: Path) -> Path:
    return ROOT / "tests" / module.relative_to(ROOT).parent / f"test_{module.stem}.py"


def imported(path: Path) -> Iterator[str]:
    """Yield what *path* imports if it may import a test module: modules, and each name as if it were one."""
    text = path.read_text(encoding="utf-8")
    if not MAY_IMPORT_TESTS.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LINES_MAX} == {}


def test_no_room_has_too_many_modules() -> None:
    rooms = Counter(name_of(path.parent) for path in MODULES if path.stem != "__init__")
    assert {room: count for room, count in rooms.items() if count > ROOM_MAX} == {}


def test_no_two_classes_share_a_name() -> None:
    defined = defaultdict(list)
    for path in MODULES:
        for name in CLASS.findall(path.read_text(encoding="utf-8")):
            defined[name].append(name_of(path))
    assert {name: paths for name, paths in defined.items() if len(paths) > 1} == {}


def starts_of_children(path: Path) -> Iterator[str]:
    """Yield the calls in *path* that start a child process and may wait for it forever."""
    text = path.read_text(encoding="utf-8")
    if "subprocess." not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("subprocess."):
            has_bound = any(keyword.arg == "timeout" for keyword in node.keywords)
            if ast.unparse(node.func) not in NO_CALLS_OF_CHILDREN and not has_bound:
                yield f"{name_of(path)}:{node.lineno}"


def test_no_test_waits_forever_for_a_child() -> None:
    assert [
        start for path in TESTS if name_of(path) not in WAIT_BOUNDED for start in starts_of_children(path)
    ] == []


def test_no_test_module_imports_a_test_module() -> None:
    test_modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in TESTS
        if path.name.startswith("test_")
    }
    assert [
        (name_of(path), sorted(both)) for path in TESTS if (both := test_modules & {*imported(path)})
    ] == []


def test_every_module_has_tests_of_its_name_or_a_line_that_says_where_they_are() -> None:
    with_code = [path for path in MODULES if path.stem != "__init__"]
    missing = [name for path in with_code if not own_tests(path).exists() and (name := name_of(path))]
    assert [name for name in missing if name not in TESTED_IN] == []


def test_every_line_about_tests_names_a_module_and_its_tests() -> None:
    assert [name for name in TESTED_IN if not (ROOT / name).exists()] == []
    assert [name for name in TESTED_IN if own_tests(ROOT / name).exists()] == []
    assert [room for room in ROOM_TESTED_IN if not (ROOT / room).is_dir()] == []
    named = {*TESTED_IN.values(), *ROOM_TESTED_IN.values()}
    assert [tests for tests in named if not (ROOT / tests).exists()] == []
