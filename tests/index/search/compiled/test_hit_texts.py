"""The core gives the match offsets that NumPy gives, and damaged arrays never end the process.

`python -m tests.index.search.compiled.test_hit_texts SEED` reads texts from damaged arrays.
"""

import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import Token, TokenColumns
from index.codec import ArrayIndex, create_in, open_dir
from index.compiled import IS_WANTED
from index.errors import DamagedError
from index.query import AnyOf, Clause, Phrase, Word
from index.search import Searcher
from index.search.compiled.hit_texts import HitTexts
from index.search.match_offsets import MatchOffset, MatchOffsets
from index.segment import Array, ArrayFile
from index.writer import DocumentPart
from tests.support.children import run_bounded
from tests.support.corpora import SCHEMA, WORDS, clauses, fields_of
from tests.support.guarded import guarded
from tests.support.interpreted import interpreted
from tests.support.oracle import BASES, Doc

pytestmark = pytest.mark.skipif(not IS_WANTED, reason="PRESES_RELIZES_PURE is set")

ROOT = Path(__file__).parents[4]
GAPS, LENGTHS = (1, 1, 1, 0, 2, 4, 5, 300), (1, 5, 62, 63, 64, 400)
TIMES = 3_000
"""How often arrays are damaged."""
# What `Searcher.verify_on_error` takes for damage.
DAMAGE = (LookupError, ValueError, ArithmeticError)

spans = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS), st.sampled_from(LENGTHS)), max_size=8
)
texts = st.fixed_dictionaries(dict.fromkeys(BASES, spans))


def make_index(folder: Path, batches: Sequence[Sequence[Mapping[str, Any]]]) -> ArrayIndex:
    """Return an index with a segment of each of *batches*; a text has the words and spans of its parts."""
    ix, number = create_in(folder, SCHEMA), 0
    for batch in batches:
        writer = ix.writer()
        for drawn in batch:
            parts = [DocumentPart(*BASES[part], columns(drawn[part])) for part in drawn]
            writer.add_analysed(parts, **fields_of(Doc(f"d{number}", "fm", "lv", None, f"d{number}", {})))
            number += 1
        writer.commit(merge=False)
    return ix


def columns(drawn: Sequence[tuple]) -> TokenColumns:
    at, made = 0, []
    for forms, gap, length in drawn:
        made.append(Token(at + gap, at + gap + length, forms))
        at += gap + length
    return TokenColumns.of(made)


def each_way(ix: ArrayIndex, clause: Clause, docs: Sequence[int]) -> Iterator[list[MatchOffsets]]:
    """Yield the match offsets of the core, compiled and interpreted, unless it leaves *clause* to NumPy.

    Yield those of NumPy last.
    """
    interpreted_texts = interpreted("index.search.compiled.hit_texts").HitTexts
    for texts_class in (HitTexts, interpreted_texts, None):
        searcher = Searcher(ix)
        for segment in searcher.reader.segments:
            segment.hit_texts = texts_class and texts_class(segment.postings.arrays)
        yield searcher.match_offsets(clause, docs)


@pytest.mark.oracle
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    batches=st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=3),
    drawn_clauses=st.lists(clauses, min_size=1, max_size=6),
    shuffled=st.randoms(use_true_random=False),
    deleted=st.sets(st.integers(0, 8)),
)
def test_match_offsets_are_those_of_numpy(
    batches: list[list[dict]], drawn_clauses: list[Clause], shuffled: random.Random, deleted: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        ix = make_index(Path(folder), batches)
        writer = ix.writer()
        for number in deleted:
            writer.delete_unique("id", f"d{number}".encode())
        writer.commit(merge=False)
        docs = list(range(sum(map(len, batches))))
        shuffled.shuffle(docs)
        for clause in drawn_clauses:
            compiled, plain, numpy = each_way(ix, clause, docs)
            assert compiled == plain == numpy
            assert all(type(mark) is MatchOffset for marks in compiled for mark in marks)


def lemma(text: str) -> Word:
    return Word(text=text, lemma=(text,))


@pytest.mark.parametrize("words", [1, 63, 64, 65, 200])
def test_a_phrase_of_any_length_matches(tmp_path: Path, words: int) -> None:
    text = [(WORDS[0], 1, 5)] * words
    ix = make_index(tmp_path, [[{"body": text}, {"body": text[1:]}]])
    compiled, plain, numpy = each_way(ix, Phrase(words=(lemma("budzets"),) * words), [0, 1])
    assert compiled == plain == numpy
    assert list(map(len, compiled)) == [words, 0]


def test_words_that_share_their_low_bits_are_told_apart(tmp_path: Path) -> None:
    ix = make_index(tmp_path, [[{"body": [(word, 1, 5) for word in WORDS]}]])
    texts_of = Searcher(ix).reader.segments[0].hit_texts
    assert texts_of is not None
    assert texts_of.match_offsets([0], {1 << 16: 0}, [], MatchOffset) == [()]
    (marks,) = texts_of.match_offsets([0], {0: 0, 1 << 16: 1}, [], MatchOffset)
    assert [mark.leaf for mark in marks] == [0]


def test_threads_share_the_texts(tmp_path: Path) -> None:
    text = [(WORDS[at % len(WORDS)], 1, 5) for at in range(2_000)]
    ix = make_index(tmp_path, [[{"body": text}] * 3])
    asked = [
        AnyOf((lemma("budzets"), lemma("cels"))),
        lemma("skola"),
        Phrase(words=(lemma("es"), lemma("es"))),
    ]
    searcher = Searcher(ix)
    alone = [searcher.match_offsets(clause, [0, 1, 2]) for clause in asked]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda clause: searcher.match_offsets(clause, [0, 1, 2]), asked * 100))
    assert found == alone * 100


