import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from index.revision_diff import align, diff
from tests.support.effort import calls

CHANCE = random.Random(13)


def words(kinds: int) -> Callable[[int], str]:
    return lambda count: " ".join(str(CHANCE.randrange(kinds)) for _ in range(count))


def lines(kinds: int) -> Callable[[int], str]:
    return lambda count: "\n".join(str(CHANCE.randrange(kinds)) for _ in range(count))


FAMILIES: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "two words in turn": (lambda n: "a b " * (n // 2), lambda n: "b a " * (n // 2)),
    "few words": (words(2), words(2)),
    "many words": (words(300), words(300)),
    "the same backwards": (
        lambda n: " ".join(map(str, range(n))),
        lambda n: " ".join(map(str, range(n, 0, -1))),
    ),
    "few lines": (lines(3), lines(3)),
    "lines backwards": (
        lambda n: "\n".join(map(str, range(n))),
        lambda n: "\n".join(map(str, range(n, 0, -1))),
    ),
    "one against many": (lambda _: "a", lambda n: "a " * n),
}


@pytest.mark.sweep
@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_with_the_length_of_the_texts(family: str) -> None:
    older, newer = FAMILIES[family]

    def steps(length: int) -> int:
        texts = older(length), newer(length)
        return calls(lambda: list(diff(*texts)))

    assert steps(4_000) < 6 * steps(1_000) + 2_000


@pytest.mark.parametrize("kinds", [2, 5, 40])
def test_kept_and_added_chunks_make_the_newer_text(kinds: int) -> None:
    for _ in range(200):
        older, newer = (
            CHANCE.choices([str(n) for n in range(kinds)], k=CHANCE.randint(0, 30)) for _ in range(2)
        )
        pairs = align(older, newer)
        assert all(older[one] == newer[other] for one, other in pairs)
        assert all(
            one < next_one and other < next_other for (one, other), (next_one, next_other) in pairwise(pairs)
        )
        chunks = [chunk for paragraph in diff(" ".join(older), " ".join(newer)) for chunk in paragraph.chunks]
        assert " ".join(one.text for one in chunks if one.kind != "removed").split() == newer
        assert " ".join(one.text for one in chunks if one.kind != "added").split() == older


@pytest.mark.parametrize(
    ("older", "newer", "pairs"),
    [
        ("", "", []),
        ("a", "b", []),
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)]),
        ("pxx", "qxx", [(1, 1), (2, 2)]),  # the same end
        ("xxp", "xxq", [(0, 0), (1, 1)]),  # the same beginning
        ("axxb", "axb", [(0, 0), (1, 1), (3, 2)]),
        ("abcd", "dabc", [(0, 1), (1, 2), (2, 3)]),  # the longest of what is unique
        ("mxyxn", "kxzxl", [(1, 1), (3, 3)]),  # nothing is unique: by occurrence
        ("muxxn", "kuyxl", [(1, 1), (2, 3)]),  # after what is unique, by occurrence
        ("nxxum", "lxyuk", [(1, 1), (3, 3)]),
    ],
)
def test_equal_items_are_paired(older: str, newer: str, pairs: list[tuple[int, int]]) -> None:
    assert align(older, newer) == pairs


def numbered(word: str, count: int) -> str:
    return " ".join(f"{word}{number}" for number in range(count))


def test_at_most_thirty_paragraphs_in_a_row_are_compared() -> None:
    older, newer = (
        "\n".join(f"viens{number} divi{number} {word}{number}" for number in range(31))
        for word in ("vecs", "jauns")
    )
    kinds = [kind for kind, _, _ in shapes(older, newer)]
    assert kinds == ["changed"] * 30 + ["removed", "added"]


@pytest.mark.parametrize(
    ("counts", "kinds"),
    [
        ([(5_000, 5_000)], ["changed"]),
        ([(5_000, 5_001)], ["removed", "added"]),
        ([(2_500, 2_500), (2_500, 2_500)], ["changed", "kept", "changed"]),
        ([(2_500, 2_500), (2_500, 2_501)], ["changed", "kept", "removed", "added"]),
    ],
)
def test_ten_thousand_words_are_compared(counts: list[tuple[int, int]], kinds: list[str]) -> None:
    older = "\nKārtība\n".join(f"vecs {numbered(f'v{at}_', one - 1)}" for at, (one, _) in enumerate(counts))
    newer = "\nKārtība\n".join(f"jauns {numbered(f'v{at}_', one - 1)}" for at, (_, one) in enumerate(counts))
    assert [kind for kind, _, _ in shapes(older, newer)] == kinds


