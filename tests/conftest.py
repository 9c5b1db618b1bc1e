"""Which tests run and how they are marked. The fixtures for all rooms are in tests/fixtures.py."""

import gc
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.interpreted import changed_since_compiled

pytest_plugins = ("tests.support.few_cases",)

# A shell script starts background jobs with Ctrl-C ignored, which our commands would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)


# The time of a search depends on the load of the machine, so tests of its cost count calls.
UNHURRIED = "\n[searcher]\nanswer_s = 60\n"

# What `make test-fast` runs, and a module that has nothing of it.
QUICK = "not (sweep or oracle or browser)"
SLOW_MODULE = re.compile(r"^pytestmark = (?:\[\s*)?pytest\.mark\.(?:sweep|oracle|browser)\b", re.MULTILINE)
# What `make test-sweeps` runs.
LONGEST = "long_sweep"


@dataclass(frozen=True)
class Walk:
    """The sample sites of the first day, crawled and indexed."""

    config: Path
    lean_config: Path
    """Settings of the same, with a single concept, for tests of processes: each would load thousands."""
    crawled: dict[str, object]
    indexed: dict[str, object]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-fault",
        action="store_true",
        help="fail every file-system call of a crawl in turn; kill nodes at twenty moments of builds",
    )
    parser.addoption(
        "--explore",
        action="store_true",
        help="try new examples of each property, not the same ones every time; `make fuzz` does so",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, except in the process that only hands tests to others: they import the product."""
    if changed := changed_since_compiled():
        raise pytest.UsageError(f"{changed[0]} has changed since it was compiled: run `make install`")
    if config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.fixtures")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out modules that `make test-fast` or `make test-sweeps` runs nothing of: importing is slow."""
    if config.option.markexpr not in (QUICK, LONGEST) or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    runs_nothing = SLOW_MODULE.search(text) if config.option.markexpr == QUICK else LONGEST not in text
    return bool(runs_nothing) or None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect tests without collecting garbage, and leave them out of later collections.

    To look through them takes most of a second, which a request of a test would miss. Hypothesis warns of
    frozen random generators on Python 3.14.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    if sys.version_info < (3, 14):
        gc.collect()
        gc.freeze()


def run_command(command: str, *arguments: str) -> dict[str, object]:
    """Run a command as a user does and return its JSON report."""
    program = Path(sys.executable).parent / command
    done = subprocess.run(
        [program, *arguments, "--json"], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they need.

    All sample sites, crawled and indexed, make a sweep; so does a cluster. A long sweep is a sweep.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        is_long = item.get_closest_marker("long_sweep") is not None
        if is_long or fixtures & {"walked", "cluster", "opensearch_urls"}:
            item.add_marker(pytest.mark.sweep)
        if fixtures & {"cluster", "opensearch_urls"}:
            item.add_marker(pytest.mark.opensearch)