@pytest.mark.parametrize("patterns", [[(0, [], None)], [(0, [[1]] * 65, None)], [(0, [[1]] * 40, None)] * 2])
def test_patterns_without_words_or_with_too_many_are_refused(tmp_path: Path, patterns: list) -> None:
    ix = make_index(tmp_path, [[{"body": [(WORDS[0], 1, 5)]}]])
    texts_of = Searcher(ix).reader.segments[0].hit_texts
    assert texts_of is not None
    with pytest.raises(ValueError, match="64"):
        texts_of.match_offsets([0], {}, patterns, MatchOffset)


@pytest.mark.parametrize("name", ["span/starts", "span/odd", "part/0", "part/3000"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    text = [(WORDS[0], 300, 5)] * 9
    make_index(tmp_path, [[{"title": text, "body": text}]])
    (path,) = tmp_path.glob("*.posts")
    array = ArrayFile(path).entries[name]
    content = bytearray(path.read_bytes())
    content[array.offset] ^= 4
    path.write_bytes(content)
    with pytest.raises(DamagedError, match=f"{name}' damaged"):
        Searcher(open_dir(tmp_path, SCHEMA)).match_offsets(lemma("budzets"), [0])


class Arrays(dict[str, Array]):
    """The arrays of a segment, guarded, some of them damaged."""

    path = Path("damaged")

    def __init__(self, arrays: Any) -> None:
        super().__init__((name, arrays[name]) for name in arrays if name.startswith(("span/", "part/")))
        self.meta = arrays.meta

    def damaged(self, rng: random.Random) -> "Arrays":
        """Return a copy with wrong numbers, a wrong type or a wrong length of some arrays."""
        copy = Arrays.__new__(Arrays)
        copy.update(self)
        copy.meta = self.meta
        for name in rng.sample(sorted(self), rng.randint(1, 3)):
            copy[name] = damage(copy[name].copy(), rng)
        copy.update((name, guarded(array)) for name, array in copy.items())
        return copy


def damage(array: Array, rng: random.Random) -> Array:
    match rng.randrange(8):
        case 0:
            return array[: rng.randrange(len(array) + 1)]
        case 1:
            dtype = np.dtype(rng.choice(("u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f4", "f8")))
            return array.astype(dtype)
        case 2:
            array = array.astype(np.uint64)
    raw = array.view(np.uint8)
    for _ in range(rng.choice((1, 1, 3, 30)) if len(raw) else 0):
        raw[rng.randrange(len(raw))] = rng.choice((0, 1, 127, 128, 255, rng.randrange(256)))
    return array


def read_damaged(seed: int) -> tuple[int, int]:
    """Return how often texts were read from damaged arrays, and how often the damage was found."""
    rng = random.Random(seed)

    def text() -> dict[str, list[tuple]]:
        return {
            part: [
                (rng.choice(WORDS), rng.choice(GAPS), rng.choice(LENGTHS)) for _ in range(rng.randrange(40))
            ]
            for part in BASES
        }

    read = found = 0
    with TemporaryDirectory() as folder:
        ix = make_index(Path(folder), [[text() for _ in range(6)]])
        segment = Searcher(ix).reader.segments[0]
        whole, words = Arrays(segment.postings.arrays), len(WORDS)
        for _ in range(TIMES):
            leaf_of_word = {rng.randrange(words): leaf for leaf in range(rng.randrange(4))}
            patterns = [(9, [[rng.randrange(words)] for _ in range(rng.randint(1, 3))], None)]
            try:
                HitTexts(whole.damaged(rng)).match_offsets(range(6), leaf_of_word, patterns, MatchOffset)
                read += 1
            except DAMAGE:
                found += 1
    return read, found


@pytest.mark.sweep
def test_damaged_arrays_are_reported_and_never_read_beyond() -> None:
    command = [sys.executable, "-m", "tests.index.search.compiled.test_hit_texts", "1"]
    done = run_bounded(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    read, found = map(int, done.stdout.split())
    assert min(read, found) > TIMES / 10


if __name__ == "__main__":
    print(*read_damaged(int(sys.argv[1])))
