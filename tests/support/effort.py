"""Measures the work of a piece of code independently of the machine."""

import os
from collections.abc import Callable
from cProfile import Profile

import pytest


def calls(work: Callable[[], object]) -> int:
    """Return the number of calls of Python and C functions that *work* makes.

    In a run of mutmut the test is skipped: each function that it mutates is called through others of its own.
    """
    if "MUTANT_UNDER_TEST" in os.environ:
        pytest.skip("mutmut makes calls of its own")
    profile = Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())
