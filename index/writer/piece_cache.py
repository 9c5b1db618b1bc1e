"""Pieces of texts, met again and again, and the tokens in each: most of a text is looked up, not read."""

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from index.analysis import PieceReader, Pieces
from index.analysis.latvian.tokenizer import cuts
from index.segment import Array
from index.segment.doc_lists import ranges
from index.segment.hash_table import Keys, KeyTable, first_of_each
from index.writer.vocabulary import Vocabulary, arranged

# Longer pieces, which are hardly words, are hashed one by one.
WEIGHED_CHARS = 64
_END = ord("\n")
_64_BITS = (1 << 64) - 1


class Found(NamedTuple):
    """The tokens of texts, one text after another; ``counts`` says how many each text has."""

    counts: Array
    words: Array
    starts: Array
    ends: Array


class PieceTable:
    """Distinct pieces by number; their words are those of *vocabulary*.

    A piece is known by a key of 64 bits: its letters, each times the multiplier of its place. The multipliers
    are drawn anew by every process, so that nobody can write two pieces that have one key; among a million
    pieces two have by chance once in some ten million builds.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._random = np.random.default_rng()
        self._multipliers = self._drawn(WEIGHED_CHARS)
        self._seeds: dict[PieceReader, int] = {}
        self.forget()

    def forget(self) -> None:
        """Let go of all pieces; the next have other numbers."""
        self._numbers = KeyTable()
        # Of each piece where its tokens begin and how many there are; of each token word, start and end.
        self._columns = tuple(array("I") for _ in range(5))

    def __len__(self) -> int:
        return len(self._numbers)

    def tokens(self, texts: Sequence[Pieces]) -> Found:
        """Return the tokens of *texts*; what is new gets a number in the order of reading."""
        text = "".join(f"{one.text}\n" for one in texts)
        letters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        lasts = np.cumsum([len(one.text) + 1 for one in texts]) - 1
        is_end = cuts(letters)
        is_end[lasts] = True
        ends = is_end.nonzero()[0]
        starts = np.concatenate(([0], ends[:-1] + 1))
        of_text = np.searchsorted(lasts, ends)
        seeds = np.array([self._seed(one.reader) for one in texts], np.uint64)
        keys = self._keys(text, letters, starts, ends) + seeds[of_text]
        numbers = self._numbers.find(keys)
        missing = (numbers < 0).nonzero()[0]
        if missing.size:
            new = missing[first_of_each(keys[missing])]
            self._read(
                (texts[one].reader, text[start:end])
                for one, start, end in np.stack((of_text, starts, ends))[:, new].T.tolist()
            )
            self._numbers.add(keys[new])
            numbers[missing] = self._numbers.find(keys[missing])
        firsts = np.concatenate(([0], lasts[:-1] + 1))
        return self._found(numbers, of_text, starts - firsts[of_text])

    def _found(self, numbers: Array, of_text: Array, starts: Array) -> Found:
        """The tokens of the pieces *numbers*; beside them which text each is of and where it begins there."""
        firsts, counts, words, heads, tails = map(_as_array, self._columns)
        counts = counts[numbers]
        places = ranges(firsts[numbers], counts)
        starts = np.repeat(starts, counts)
        in_texts = np.bincount(of_text, counts).astype(np.int64)
        return Found(in_texts, words[places], heads[places] + starts, tails[places] + starts)

    def _read(self, pieces: Iterable[tuple[PieceReader, str]]) -> None:
        """Take in new *pieces*."""
        firsts, counts, words, starts, ends = self._columns
        read: list[bytes] = []
        for reader, piece in pieces:
            tokens = reader.tokens(piece)
            firsts.append(len(starts))
            counts.append(len(tokens))
            for start, end, packed in tokens:
                read.append(arranged(packed))
                starts.append(start)
                ends.append(end)
        words.frombytes(self._vocabulary.packed_numbers(read).astype(np.uint32).tobytes())

    # --- Keys --------------------------------------------------------------------------------------

    def _drawn(self, count: int) -> Keys:
        return self._random.integers(0, _64_BITS, count, np.uint64, endpoint=True)

    def _seed(self, reader: PieceReader) -> int:
        """What tells the pieces of one reader from the same of another."""
        if reader not in self._seeds:
            self._seeds[reader] = int(self._drawn(1)[0])
        return self._seeds[reader]

    def _keys(self, text: str, letters: Array, starts: Array, ends: Array) -> Keys:
        """Return the keys of the pieces of *text*, whose code points are *letters*."""
        widths = ends - starts + 1
        places = np.arange(len(letters)) - np.repeat(starts, widths)
        weighed = letters.astype(np.uint64)
        weighed[ends] = _END  # whatever blank follows, it tells how long the piece is
        weighed *= self._multipliers.take(places, mode="clip")
        keys: Keys = np.add.reduceat(weighed, starts)
        for place in (widths > WEIGHED_CHARS).nonzero()[0].tolist():
            keys[place] = hash(text[starts[place] : ends[place]]) & _64_BITS
        return keys


def _as_array(numbers: "array[int]") -> Array:
    return np.frombuffer(numbers, np.uint32) if numbers else np.zeros(0, np.uint32)