def test_ten_thousand_paragraphs_are_compared() -> None:
    older = numbered("r", 10_002).replace(" ", "\n")
    shown = shapes(older, f"{older}\nbeigas")
    assert shown[-1] == ("changed", "r10000 r10001", "r10000 r10001 beigas")


@pytest.mark.parametrize(("count", "is_whole"), [(70, True), (71, False)])
def test_thirty_words_are_shown_beside_a_change(count: int, is_whole: bool) -> None:
    kept = numbered("v", count)
    ends = " ".join([*kept.split()[:30], "…", *kept.split()[-30:]])
    assert shapes(kept, f"{kept} beigas") == [
        ("changed", kept if is_whole else ends, f"{kept if is_whole else ends} beigas")
    ]


def shapes(older: str, newer: str) -> list[tuple[str, str, str]]:
    return [
        (
            paragraph.kind,
            " ".join(chunk.text for chunk in paragraph.older),
            " ".join(chunk.text for chunk in paragraph.newer),
        )
        for paragraph in diff(older, newer)
    ]


def test_changed_paragraphs_are_beside_their_earlier_texts() -> None:
    older = "Sēde\n\nSākums 9.00 zālē.\n\nNāciet!\n\nNāciet!"
    newer = "Sēde\n\nPavisam jauna pirmā rindkopa.\n\nSākums 10.00 zālē.\n\nNāciet!\n\nNāciet!"
    assert shapes(older, newer) == [
        ("kept", "Sēde", "Sēde"),
        ("added", "", "Pavisam jauna pirmā rindkopa."),
        ("changed", "Sākums 9.00 zālē.", "Sākums 10.00 zālē."),
        ("kept", "Nāciet!", "Nāciet!"),
        ("kept", "Nāciet!", "Nāciet!"),
    ]


def test_a_rewritten_paragraph_is_removed_and_added() -> None:
    assert shapes("Viens divi trīs.", "Pavisam cits teksts.") == [
        ("removed", "Viens divi trīs.", ""),
        ("added", "", "Pavisam cits teksts."),
    ]


def test_long_unchanged_text_is_abridged() -> None:
    kept = " ".join(f"vārds{number}" for number in range(1_000))
    ((first, added),) = [paragraph.chunks for paragraph in diff(kept, f"{kept} beigas")]
    assert (first.kind, len(first.text.split()), "… " in first.text) == ("kept", 61, True)
    assert (added.kind, added.text) == ("added", "beigas")


@pytest.mark.parametrize(
    ("shared", "older", "newer", "is_pair"),
    [
        # Of ten words at least four must be shared, whichever text is longer.
        *((shared, 10, 10, shared >= 4) for shared in (3, 4, 5)),
        *((shared, 5, 10, shared >= 4) for shared in (3, 4, 5)),
        *((shared, 10, 5, shared >= 4) for shared in (3, 4, 5)),
    ],
)
def test_a_paragraph_is_changed_if_it_shares_enough_of_the_longer_text(
    shared: int, older: int, newer: int, *, is_pair: bool
) -> None:
    common = [f"kopīgs{number}" for number in range(shared)]
    before = [*common, *(f"vecs{number}" for number in range(older - shared))]
    after = [*common, *(f"jauns{number}" for number in range(newer - shared))]
    kinds = [kind for kind, _, _ in shapes(" ".join(before), " ".join(after))]
    assert kinds == (["changed"] if is_pair else ["removed", "added"])


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_of_many_unchanged_paragraphs_the_first_and_the_last_are_shown(count: int) -> None:
    kept = [f"Rindkopa {number}." for number in range(count)]
    older = "\n\n".join(kept)
    shown = kept if count <= 3 else [kept[0], "…", kept[-1]]
    assert [new for _, _, new in shapes(older, f"{older}\n\nBeigas.")] == [*shown, "Beigas."]
