"""Words of parts, and phrases with other words between; as the core is interpreted.

`tests/index/search/test_exactness.py` finds them with the compiled one.
"""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from index import deadline
from index.layout import ANYWHERE, PART_BASE, PART_RANGE
from tests.support.interpreted import interpreted
from tests.support.positions import Text, arrays_of, positions_of, text_of

BASE, DOCUMENTS, WORDS = 1000, 130, 5
BODY = PART_BASE["body"]
Phrase = Sequence[Sequence[int]]


def places_in(texts: dict[int, Text], holes: Sequence[tuple[int, int]] = ()) -> Any:
    """Return the places of words in some texts; a hole is the position after it, and its length."""
    # As they are stored: without the holes before.
    stored = {
        doc: {at - sum(length for after, length in holes if after <= at): text[at] for at in text}
        for doc, text in texts.items()
    }
    arrays = arrays_of(stored, WORDS, DOCUMENTS, np.uint32)
    module = interpreted("index.search.compiled.leaves.word_places")
    return module.SegmentPlaces(positions_of(arrays, DOCUMENTS), holes)


def keep(
    places: Any, words: Phrase, docs: Sequence[int], *, first: int = 0, kept: int = 0, **wanted: Any
) -> list[int]:
    """Return all documents of an array of which those from *first* on were asked for."""
    array = np.array([BASE + doc for doc in docs], np.int32)
    parts, slop, part = wanted.get("parts") or [None] * len(words), wanted.get("slop", 0), wanted.get("part")
    asked = array.data, first, len(docs) - first, BASE
    if len(words) == 1:
        begins, ends = zip(limits_of(parts[0]), limits_of(part), strict=True)
        count = places.keep_word(list(words[0]), (max(begins), min(ends)), *asked, kept)
    else:
        found = places.find(list(map(list, words)), parts, *asked)
        in_order = interpreted("index.search.compiled.leaves.word_places").keep_in_order
        count = in_order(found, slop, limits_of(part), array.data, first, kept)
    return [doc - BASE for doc in array[: kept + count].tolist()]


def limits_of(part: Any) -> tuple[int, int]:
    return PART_RANGE[part] if part else ANYWHERE  # type: ignore[index]


def is_in_order(text: Text, words: Phrase, parts: Sequence[str | None], slop: int, part: str | None) -> bool:
    """Return whether some words are in order: the first one anywhere, each next one as near as possible."""

    def is_inside(at: int, name: Any) -> bool:
        return name is None or PART_RANGE[name][0] <= at < PART_RANGE[name][1]  # type: ignore[index]

    matching = [
        [at for at in sorted(text) if text[at] in some and is_inside(at, name)]
        for some, name in zip(words, parts, strict=True)
    ]
    for start in matching[0]:
        found = [start]
        for after in matching[1:]:
            found += [at for at in after if at > found[-1]][:1]
        is_whole = len(found) == len(words) and found[-1] - start <= slop + len(words) - 1
        if is_whole and is_inside(start, part) and is_inside(found[-1], part):
            return True
    return False


@pytest.mark.parametrize(
    ("text", "slop", "is_found"),
    [
        ([1, 2], 0, True),
        ([2, 1], 0, False),
        ([2, 1], 9, False),
        ([1, 3, 2], 0, False),
        ([1, 3, 2], 1, True),
        ([1, 3, 3, 2], 1, False),
        ([1, 3, 3, 1, 3, 2], 1, True),
        ([1, 3, 3, 2, 1, 2], 0, True),
        ([1], 5, False),
        ([2], 5, False),
    ],
)
def test_two_words_are_in_order_within_the_slop(text: Sequence[int], slop: int, is_found: bool) -> None:
    places = places_in({3: text_of(text, BODY)})
    assert keep(places, [[1], [2]], [3], slop=slop) == [3] * is_found


def test_the_slop_is_that_of_the_whole_phrase() -> None:
    places = places_in({0: text_of([1, 3, 2, 3, 4])})
    assert [keep(places, [[1], [2], [4]], [0], slop=slop) for slop in (1, 2)] == [[], [0]]


def test_a_word_is_not_its_own_neighbour() -> None:
    places = places_in({0: text_of([1]), 1: text_of([1, 1]), 2: text_of([1, 1, 1])})
    assert keep(places, [[1]] * 2, [0, 1, 2]) == [1, 2]
    assert keep(places, [[1]] * 3, [0, 1, 2]) == [2]


def test_a_phrase_does_not_cross_documents() -> None:
    places = places_in({0: {9: 1}, 1: {0: 2, 10: 2}, 2: {4: 1, 5: 2}})
    assert keep(places, [[1], [2]], [0, 1, 2], slop=100) == [2]


def test_a_document_is_kept_once() -> None:
    places = places_in({0: text_of([1, 2, 1, 2, 1, 2]), 1: text_of([1, 2, 1, 2])})
    assert keep(places, [[1], [2]], [0, 1]) == [0, 1]
    assert keep(places, [[1, 2]], [0, 1]) == [0, 1]


