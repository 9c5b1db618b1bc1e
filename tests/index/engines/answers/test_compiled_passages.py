"""The compiled module chooses the passages that `passages` chooses, whatever the texts and the marks."""

import random
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.sentences import BEFORE_CAPITALS
from index.engines.answers import passages
from index.engines.answers.passages import READ_CHARS, SENTENCE_CHARS, SHOWN, TITLE_CHARS
from index.layout import Stream
from index.search.compiled import IS_WANTED
from index.search.match_offsets import MatchOffset
from tests.support.children import run_bounded

compiled = pytest.importorskip(
    "index.engines.answers.compiled_passages", reason="compiled_passages was not compiled"
)
pytestmark = pytest.mark.skipif(not IS_WANTED, reason="PRESES_RELIZES_PURE is set")

WORDS = (
    "Rīgā vārds u.c. u.t.t. U.C. и.т.д. И.Т.Д. Nr. plkst. 5. 27. 123. ٣. A. Ž. Я. Ω. Bērziņš iela "
    'ул. УЛ. Дом 2012. gads. beidzas! Kas? „Sākas (Jā) tā... "Nē." “labi” — – '
    "tūkst. DR. dr. x1. t. T. _a. _dr. š … !. 1.5 …) .» īnž. İnž. ſt. Kpt. "
    "ᲄ. u.ᲄ.ᲄ. ģen. ĢEN. 漢字. 😀. \ud800. ß ẞ."
).split()
SPACES = [" "] * 14 + ["\n", "\n\n", "\u00a0", "  ", "\t", "", "\u2003", "\r\n", "\u2028", " \n "]
PARTS: tuple[Stream, ...] = ("title", *SHOWN)
Texts = dict[str, str]


def made_text(rng: random.Random) -> str:
    size = rng.randrange(1, rng.choice((6, 30, 150, 600)))
    # Texts are stored in one, two or four bytes a character, by their widest one.
    allowed = rng.choice((0xFF, 0xFFFF, 0x10FFFF))
    words = [word for word in WORDS if max(map(ord, word)) <= allowed]
    spaces = [space for space in SPACES if not space or max(map(ord, space)) <= allowed]
    return "".join(rng.choice(words) + rng.choice(spaces) for _ in range(size))


def made_marks(rng: random.Random, part: Stream, text: str) -> list[MatchOffset]:
    leaves, share = rng.choice((1, 4, 20, 64, 70)), rng.choice((0.03, 0.15, 0.5))
    spans = [match.span() for match in re.finditer(r"\w+", text) if rng.random() < share]
    return [MatchOffset(part, start, end, rng.randrange(leaves)) for start, end in spans]


def spoilt(rng: random.Random, marks: list[MatchOffset], size: int) -> list[MatchOffset]:
    """Return *marks* with some anywhere, as damaged files or other texts give them."""
    places = (-(2**62), -5, -1, 0, size - 1, size, size + 1, 2**62)
    for row in range(len(marks)):
        if rng.random() < 0.2:
            start = rng.choice((*places, rng.randrange(size + 1)))
            end = rng.choice((*places, start, start + 1, start + 400))
            marks[row] = MatchOffset(marks[row].part, start, end, rng.choice((0, 63, 64, -1, 2**40)))
    return sorted(marks, key=lambda mark: mark.start) if rng.random() < 0.5 else marks


def made(rng: random.Random, *, is_spoilt: bool) -> tuple[Texts, list[MatchOffset]]:
    texts: Texts = {part: made_text(rng) for part in PARTS if rng.random() < 0.75}
    marks = []
    for part in texts:
        own = made_marks(rng, part, texts[part])
        marks += spoilt(rng, own, len(texts[part])) if is_spoilt else own
    return texts, marks


def assert_same(texts: Texts, marks: list[MatchOffset]) -> None:
    title = texts.get("title", "")
    for name, args in (("choose_passages", (texts, marks)), ("mark_title", (title, marks))):
        pure = getattr(passages, name)(*args)
        assert getattr(compiled, name)(*args) == pure, (texts, marks)
        assert hash(pure) == hash(getattr(compiled, name)(*args))


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("is_spoilt", [False, True])
def test_passages_are_those_of_the_pure_functions(seed: int, is_spoilt: bool) -> None:
    rng = random.Random(seed)
    for _ in range(200):
        assert_same(*made(rng, is_spoilt=is_spoilt))


