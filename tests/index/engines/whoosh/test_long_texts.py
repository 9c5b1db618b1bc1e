"""Work on a release grows linearly with its text, whatever the text, and memory is bounded."""

import sys
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from types import FrameType
from typing import SupportsIndex

import pytest

from index.analysis import Analyzer
from index.analysis.latvian.repair import repair
from index.analysis.latvian.tokenizer import split_tokens
from index.indexing.abbreviations import Miner, find_definitions
from index.search.match_offsets import MatchOffset
from preses_relizes.shared.masking import mask
from tests.support.interpreted import interpreted
from tests.support.warm_command import warm

pytestmark = pytest.mark.sweep

RUNS = (
    ".", "…", ". ", "! ", "\n", "\n\n", " ", "\u00a0", '"', "”", "(", ")", "( ", "(A", "(AB", "(AB) ", "A",
    "a", "a ", "a. ", "Nr. ", "A. ", "a-", "a'", "a\u0301", "a\u00ad", "-\n", "1", "1 ", "1.", "1,", "123 ",
    "+", "+3", "67 00 ", "tālr. ", "tālr.", "zvan", "@", "a@", "a@a.", "a.", "(at)", "www.", "http://",
    "Ä", "Ä\u0081", "ð", "a a a a a (AAAAB) ", "(turpmāk ", "(turpmāk tekstā – ", "AB (a b c d e f) ",
    "aa ab ac (AAAAAAAAAA) ", "ж",
)  # fmt: skip
SIZES = (4_000, 16_000)
# Four times the text takes less than five times the work at n log n, and sixteen times at n squared.
GROWTH_MAX = 6


# Compiled, they would take no steps that can be counted.
sentences, passages = interpreted("index.analysis.sentences"), interpreted("index.engines.answers.passages")


class StepCounter:
    """Counts executed lines and copied characters."""

    def __init__(self) -> None:
        self.steps = 0

    def trace(self, _frame: FrameType, event: str, _argument: object) -> "Callable[..., object]":
        self.steps += event == "line"
        return self.trace

    def of(self, work: Callable[[str], object], text: str) -> int:
        counter = self

        class Text(str):
            """A text that counts the characters copied from it."""

            __slots__ = ()

            def __getitem__(self, key: SupportsIndex | slice) -> str:
                copy = super().__getitem__(key)
                counter.steps += len(copy)
                return copy

        before = sys.gettrace()
        sys.settrace(self.trace)
        try:
            work(Text(text))
        finally:
            sys.settrace(before)
        return self.steps


def show_passages(text: str) -> object:
    marks = [MatchOffset("body", at, at + 1, 0) for at in range(0, len(text), 7)]
    return passages.choose_passages({"body": text}, marks)


def show_opening(text: str) -> object:
    return passages.choose_passages({"body": text}, ())


@cache
def analyzer() -> Analyzer:
    """Return an analyzer that has seen no text."""
    return Analyzer()


def mine(text: str) -> object:
    miner = Miner()
    miner.add("a", text)
    return miner.definitions()


@pytest.mark.parametrize(
    "work",
    [
        lambda text: list(sentences.spans(text)),
        lambda text: list(find_definitions(text)),
        mine,
        mask,
        repair,
        split_tokens,
        lambda text: analyzer().analyze(text),
        show_passages,
        show_opening,
    ],
    ids=["spans", "explained", "mined", "masked", "repair", "split_tokens", "analyze", "passages", "opening"],
)
def test_work_grows_linearly_with_the_text(work: Callable[[str], object]) -> None:
    work("a")  # opens what is opened once
    for run in RUNS:
        steps = [StepCounter().of(work, (run * size)[:size] + "a") for size in SIZES]
        for small, large in pairwise(steps):
            assert large <= GROWTH_MAX * max(small, 1_000), (run, steps)


BOUND_KB = 300 << 10


@pytest.mark.long_sweep
@pytest.mark.parametrize(
    "text",
    [
        "'a ' * 4_000_000",
        "'a' * 1_000_000 + ' ' + 'b' * 1_000_000",
        "'ministrijas sekretÄ\\x81rs ' * 300_000",
        "' '.join(f'{number:05}x' for number in range(30_000))",
        "'1 234 ' * 1_000_000",
        "'.' * 8_000_000",
        "''.join(f'{number}' + 'c' * 1_000 + ' ' for number in range(8_000))",
    ],
)
def test_a_release_of_8_mb_is_indexed_in_bounded_memory(text: str) -> None:
    done = warm("tests.support.long_release").run(text)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < BOUND_KB