def test_the_last_document_before_is_no_reason_to_leave_one_out() -> None:
    places = places_in({5: text_of([1])})
    assert keep(places, [[1]], [5, 5], first=1, kept=1) == [5, 5]


@pytest.mark.parametrize("name", PART_RANGE)
def test_a_part_begins_at_its_base_and_ends_before_the_next(name: str) -> None:
    first, end = PART_RANGE[name]  # type: ignore[index]
    positions = [first - 1, first, min(end, 3_000_000) - 1, min(end, 3_000_000)]
    texts: dict[int, Text] = {doc: {at: 1} for doc, at in enumerate(positions) if at >= 0}
    inside = [doc for doc, at in enumerate(positions) if first <= at < end and doc in texts]
    places = places_in(texts)
    assert keep(places, [[1]], range(4), parts=[name]) == inside
    assert keep(places, [[1]], range(4), part=name) == inside
    assert keep(places, [[1]], range(4)) == sorted(texts)


def test_all_of_a_phrase_is_in_its_part() -> None:
    places = places_in({0: {BODY - 1: 1, BODY: 2}, 1: {BODY: 1, BODY + 1: 2}, 2: {BODY - 2: 1, BODY - 1: 2}})
    assert keep(places, [[1], [2]], [0, 1, 2]) == [0, 1, 2]
    assert keep(places, [[1], [2]], [0, 1, 2], part="body") == [1]
    assert keep(places, [[1], [2]], [0, 1, 2], part="date") == [2]


def test_holes_are_put_back() -> None:
    holes = [(1_000, 990), (BODY, 1_900)]
    texts: dict[int, Text] = {0: {9: 1, 1_000: 2}, 1: {1_000: 1, 1_001: 2}, 2: {1_099: 1, BODY: 2}}
    places = places_in(texts, holes)
    assert keep(places, [[1], [2]], [0, 1, 2]) == [1]
    assert keep(places, [[1], [2]], [0, 1, 2], slop=990) == [0, 1]
    assert keep(places, [[1], [2]], [0, 1, 2], slop=1_900) == [0, 1, 2]
    assert keep(places, [[2]], [0, 1, 2], parts=["lead"]) == [0, 1]


@pytest.mark.parametrize("seed", range(40))
def test_any_documents_are_kept_that_have_the_words_in_order(seed: int) -> None:
    rng = random.Random(seed)
    starts = [0, 895, 1_000, BODY, 1_000_000]
    texts: dict[int, Text] = {
        doc: {
            start + at: rng.randrange(WORDS)
            for start in starts
            for at in rng.sample(range(5), rng.randrange(4))
        }
        for doc in rng.sample(range(DOCUMENTS), 30)
    }
    holes = [(after, (after - before) // 2) for before, after in pairwise(starts)]
    places = places_in(texts, [*holes[1:]] * rng.randrange(2))
    for _ in range(8):
        words = [rng.sample(range(WORDS), rng.randrange(4)) for _ in range(rng.randint(1, 3))]
        parts = [rng.choice((None, None, *PART_RANGE)) for _ in words]
        slop, part = rng.choice((0, 1, 3, 4_000)), rng.choice((None, None, *PART_RANGE))
        docs = sorted(rng.sample(range(DOCUMENTS), 60))
        first = rng.randrange(len(docs) + 1)
        kept = rng.randrange(first + 1)
        expected = [doc for doc in docs[first:] if is_in_order(texts.get(doc, {}), words, parts, slop, part)]
        found = keep(places, words, docs, first=first, kept=kept, parts=parts, slop=slop, part=part)
        assert found == docs[:kept] + expected


def test_nothing_is_asked_for() -> None:
    places = places_in({0: text_of([1, 2])})
    assert keep(places, [[1]], []) == []
    assert keep(places, [[]], [0]) == []
    assert keep(places, [[1], []], [0]) == []


def test_an_expired_search_is_given_up() -> None:
    places = places_in({0: text_of([1, 2])})
    with pytest.raises(deadline.DeadlineError), deadline.at_most(0):
        keep(places, [[1]], [0])


def test_positions_outside_their_array_are_damage() -> None:
    arrays = arrays_of({0: text_of([1, 2])}, WORDS, DOCUMENTS)
    arrays["word/positions"] = arrays["word/positions"][:1]
    module = interpreted("index.search.compiled.leaves.word_places")
    places = module.SegmentPlaces(positions_of(arrays, DOCUMENTS), [])
    assert keep(places, [[1]], [0]) == [0]
    with pytest.raises(ValueError, match="outside"):
        keep(places, [[2]], [0])


def test_more_documents_than_a_place_has_room_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    places = places_in({0: text_of([1, 2]), 1: text_of([1, 2]), 2: text_of([1, 2])})
    module = interpreted("index.search.compiled.leaves.word_places")
    assert module.ROWS_MAX << module.ROW_BITS == 1 << 63
    monkeypatch.setattr(module, "ROWS_MAX", 2)
    assert keep(places, [[1], [2]], [0, 1]) == [0, 1]
    with pytest.raises(OverflowError, match="words in 3 documents of a segment; 2 are possible"):
        keep(places, [[1], [2]], [0, 1, 2])
