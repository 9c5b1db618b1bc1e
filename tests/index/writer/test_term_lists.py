import random
import tracemalloc
from itertools import chain, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Forms
from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.small_numbers import WEIGHT_BITS, SmallNumbers
from index.segment.term_dictionary import TermDictionary
from index.writer import term_lists
from index.writer.term_lists import Buckets, TermMap, UnionLists, write_dictionaries
from index.writer.vocabulary import Vocabulary
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


def list_of(arrays: ArrayFile, field: str, term: bytes) -> int:
    terms = TermDictionary(arrays[f"{field}/terms"], arrays[f"{field}/term_offsets"])
    return int(arrays[f"{field}/lists"][terms.find(term)])


def test_terms_of_the_same_words_share_a_list(tmp_path: Path) -> None:
    index_of(tmp_path, [Doc("a", "fm", "lv", None, "a", {"body": list(WORDS)})])
    arrays = ArrayFile(next(tmp_path.glob("*.posts")))
    words, unions = len(arrays["word/starts"]) - 1, len(arrays["union/starts"]) - 1
    assert list_of(arrays, "lemma", b"budzets") == list_of(arrays, "stem", b"budz") >= words
    assert list_of(arrays, "lemma", b"budzets") != list_of(arrays, "lemma", b"cels")
    assert list_of(arrays, "lemma", b"un") == list_of(arrays, "stem", b"un") < words
    used = {*arrays["lemma/lists"].tolist(), *arrays["stem/lists"].tolist()}
    assert {number for number in used if number >= words} == set(range(words, words + unions))


def test_words_of_a_stem_are_next_to_each_other(tmp_path: Path) -> None:
    of_one_stem = [word for word in WORDS if len(word.stem) == 1]
    mixed = [word for first in range(3) for word in of_one_stem[first::3]]
    index_of(tmp_path, [Doc("a", "fm", "lv", None, "a", {"body": mixed})])
    arrays = ArrayFile(next(tmp_path.glob("*.posts")))
    words = np.split(arrays["stem/words"], arrays["stem/word_starts"][1:-1])
    assert max(map(len, words)) > 2
    assert all((np.diff(of_stem) == 1).all() for of_stem in words)


@given(
    batches=st.lists(st.lists(st.integers(0, 99)), max_size=6),
    firsts=st.sets(st.integers(1, 99), max_size=4),
)
def test_buckets_give_back_what_was_added_in_order(batches: list[list[int]], firsts: set[int]) -> None:
    edges = [0, *sorted(firsts), 100]
    keys = sorted(key for batch in batches for key in batch)
    sizes = [sum(first <= key < end for key in keys) for first, end in pairwise(edges)]
    with TemporaryDirectory() as folder, (Path(folder) / "sorted").open("wb") as file:
        out = ArrayWriter(file, Path(folder) / "sorted")
        buckets = Buckets(out, np.array(edges[:-1], np.uint64), np.array(sizes))
        for batch in batches:
            buckets.add(np.array(sorted(batch), np.uint64))
        found = [bucket.tolist() for bucket in buckets.sort()]
        out.abandon()
    assert list(map(len, found)) == sizes
    assert [key for bucket in found for key in bucket] == keys


def test_filling_a_late_bucket_first_takes_no_memory_for_earlier_ones(tmp_path: Path) -> None:
    path, before = tmp_path / "sorted", 1 << 25
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        buckets = Buckets(out, np.array([0, 10], np.uint64), np.array([before, 1]))
        tracemalloc.start()
        buckets.add(np.array([10], np.uint64))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        out.abandon()
    assert peak < before


def random_map(chance: random.Random) -> tuple[TermMap, list[list[int]]]:
    """Return a map and the terms of each of its words; each term has a word."""
    words, count = chance.randint(1, 8), chance.randint(1, 5)
    terms = [sorted(chance.sample(range(count), chance.randrange(count + 1))) for _ in range(words)]
    terms[-1] = sorted({*terms[-1]} | {*range(count)} - {*chain.from_iterable(terms)})
    starts = np.cumsum([0, *map(len, terms)])
    return TermMap(starts, np.array([*chain.from_iterable(terms)], np.int64), count), terms


@pytest.mark.parametrize("seed", range(10))
def test_a_map_is_read_both_ways(seed: int) -> None:
    chance = random.Random(seed)
    term_map, terms = random_map(chance)
    starts, words = term_map.words()
    by_term = [[word for word, mine in enumerate(terms) if term in mine] for term in range(term_map.count)]
    assert starts.tolist() == [0, *np.cumsum([*map(len, by_term)])]
    assert words.tolist() == [*chain.from_iterable(by_term)]
    sizes = np.array([chance.randrange(9) for _ in terms])
    assert term_map.sizes(sizes).tolist() == [sum(sizes[word] for word in mine) for mine in by_term]
    numbers = np.array(chance.sample(range(len(terms)), len(terms)), np.uint32)
    renumbered = term_map.renumbered(numbers)
    for word, mine in enumerate(terms):
        first, end = renumbered.starts[numbers[word]], renumbered.starts[numbers[word] + 1]
        assert renumbered.terms[first:end].tolist() == mine
    assert (len(renumbered.starts), renumbered.count) == (len(terms) + 1, term_map.count)


