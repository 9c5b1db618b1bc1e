"""How properties are tried: a run gives the same verdict again, and a failure shows its counterexample."""

from pathlib import Path

import pytest

from tests.support.nested_run import run_tests

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

TRIED = """
from hypothesis import given, strategies

@given(strategies.lists(strategies.integers()))
def test_any(numbers):
    print("tried", numbers)
"""
FAILING = """
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings, strategies

@dataclass(repr=False)  # Hypothesis shows the fields nevertheless
class Large:
    page: str

@pytest.fixture(scope="module")
def large():
    return Large("page " * 10_000)

@given(number=strategies.integers())
def test_large(large, number):
    assert number < 1_000
"""


def tried(folder: Path, *options: str) -> list[str]:
    printed = run_tests(folder, TRIED, *options).splitlines()
    return [line for line in printed if line.startswith("tried ")]


def test_property_is_tried_with_the_same_examples_in_every_run(tmp_path: Path) -> None:
    examples = tried(tmp_path)
    assert len(set(examples)) > 20
    assert tried(tmp_path) == examples


def test_exploring_tries_other_examples_each_time(tmp_path: Path) -> None:
    assert len({tuple(tried(tmp_path, "--explore")) for _ in range(2)} | {tuple(tried(tmp_path))}) == 3


def test_counterexample_is_shown_beside_a_fixture_whose_representation_is_long(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, FAILING, status=1)
    assert "number=1000" in printed
