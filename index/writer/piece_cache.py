"""Caches the tokens of recurring pieces of text: most of a text is looked up instead of analysed."""

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from index.analysis import PieceReader, Pieces
from index.analysis.latvian.tokenizer import safe_cuts
from index.segment import Array, HashTable
from index.segment.doc_lists import expand_ranges
from index.segment.hash_table import HashKeys, first_of_each
from index.writer.vocabulary import Vocabulary, sort_terms

# Longer pieces are rare, and rarely words; they are hashed one by one.
KEY_CHARS = 64
_END = ord("\n")
_64_BITS = (1 << 64) - 1


class TokenBatch(NamedTuple):
    """The tokens of texts, concatenated; ``counts`` is the number of tokens of each text."""

    counts: Array
    words: Array
    starts: Array
    ends: Array


class PieceTable:
    """Numbers distinct pieces and stores their tokens, as word numbers of *vocabulary*.

    The key of a piece has 64 bits: the sum of its letters, each times the multiplier of its place. Every
    process draws its own multipliers, so nobody can craft pieces with equal keys. Among a million pieces, two
    collide by chance once in about ten million builds.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._random = np.random.default_rng()
        self._multipliers = self._draw_numbers(KEY_CHARS)
        self._seeds: dict[PieceReader, int] = {}
        self.forget()

    def forget(self) -> None:
        """Drop all pieces; later ones get new numbers."""
        self._numbers = HashTable()
        # Per piece the first token and the number of tokens; per token its word, start and end.
        self._columns = tuple(array("I") for _ in range(5))

    def __len__(self) -> int:
        return len(self._numbers)

    def tokens(self, texts: Sequence[Pieces]) -> TokenBatch:
        """Return the tokens of *texts*; new pieces are numbered in reading order."""
        text = "".join(f"{piece_text.text}\n" for piece_text in texts)
        letters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        lasts = np.cumsum([len(piece_text.text) + 1 for piece_text in texts]) - 1
        is_end = safe_cuts(letters)
        is_end[lasts] = True
        ends = is_end.nonzero()[0]
        starts = np.concatenate(([0], ends[:-1] + 1))
        of_text = np.searchsorted(lasts, ends)
        seeds = np.array([self._seed(piece_text.reader) for piece_text in texts], np.uint64)
        keys = self._keys(text, letters, starts, ends) + seeds[of_text]
        numbers = self._numbers.find(keys)
        missing = (numbers < 0).nonzero()[0]
        if missing.size:
            new = missing[first_of_each(keys[missing])]
            self._read(
                (texts[piece_text].reader, text[start:end])
                for piece_text, start, end in np.stack((of_text, starts, ends))[:, new].T.tolist()
            )
            self._numbers.add(keys[new])
            numbers[missing] = self._numbers.find(keys[missing])
        firsts = np.concatenate(([0], lasts[:-1] + 1))
        return self._expand_pieces(numbers, of_text, starts - firsts[of_text])

    def _expand_pieces(self, numbers: Array, of_text: Array, starts: Array) -> TokenBatch:
        """Return the tokens of pieces, given the text of each piece and its start there."""
        firsts, counts, words, heads, tails = map(_as_array, self._columns)
        counts = counts[numbers]
        places = expand_ranges(firsts[numbers], counts)
        starts = np.repeat(starts, counts)
        in_texts = np.bincount(of_text, counts).astype(np.int64)
        return TokenBatch(in_texts, words[places], heads[places] + starts, tails[places] + starts)

    def _read(self, pieces: Iterable[tuple[PieceReader, str]]) -> None:
        """Analyse new *pieces* and store their tokens."""
        firsts, counts, words, starts, ends = self._columns
        packed_words: list[bytes] = []
        for reader, piece in pieces:
            tokens = reader.tokens(piece)
            firsts.append(len(starts))
            counts.append(len(tokens))
            for start, end, packed in tokens:
                packed_words.append(sort_terms(packed))
                starts.append(start)
                ends.append(end)
        words.frombytes(self._vocabulary.packed_numbers(packed_words).astype(np.uint32).tobytes())

    # --- Keys --------------------------------------------------------------------------------------

    def _draw_numbers(self, count: int) -> HashKeys:
        return self._random.integers(0, _64_BITS, count, np.uint64, endpoint=True)

    def _seed(self, reader: PieceReader) -> int:
        """Return the part of the key that distinguishes the analysers of pieces."""
        if reader not in self._seeds:
            self._seeds[reader] = int(self._draw_numbers(1)[0])
        return self._seeds[reader]

    def _keys(self, text: str, letters: Array, starts: Array, ends: Array) -> HashKeys:
        """Return the keys of the pieces of *text*, whose code points are *letters*."""
        widths = ends - starts + 1
        places = np.arange(len(letters)) - np.repeat(starts, widths)
        weighted = letters.astype(np.uint64)
        weighted[ends] = _END  # any separator; it makes the key depend on the length
        weighted *= self._multipliers.take(places, mode="clip")
        keys: HashKeys = np.add.reduceat(weighted, starts)
        for place in (widths > KEY_CHARS).nonzero()[0].tolist():
            keys[place] = hash(text[starts[place] : ends[place]]) & _64_BITS
        return keys


def _as_array(numbers: "array[int]") -> Array:
    return np.frombuffer(numbers, np.uint32) if numbers else np.zeros(0, np.uint32)