def test_terms_without_words_at_the_end_are_counted() -> None:
    term_map = TermMap(np.array([0, 1]), np.array([0]), 3)
    assert term_map.words()[0].tolist() == [0, 1, 1, 1]
    assert term_map.sizes(np.array([4])).tolist() == [4, 0, 0]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("bucket", [1, 5, 1_000])
def test_unions_have_the_documents_of_all_their_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, bucket: int
) -> None:
    monkeypatch.setattr(term_lists, "BUCKET_POSTINGS", bucket)
    chance = random.Random(seed)
    term_map, terms = random_map(chance)
    postings = [
        {doc: chance.randint(1, 5) for doc in sorted(chance.sample(range(7), chance.randint(1, 7)))}
        for _ in terms
    ]
    sizes = np.array([*map(len, postings)])
    path = tmp_path / "unions"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        unions = UnionLists(out, term_map, sizes=sizes, documents=7, top_weight=5)
        first = 0
        while first < len(terms):
            last = chance.randint(first + 1, len(terms))
            some = postings[first:last]
            docs = np.array([doc for one in some for doc in one], np.int64)
            weights = np.array([weight for one in some for weight in one.values()], np.uint8)
            unions.add(first, sizes[first:last], docs, weights)
            first = last
        unions.write()
        out.close()
    arrays = ArrayFile(path)
    expected = []
    for term in range(term_map.count):
        found: dict[int, int] = {}
        for mine, one in zip(terms, postings, strict=True):
            for doc, weight in one.items() if term in mine else ():
                found[doc] = found.get(doc, 0) + weight
        expected.append(dict(sorted(found.items())))
    assert np.diff(arrays["union/starts"].astype(int)).tolist() == [*map(len, expected)]
    assert arrays["union/low"].tolist() == [doc for one in expected for doc in one]
    weights = SmallNumbers(arrays, "union/weights", WEIGHT_BITS)
    total = sum(map(len, expected))
    assert weights.between(0, total).tolist() == [weight for one in expected for weight in one.values()]


@pytest.mark.parametrize(("terms", "is_too_many"), [((1 << 32) - 1, False), (1 << 32, True)])
def test_keys_of_unions_have_64_bits(tmp_path: Path, terms: int, *, is_too_many: bool) -> None:
    class Vast(TermMap):
        def sizes(self, sizes: Array) -> Array:
            return sizes

    path = tmp_path / "unions"
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        vast = Vast(np.array([0, 1]), np.array([0]), terms)
        options = {"sizes": np.array([1]), "documents": (1 << 16) - 1, "top_weight": (1 << 16) - 1}
        if is_too_many:
            with pytest.raises(OverflowError, match="too many terms and documents"):
                UnionLists(out, vast, **options)
        else:
            UnionLists(out, vast, **options)
        out.abandon()


def test_dictionaries_have_the_terms_of_the_words(tmp_path: Path) -> None:
    # The first word has no stem, and comes first; the others follow in the order of their stems.
    words = [
        Forms(("b",), (), ("B",), ()),
        Forms(("c", "a"), ("y",), ("C",), ()),
        Forms(("a",), ("x",), ("A",), ()),
        Forms(("a", "c"), ("y",), ("D",), ()),
    ]
    vocabulary, path = Vocabulary(), tmp_path / "words"
    vocabulary.numbers(words)
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        names, unions, numbers = write_dictionaries(out, vocabulary)
        out.close()
    arrays = ArrayFile(path)
    assert names == ["lemma", "stem", "exact"]
    assert numbers.tolist() == [0, 2, 1, 3]
    terms = {
        name: [*TermDictionary(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])] for name in names
    }
    assert terms == {"lemma": [b"a", b"b", b"c"], "stem": [b"x", b"y"], "exact": [b"A", b"B", b"C", b"D"]}
    assert (arrays["lemma/word_starts"].tolist(), arrays["lemma/words"].tolist()) == (
        [0, 3, 4, 6],
        [1, 2, 3, 0, 2, 3],
    )
    assert (arrays["stem/word_starts"].tolist(), arrays["stem/words"].tolist()) == ([0, 1, 3], [1, 2, 3])
    assert ("exact/word_starts" in arrays, arrays["exact/words"].tolist()) == (False, [1, 0, 2, 3])
    # Terms of one word have its list, others that of their union: c and y are of the same words.
    assert arrays["lemma/lists"].tolist() == [4, 0, 5]
    assert arrays["stem/lists"].tolist() == [1, 5]
    assert (unions.starts.tolist(), unions.terms.tolist(), unions.count) == (
        [0, 0, 1, 3, 5],
        [0, 0, 1, 0, 1],
        2,
    )
    assert "exact/lists" not in arrays
