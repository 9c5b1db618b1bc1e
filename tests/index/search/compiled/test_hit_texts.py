"""The core gives the match offsets of brute force, and damaged arrays never end the process.

`python -m tests.index.search.compiled.test_hit_texts SEED` reads texts from damaged arrays.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from index.analysis import Forms, Token, TokenColumns
from index.codec import ArrayIndex, create_in, open_dir
from index.errors import DamagedError
from index.query import AnyOf, Clause, Fuzzy, Phrase, Prefix, Wildcard, Word
from index.search import Searcher
from index.search.compiled.hit_texts import HitTexts
from index.search.match_offsets import Leaf, MatchOffset, MatchOffsets, leaves
from index.segment import Array, ArrayFile
from index.writer import DocumentPart
from tests.support.children import run_bounded
from tests.support.corpora import SCHEMA, WORDS, clauses, fields_of
from tests.support.guarded import guarded
from tests.support.interpreted import each_form, interpreted
from tests.support.oracle import BASES, Doc, edits

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
    """Yield the match offsets of the core, compiled and interpreted."""
    for texts_class in (HitTexts, interpreted("index.search.compiled.hit_texts").HitTexts):
        searcher = Searcher(ix)
        for segment in searcher.reader.segments:
            segment.hit_texts = texts_class(segment.postings.arrays)
        yield searcher.match_offsets(clause, docs)


def brute_force(text: Mapping[str, Sequence[tuple]], clause: Clause) -> list[MatchOffset]:
    """Return the match offsets of *clause* in a text, as the spans of its parts were drawn."""
    found = []
    for part in BASES:
        tokens = columns(text.get(part, ()))
        leaf_of: dict[int, int] = {}
        for number, leaf in enumerate(leaves(clause)):
            for at in tokens_of(leaf, part, tokens.forms):
                leaf_of.setdefault(at, number)
        found += [
            MatchOffset(part, tokens.starts[at], tokens.ends[at], leaf_of[at]) for at in sorted(leaf_of)
        ]
    return found


def tokens_of(leaf: Leaf, part: str, forms: Sequence[Forms]) -> set[int]:
    """Return the tokens of a part of a text that match a leaf."""
    if leaf.part not in {None, part}:
        return set()
    if not isinstance(leaf, Phrase):
        return {at for at, one in enumerate(forms) if is_match(leaf, one)}
    stands = [sorted(tokens_of(word, part, forms)) for word in leaf.words]
    found: set[int] = set()
    for first in stands[0] if stands else ():
        places = [first]
        for those in stands[1:]:
            places += [at for at in those if at > places[-1]][:1] or [10**9]
        if places[-1] - first < len(stands) + leaf.slop:
            found.update(places)
    return found


def is_match(leaf: Word | Prefix | Fuzzy | Wildcard, forms: Forms) -> bool:
    match leaf:
        case Word():
            fields = ("lemma", "exact", "fold", *(("stem",) if leaf.stem_matches else ()))
            return any({*getattr(leaf, field)} & {*getattr(forms, field)} for field in fields)
        case Prefix():
            return any(term.startswith(leaf.text) for term in forms.fold)
        case Wildcard():
            return any(fnmatchcase(term, leaf.text) for term in forms.fold)
    return any(edits(term, leaf.text) <= leaf.distance for term in forms.fold)


@pytest.mark.oracle
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    batches=st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=3),
    drawn_clauses=st.lists(clauses, min_size=1, max_size=6),
    shuffled=st.randoms(use_true_random=False),
    deleted=st.sets(st.integers(0, 8)),
)
def test_match_offsets_are_those_of_brute_force(
    batches: list[list[dict]], drawn_clauses: list[Clause], shuffled: random.Random, deleted: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        ix = make_index(Path(folder), batches)
        writer = ix.writer()
        for number in deleted:
            writer.delete_unique("id", f"d{number}".encode())
        writer.commit(merge=False)
        drawn = [text for batch in batches for text in batch]
        docs = list(range(len(drawn)))
        shuffled.shuffle(docs)
        for clause in drawn_clauses:
            compiled, plain = each_way(ix, clause, docs)
            assert [list(marks) for marks in compiled] == [brute_force(drawn[doc], clause) for doc in docs]
            assert plain == compiled
            assert all(type(mark) is MatchOffset for marks in compiled for mark in marks)


def lemma(text: str) -> Word:
    return Word(text=text, lemma=(text,))


@pytest.mark.parametrize("slop", [0, 2])
@pytest.mark.parametrize("words", [1, 63, 64, 65, 128, 200])
def test_a_phrase_of_any_length_matches(tmp_path: Path, words: int, slop: int) -> None:
    text, other = [(WORDS[0], 1, 5)] * words, (WORDS[9], 1, 5)
    apart = [*text[1:], *[other] * slop, text[0]]
    texts = [{"body": text}, {"body": text[1:]}, {"body": apart}, {"body": [*apart[:-1], other, text[0]]}]
    ix = make_index(tmp_path, [texts])
    phrase = Phrase(words=(lemma("budzets"),) * words, slop=slop)
    compiled, plain = each_way(ix, AnyOf((lemma("cels"), phrase)), range(4))
    assert compiled == plain
    is_one = words == 1
    assert list(map(len, compiled)) == [words, 0, words, is_one]


def test_many_phrases_of_all_kinds_match_at_once(tmp_path: Path) -> None:
    text = {part: [(word, 1, 5) for word in WORDS * 3] for part in BASES}
    ix = make_index(tmp_path, [[text]])
    pairs = [
        Phrase(words=(lemma(one.lemma[0]), lemma(other.lemma[0])), slop=at % 3, part=part)
        for at, (one, other) in enumerate(zip(WORDS, WORDS[2:], strict=False))
        for part in (None, "title", "body")
    ]
    compiled, plain = each_way(ix, AnyOf(tuple(pairs)), [0])
    assert compiled == plain
    assert list(compiled[0]) == brute_force(text, AnyOf(tuple(pairs)))


def test_a_phrase_is_not_in_two_parts(tmp_path: Path) -> None:
    ix = make_index(tmp_path, [[{"title": [(WORDS[0], 1, 5)], "lead": [(WORDS[0], 1, 5)]}]])
    word = lemma("budzets")
    in_title, in_lead = replace(word, part="title"), replace(word, part="lead")
    for words in ((word, word), (in_title, in_lead)):
        assert [*each_way(ix, Phrase(words=words, slop=99), [0])] == [[()], [()]]


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


def test_patterns_without_words_are_refused(tmp_path: Path) -> None:
    ix = make_index(tmp_path, [[{"body": [(WORDS[0], 1, 5)]}]])
    texts_of = Searcher(ix).reader.segments[0].hit_texts
    assert texts_of is not None
    with pytest.raises(ValueError, match="without words"):
        texts_of.match_offsets([0], {}, [(0, [], None, 0)], MatchOffset)


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
            matching = [[rng.randrange(words)] for _ in range(rng.randint(1, 3))]
            patterns = [(9, matching, None, rng.randrange(2))]
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


ARRAYS = (
    "span/starts",
    "span/words",
    "span/words_high",
    "span/codes",
    "span/odd_gaps",
    "span/odd_lengths",
    "part/3000",
)


@pytest.fixture
def arrays(tmp_path: Path) -> Arrays:
    """Return the arrays of three documents; every span is odd."""
    text = [(WORDS[number], 300, 400) for number in range(5)]
    make_index(tmp_path, [[{"title": text[:2], "body": text}, {"body": text[:1]}, {}]])
    return Arrays(ArrayFile(next(tmp_path.glob("*.posts"))))


@each_form
@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("change", ["shorter", "longer", "signed", "of fractions", "empty"])
def test_arrays_that_do_not_fit_are_refused(
    load: Callable[[str], ModuleType], arrays: Arrays, name: str, change: str
) -> None:
    array = arrays[name]
    is_signed = array.dtype.kind == "i"
    arrays[name] = {
        "shorter": array[:-1],
        "longer": np.append(array, array[:1]),
        "signed": array.astype(np.uint32 if is_signed else np.int32),
        "of fractions": array.astype(np.float32),
        "empty": array[:0],
    }[change]
    with pytest.raises(ValueError, match="does not fit the others"):
        load("index.search.compiled.hit_texts").HitTexts(arrays)


@each_form
@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("span/words", np.uint32),
        ("span/words", np.uint8),
        ("span/codes", np.uint16),
        ("span/odd_gaps", np.int64),
    ],
)
def test_arrays_of_numbers_of_another_size_are_refused(
    load: Callable[[str], ModuleType], arrays: Arrays, name: str, dtype: type
) -> None:
    arrays[name] = arrays[name].astype(dtype)
    with pytest.raises(ValueError, match=f"{name}' does not fit the others"):
        load("index.search.compiled.hit_texts").HitTexts(arrays)


@each_form
@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("span/starts", (1, 99), "outside of all texts"),
        ("span/starts", (0, 8), "outside of all texts"),
        ("part/3000", (0, 6), "longer than its text"),
        ("part/3000", (0, 4), "shorter than its text"),
        ("span/odd", (0, 9), "token 0 has no span"),
    ],
)
def test_texts_that_do_not_fit_are_refused(
    load: Callable[[str], ModuleType], arrays: Arrays, name: str, wrong: tuple[int, int], message: str
) -> None:
    changed = arrays[name].copy()
    changed[wrong[0]] = wrong[1]
    arrays[name] = changed
    texts_of = load("index.search.compiled.hit_texts").HitTexts(arrays)
    leaf_of_word = dict.fromkeys(range(5), 0)
    with pytest.raises(ValueError, match=message):
        texts_of.match_offsets([0], leaf_of_word, [], MatchOffset)


@each_form
def test_each_document_has_its_own_marks(load: Callable[[str], ModuleType], arrays: Arrays) -> None:
    texts_of = load("index.search.compiled.hit_texts").HitTexts(arrays)
    numbers = {word: 10 + word for word in range(5)}
    first, second, third = texts_of.match_offsets([0, 1, 2], numbers, [], MatchOffset)
    assert [(mark.part, mark.start, mark.end) for mark in first[:3]] == [
        ("title", 300, 700),
        ("title", 1_000, 1_400),
        ("body", 300, 700),
    ]
    assert [len(first), len(second), len(third)] == [7, 1, 0]
    leaves_found = [mark.leaf for mark in first]
    assert leaves_found[:2] == leaves_found[2:4]  # the title has the first two words of the text
    assert sorted(leaves_found[2:]) == [10, 11, 12, 13, 14]
    for doc in (-1, 3):
        with pytest.raises(ValueError, match=f"document {doc} of 3"):
            texts_of.match_offsets([doc], numbers, [], MatchOffset)


@each_form
def test_a_text_has_64_parts_at_most(load: Callable[[str], ModuleType], arrays: Arrays) -> None:
    part, _ = arrays.meta["parts"]
    for parts, message in ((64, ""), (65, "damaged: more than 64 parts")):
        arrays.meta = {**arrays.meta, "parts": [part] * parts}
        if not message:
            load("index.search.compiled.hit_texts").HitTexts(arrays)
            continue
        with pytest.raises(ValueError, match=message):
            load("index.search.compiled.hit_texts").HitTexts(arrays)


@each_form
@pytest.mark.parametrize(("high", "is_possible"), [(1 << 16, True), ((1 << 32) - 1, True), (1 << 32, False)])
def test_a_word_has_48_bits(
    load: Callable[[str], ModuleType], arrays: Arrays, high: int, *, is_possible: bool
) -> None:
    arrays["span/words_high"] = np.full(len(arrays["span/words"]), high, np.uint64)
    texts_of = load("index.search.compiled.hit_texts").HitTexts(arrays)
    low = arrays["span/words"].tolist()
    wanted = {high << 16 | low[0]: 7} | dict.fromkeys(range(5), 0)
    if is_possible:
        marks = texts_of.match_offsets([0], wanted, [], MatchOffset)[0]
        assert [mark.leaf for mark in marks] == [7] * low[:7].count(low[0])
        return
    with pytest.raises(ValueError, match="token 0 is of an impossible word"):
        texts_of.match_offsets([0], dict.fromkeys(range(5), 0), [], MatchOffset)


@each_form
def test_words_may_be_given_in_any_order(load: Callable[[str], ModuleType], arrays: Arrays) -> None:
    texts_of = load("index.search.compiled.hit_texts").HitTexts(arrays)
    numbers = {1 << 20: 99, **{word: 10 + word for word in (4, 0, 3, 1, 2)}}
    pattern = (5, [[arrays["span/words"].tolist()[0]], [arrays["span/words"].tolist()[1]]], None, 0)
    in_order = dict(sorted(numbers.items()))
    for patterns in ([], [pattern]):
        found = texts_of.match_offsets([0, 1, 2], numbers, patterns, MatchOffset)
        assert found == texts_of.match_offsets([0, 1, 2], in_order, patterns, MatchOffset)
        assert [mark.leaf == 5 for mark in found[0]] == [bool(patterns)] * 4 + [False] * 3


if __name__ == "__main__":
    print(*read_damaged(int(sys.argv[1])))
