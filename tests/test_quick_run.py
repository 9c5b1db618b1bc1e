"""What `make test-fast` leaves out: the tests of three marks, and most cases of long tables."""

import re
from pathlib import Path

import pytest

from tests.conftest import QUICK, SLOW_MODULE
from tests.support.few_cases import spread
from tests.support.nested_run import run_tests

ROOT = Path(__file__).parents[1]
# A long table, the end of it marked; a short one; and a property, which counts its examples.
MODULE = """
import pytest
from hypothesis import given, strategies

tried = []

@pytest.mark.parametrize("number", [*range(19), pytest.param(19, marks=pytest.mark.sweep)])
def test_long(number):
    print("tried", number)

@pytest.mark.parametrize("number", [0, 1, 2])
def test_short(number):
    print("short", number)

@given(strategies.integers())
def test_any(number):
    tried.append(number)

def test_examples():
    print("examples", len(tried))
"""


def test_the_quick_run_leaves_out_slow_modules() -> None:
    assert f'-m "{QUICK}"' in (ROOT / "Makefile").read_text(encoding="utf-8")
    slow = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if SLOW_MODULE.search(path.read_text(encoding="utf-8"))
    }
    assert {"tests/test_contracts.py", "tests/crawler/test_large_pages.py"} <= slow
    assert not slow & {"tests/test_structure.py", "tests/conftest.py"}


@pytest.mark.parametrize(
    ("count", "tried"),
    [(3, [0, 1, 2]), (4, [0, 1, 2, 3]), (5, [0, 1, 2, 4]), (10, [0, 3, 6, 9]), (100, [0, 33, 66, 99])],
)
def test_the_cases_tried_are_evenly_spread_from_the_first_to_the_last(count: int, tried: list[int]) -> None:
    assert [*spread(range(count), 4)] == tried


@pytest.mark.sweep
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "parallel"])
def test_few_cases_of_a_table_and_few_examples_are_tried(tmp_path: Path, workers: tuple[str, ...]) -> None:
    printed = run_tests(tmp_path, MODULE, "--few-cases", "4", "-m", QUICK, *workers)
    assert sorted(map(int, re.findall(r"^tried (\d+)", printed, re.MULTILINE))) == [0, 6, 12, 18]
    assert len(re.findall(r"^short ", printed, re.MULTILINE)) == 3
    assert workers or "examples 4" in printed
    assert "15 cases left out: of each table, at most 4" in printed