@given(st.text(alphabet='.!…” \u00a0\n"“AāĀr5n_ ', max_size=60), st.sets(st.integers(0, 60)))
def test_sentences_are_those_of_the_pure_functions(text: str, places: set[int]) -> None:
    marks = [MatchOffset("body", place, place + 1, 0) for place in sorted(places) if place < len(text)]
    assert_same({"body": text}, marks)


@given(
    st.text(max_size=40), st.lists(st.tuples(st.integers(-2, 50), st.integers(-2, 50), st.integers(-1, 70)))
)
def test_any_text_and_marks_give_the_passages_of_the_pure_functions(
    text: str, drawn: list[tuple[int, int, int]]
) -> None:
    marks = [MatchOffset(part, *mark) for part, mark in product(("title", "body"), drawn)]
    assert_same({"title": text, "body": text}, marks)


@pytest.mark.parametrize("word", BEFORE_CAPITALS)
def test_every_abbreviation_is_known(word: str) -> None:
    for before, form in product(
        ("", "x", "_", "-", "5"), (word, word.upper(), word.title(), f"{word}x", word[1:])
    ):
        text = f"Te {before}{form}. Jūra. Nē."
        assert_same(
            {"body": text},
            [MatchOffset("body", 0, 2, 0), MatchOffset("body", len(text) - 8, len(text) - 4, 0)],
        )


@pytest.mark.sweep
def test_every_letter_is_of_the_same_kind() -> None:
    for letter in map(chr, range(0x2200)):
        for text in (
            f"Te {letter}. Jūra.",
            f"Te d{letter}. Jūra.",
            f"Te. {letter}jūra.",
            f"Te{letter} Jūra.",
            f"Te.{letter}Jūra.",
        ):
            assert_same({"body": text}, [MatchOffset("body", len(text) - 4, len(text) - 1, 0)])


@pytest.mark.parametrize("size", [SENTENCE_CHARS, TITLE_CHARS, READ_CHARS])
def test_limits_are_those_of_the_pure_functions(size: int) -> None:
    for more in range(-7, 8):
        text = "jūra " * (2 * size // 5)
        for part in PARTS:
            for cut in (
                text[: size + more],
                text[: size + more - 1] + ".",
                f"{'n' * (size + more - 5)} jūra.",
            ):
                marks = made_marks(random.Random(more), part, cut) or [MatchOffset(part, 0, 4, 0)]
                assert_same({part: cut}, marks)


def test_equally_good_passages_come_in_the_order_of_the_text() -> None:
    leaves = [(0, 9, 17), (17, 0, 9), (9, 17, 0), (1, 8, 16)] * 5
    text = " ".join("Te jūra osta vējš." for _ in leaves)
    spans = [match.span() for match in re.finditer("jūra|osta|vējš", text)]
    marks = [MatchOffset("body", *span, leaf) for span, leaf in zip(spans, sum(leaves, ()), strict=True)]
    assert_same({"body": text}, marks)


@pytest.mark.parametrize("texts", [{"body": None}, {"body": 5}, {"body": b"jura"}])
def test_a_text_that_is_none_is_refused(texts: dict) -> None:
    with pytest.raises(TypeError):
        compiled.choose_passages(texts, [MatchOffset("body", 0, 1, 0)])


@pytest.mark.parametrize(
    "marks", [[()], [("body", 1)], [None], [("body", "a", 1, 0)], [("body", 0, 1, 0, 0)]]
)
def test_a_mark_that_is_none_is_refused(marks: list) -> None:
    with pytest.raises((TypeError, ValueError)):
        compiled.choose_passages({"body": "jūra"}, marks)


@pytest.mark.parametrize(("pure", "module"), [("", "compiled_passages"), ("1", "passages")])
def test_hits_use_it_unless_told_otherwise(pure: str, module: str) -> None:
    show = "from index.engines.answers import hits; print(hits.choose_passages.__module__)"
    done = run_bounded(
        [sys.executable, "-c", show],
        cwd=Path(__file__).parents[4],
        env={"PRESES_RELIZES_PURE": pure},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.stdout.strip().endswith(f".{module}")
