import tracemalloc
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.segment import ArrayFile, ArrayWriter
from index.segment.term_dictionary import TermDictionary
from index.writer.term_lists import Buckets
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
