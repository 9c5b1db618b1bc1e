"""Gathers the analysed texts of a segment in bounded memory and writes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.durable import name_errors
from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.array_file import smallest
from index.segment.stored_fields import DOCUMENTS
from index.segment.token_sequences import Sequences
from index.writer.piece_cache import PieceTable
from index.writer.run_merger import Runs, write_words
from index.writer.segment_merge import PackedWords, live_spans, runs_of
from index.writer.term_lists import LISTED, TermLists, write_dictionaries
from index.writer.token_buffer import RUN_TOKENS, Part, Run, Tokens
from index.writer.vocabulary import Vocabulary

TEXTS = ("words", "codes", "odd", "gaps", "lengths")
# The word of a token is kept in so many bits.
WORDS_MAX = 1 << 24
# Of so many pieces all are forgotten, and those that are common soon met again; one takes some 50 bytes.
PIECES_MAX = 2_000_000


class TextWriter:
    """Takes the parts of documents in order; ``write`` makes arrays of them.

    *scratch* names a new file beside the segment for every sorted run.
    """

    def __init__(self, scratch: Callable[[int], Path]) -> None:
        self._scratch = scratch
        self._begin()
        self._runs: list[Path] = []
        self._weights: dict[int, int] = {}
        self._texts: list[Path] = []
        self._counts: dict[int, tuple[list[Array], list[Array]]] = {}

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
        self._pieces = PieceTable(self._vocabulary)
        self._tokens = Tokens(self._pieces)

    def __bool__(self) -> bool:
        return bool(self._weights)

    def weigh(self, parts: Iterable[Part]) -> None:
        """Learn what parts weigh.

        Raises:
            ValueError: one does not weigh what it did in earlier documents.
        """
        for part in parts:
            if self._weights.setdefault(part.base, part.weight) != part.weight:
                raise ValueError(
                    f"the part at {part.base} weighs {self._weights[part.base]}, not {part.weight}"
                )

    def add(self, docnum: int, parts: Iterable[Part]) -> None:
        """Add a document whose parts were weighed."""
        for part in sorted(parts, key=lambda part: part.base):  # the order in which they are read
            self._tokens.add(docnum, part, self._vocabulary)
        if len(self._tokens) >= RUN_TOKENS:
            self._flush()

    def read(self) -> None:
        """Read what was added and waits to be read."""
        self._tokens.read(self._vocabulary)

    def lengths(self, documents: int) -> Array:
        """Return the length of each of so many documents: what its tokens weigh together."""
        self._flush()
        lengths = np.zeros(documents, np.int64)
        for base, (all_docs, all_counts) in self._counts.items():
            for docs, counts in zip(all_docs, all_counts, strict=True):
                lengths[docs] += self._weights[base] * counts
        return lengths

    def _flush(self) -> None:
        self._tokens.read(self._vocabulary)
        if not len(self._tokens):
            return
        self._spill(self._tokens.run(self._weights))
        self._keep(self._tokens.words(), self._tokens.codes())
        bases, docs, counts = (
            np.array(flat, np.uint32) for flat in (self._tokens.bases, self._tokens.docs, self._tokens.counts)
        )
        for base in np.unique(bases).tolist():
            here = bases == base
            self._count(base, docs[here], counts[here])
        if len(self._pieces) > PIECES_MAX:
            self._pieces.forget()
        self._tokens = Tokens(self._pieces)

    def _count(self, base: int, docs: Array, counts: Array) -> None:
        all_docs, all_counts = self._counts.setdefault(base, ([], []))
        all_docs.append(docs)
        all_counts.append(counts)

    def _spill(self, run: Run) -> None:
        self._write_scratch(self._runs, {name: getattr(run, name) for name in Run.__slots__})

    def _keep(self, words: Array, spans: tuple[Array, ...]) -> None:
        self._write_scratch(self._texts, dict(zip(TEXTS, (words, *spans), strict=True)))

    def _write_scratch(self, paths: list[Path], arrays: Mapping[str, Array]) -> None:
        path = self._scratch(len(self._runs) + len(self._texts))
        paths.append(path)  # if it cannot be written whole, it is removed as well
        with name_errors(path), path.open("wb") as file:
            out = ArrayWriter(file, path)
            for name, array in arrays.items():
                out.add(name, array)
            out.close()

    def merge(self, arrays: ArrayFile, renumbered: Array) -> None:
        """Add the texts of another segment; *renumbered* says which document each becomes, -1 for none."""
        if "word/starts" not in arrays:
            return
        self._flush()
        for base, weight in arrays.meta["parts"]:
            self._weights[base] = weight
        live = np.flatnonzero(renumbered >= 0)
        some = np.array_split(live, len(live) // DOCUMENTS + 1)
        sequences = Sequences(arrays)
        words = PackedWords(arrays)
        numbers = np.full(len(arrays["word/starts"]) - 1, -1, np.int64)
        for docs in some:
            these = np.unique(sequences.words(docs))
            new = these[numbers[these] < 0]
            numbers[new] = self._vocabulary.packed_numbers(words[new])
            arrays.forget()
        for run in runs_of(arrays, numbers, renumbered):
            self._spill(run)
        for base, _ in arrays.meta["parts"]:
            self._count(base, renumbered[live], arrays[f"part/{base}"][live].astype(np.uint32))
        for docs in some:
            self._keep(numbers[sequences.words(docs)].astype(np.uint32), live_spans(arrays, docs))
            arrays.forget()

    def write(self, out: ArrayWriter, documents: int) -> Sequence[str]:
        """Write all; return the names of the fields."""
        self._flush()
        vocabulary = self._vocabulary
        self._begin()  # what is known of pieces is not needed any more
        if len(vocabulary) > WORDS_MAX:
            raise OverflowError(f"{len(vocabulary):,} distinct words; a segment takes {WORDS_MAX:,}")
        bearings = write_dictionaries(out, vocabulary)
        runs = Runs(self._runs, len(vocabulary))
        del vocabulary  # the postings need the memory
        listed = [
            TermLists(
                out, name, bearings[name], sizes=runs.sizes, documents=documents, top_weight=runs.top_weight
            )
            for name in LISTED
            if name in bearings
        ]
        write_words(out, runs, documents, listed)
        self._write_spans(out, documents)
        self.cleanup()
        return list(bearings)

    def _write_spans(self, out: ArrayWriter, documents: int) -> None:
        totals = np.zeros(documents, np.int64)
        for base in sorted(self._weights):
            counts = np.zeros(documents, np.int64)
            for docs, chunk in zip(*self._counts.get(base, ([], [])), strict=True):
                counts[docs] = chunk
            out.add(f"part/{base}", smallest(counts))
            totals += counts
        out.add("span/starts", smallest(np.concatenate(([0], np.cumsum(totals)))))
        out.add("span/words", (words.astype(np.uint16) for words in self._each("words")))
        out.add("span/words_high", ((words >> 16).astype(np.uint8) for words in self._each("words")))
        out.add("span/codes", self._each("codes"))
        firsts = np.cumsum([0, *(len(codes) for codes in self._each("codes"))]).tolist()
        odd = [tokens + first for tokens, first in zip(self._each("odd"), firsts, strict=False)]
        out.add("span/odd", smallest(np.concatenate([np.zeros(0, np.int64), *odd])))
        out.add("span/odd_gaps", self._each("gaps"))
        out.add("span/odd_lengths", self._each("lengths"))
        out.describe(parts=sorted(self._weights.items()))

    def _each(self, name: str) -> Iterator[Array]:
        """Yield the array *name* of each text, one in memory at a time."""
        return (ArrayFile(path)[name] for path in self._texts)

    def cleanup(self) -> None:
        """Remove the scratch files."""
        for path in (*self._runs, *self._texts):
            path.unlink(missing_ok=True)
        self._runs, self._texts = [], []
