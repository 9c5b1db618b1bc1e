"""Every regular expression of ours takes time linear in the text, whatever the text.

The worst-case texts are derived from the expressions themselves, so a new expression is covered at once.
"""

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.patterns import (
    ANCHORED,
    PACKAGES,
    Found,
    families,
    has_possessive_group,
    modules,
    patterns,
)

pytestmark = pytest.mark.sweep

# Four times the text may take four times as long, a little more for n log n; quadratic growth takes 16 times.
TIMES, GROWTH_MAX = 4, 8
SIZES = (200, 16_000)
# Hardly any expression matches this, so every repeat that reaches it fails.
NO_END = "\0"
# Shorter times are too noisy to compare, and harmless: quadratic growth takes seconds at this size.
NOTICED_S = 0.05
# Longer than quadratic growth takes from NOTICED_S; anything slower is given up.
GIVEN_UP_S = 1.0

# Patterns that only read the operator's settings.
OF_SETTINGS = {
    "crawler.extraction.html.selectors._TOP_COMMA": "selectors",
    "crawler.extraction.html.selectors._COMPOUND": "selectors",
    "crawler.extraction.html.selectors._ARGUMENTS": "selectors",
    "crawler.extraction.html.selectors._PLAIN": "selectors",
    "crawler.extraction.html.selectors._ATTRIBUTE": "selectors",
    "crawler.extraction.html.selectors._KEY": "selectors",
}
Text = Any  # str or bytes, like the pattern


class TooLongError(Exception):
    """The work took too long."""


@contextmanager
def given_up_after(seconds: float) -> Iterator[None]:
    """Raise TooLongError after *seconds* of CPU time; the regex engine checks for signals while it runs."""

    def give_up(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(work: Callable[[Text], object], text: Text) -> float:
    """Return the CPU time of *work* on *text*; infinity if it was given up."""
    began = time.thread_time()
    try:
        with given_up_after(GIVEN_UP_S):
            work(text)
    except TooLongError:
        return float("inf")
    return time.thread_time() - began


def grows(work: Callable[[Text], object], made: Callable[[int], Text]) -> int | None:
    """Return the size from which *work* grows faster than the texts of *made*; None if it does not."""
    for size in SIZES:
        first = seconds(work, made(size))
        if first == float("inf"):
            return size
        if first < NOTICED_S:
            continue
        small = min(seconds(work, made(size)) for _ in range(3))
        if small < NOTICED_S:
            continue
        large = min(seconds(work, made(TIMES * size)) for _ in range(2))
        if not large / small < GROWTH_MAX:
            return size
    return None


def asked(found: Found) -> list[Callable[[Text], object]]:
    pattern = found.pattern
    methods = found.methods or {"search"}
    works: list[Callable[[Text], object]] = [getattr(pattern, name) for name in sorted(methods & ANCHORED)]
    if methods - ANCHORED:
        works.append(lambda text: sum(1 for _ in pattern.finditer(text)))
    return works


def text_of(pattern: re.Pattern[Any], before: str, pump: str, size: int) -> Text:
    text = before + pump * (size // len(pump) + 1) + NO_END
    return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def hardest(found: Found) -> str | None:
    """Return a text on which the expression takes too long; None if there is none."""
    for before, pump in families(found.pattern):
        for work in asked(found):

            def made(size: int, before: str = before, pump: str = pump) -> Text:
                return text_of(found.pattern, before, pump, size)

            if size := grows(work, made):
                return f"{before[-40:]!r} + {pump!r} * {size // len(pump)}"
    return None


ALL = [found for found in patterns() if found.name.partition("[")[0] not in OF_SETTINGS]


@pytest.mark.long_sweep
@pytest.mark.parametrize("found", ALL, ids=lambda found: found.name)
def test_expression_takes_no_more_than_the_text_is_long(found: Found) -> None:
    assert hardest(found) is None


@pytest.mark.parametrize(
    "source",
    [
        r"<!--.*?-->",
        r"(?:a+)+$",
        r"\s+$",
        r"\w+\s*:",
        r"[^\W_]+\Z",
        r"(?:a|a)+b",
        r"x*y*x*z",
        r"\(\s*([^()]{8,}?)\s*\)",
    ],
)
def test_expressions_known_to_be_hard_are_found(source: str) -> None:
    assert hardest(Found(source, re.compile(source, re.DOTALL), frozenset({"search"})))


@pytest.mark.parametrize("source", [r"(?<!\s)\s*+x", r"a[^b]*b?", r"[a-z]{1,40}:", r"<[^<>]*>"])
def test_expressions_known_to_be_easy_are_not(source: str) -> None:
    assert hardest(Found(source, re.compile(source), frozenset({"search"}))) is None


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5 matches such groups wrongly; an atomic group says the same."""
    assert [found.name for found in patterns() if has_possessive_group(found.pattern)] == []


@pytest.mark.parametrize(
    ("source", "has"),
    [(r"x(?:(?>a|(b?c)*+)d)?", True), (r"(?=(?:ab){2,3}+)", True), (r"(?>(?:ab)*)[^x]*+a?+", False)],
)
def test_possessive_groups_are_found(source: str, has: bool) -> None:
    assert has_possessive_group(re.compile(source)) is has


def test_all_packages_are_searched_for_patterns() -> None:
    assert {module.__name__.partition(".")[0] for module in modules()} == {*PACKAGES}
    assert {found.name.partition(".")[0] for found in ALL} == {*PACKAGES}
