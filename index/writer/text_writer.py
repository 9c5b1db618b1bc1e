"""Collects the analysed texts of a segment in bounded memory and writes them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.array_file import shrink
from index.segment.stored_fields import DOCUMENTS
from index.segment.token_sequences import TokenSequences
from index.writer.part_counts import PartCounts
from index.writer.piece_cache import PieceTable
from index.writer.run_files import RunFiles
from index.writer.run_merger import SortedRuns, renumber_run, write_words
from index.writer.segment_merge import PackedWords, read_live_spans, read_runs
from index.writer.term_lists import UnionLists, write_dictionaries
from index.writer.token_buffer import RUN_TOKENS, DocumentPart, TokenBuffer
from index.writer.vocabulary import Vocabulary

# A token's word is stored in 24 bits.
WORDS_MAX = 1 << 24
# The piece cache is cleared at this size; common pieces soon return. A piece takes about 50 bytes.
PIECES_MAX = 2_000_000


class TextWriter:
    """Writes the texts of a segment, whose documents come one by one or from another segment.

    ``collect`` puts tokens into a buffer; a full one is sorted into a run, a file; ``write`` merges the runs.

        writer = TextWriter(lambda number: folder / f"run{number}")
        writer.check(parts)
        writer.collect(0, parts)
        writer.write(out, documents=1)

    Without unions, a quarter of the postings is saved, and a search merges the lists of words.
    """

    def __init__(self, run_path: Callable[[int], Path], *, has_unions: bool = True) -> None:
        self._has_unions = has_unions
        self._files = RunFiles(run_path)
        self._parts = PartCounts()
        self._begin()

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
        self._pieces = PieceTable(self._vocabulary)
        self._tokens = TokenBuffer(self._pieces)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def check(self, parts: Iterable[DocumentPart]) -> None:
        """Refuse parts that ``collect`` could not take; to be called before it.

        Raises:
            ValueError: the weight of a part differs from earlier documents.
        """
        self._parts.check(parts)

    def collect(self, docnum: int, parts: Iterable[DocumentPart]) -> None:
        """Add a document."""
        for part in sorted(parts, key=lambda part: part.base):  # reading order
            self._tokens.add(docnum, part, self._vocabulary)
        if len(self._tokens) >= RUN_TOKENS:
            self._sort()

    def read(self) -> None:
        """Read the waiting parts; no analyser is needed afterwards."""
        self._tokens.read(self._vocabulary)

    def lengths(self, documents: int) -> Array:
        """Return the length of each document: the sum of the weights of its tokens."""
        self._sort()
        return self._parts.lengths(documents)

    def _sort(self) -> None:
        """Sort what is in the buffer into a run, and begin a new one."""
        self.read()
        if not len(self._tokens):
            return
        self._files.sort(self._tokens, dict(self._parts.weights))
        bases, docs, counts = (
            np.array(flat, np.uint32) for flat in (self._tokens.bases, self._tokens.docs, self._tokens.counts)
        )
        for base in np.unique(bases).tolist():
            in_part = bases == base
            self._parts.count(base, docs[in_part], counts[in_part])
        if len(self._pieces) > PIECES_MAX:
            self._pieces.forget()
        self._tokens = TokenBuffer(self._pieces)

    def merge(self, arrays: ArrayFile, renumbered: Array) -> None:
        """Add the texts of another segment; *renumbered* are the new document numbers, -1 if deleted."""
        if "word/starts" not in arrays:
            return
        self._sort()
        self._files.wait()
        self._parts.weights.update(arrays.meta["parts"])
        live = np.flatnonzero(renumbered >= 0)
        chunks = np.array_split(live, len(live) // DOCUMENTS + 1)
        sequences = TokenSequences(arrays)
        numbers = self._number_words(arrays, sequences, chunks)
        for run in read_runs(arrays, numbers, renumbered):
            self._files.add_run(run)
        for base, _ in arrays.meta["parts"]:
            self._parts.count(base, renumbered[live], arrays[f"part/{base}"][live].astype(np.uint32))
        for docs in chunks:
            words = numbers[sequences.words(docs)].astype(np.uint32)
            self._files.add_text(words, read_live_spans(arrays, docs))
            arrays.forget()

    def _number_words(self, arrays: ArrayFile, sequences: TokenSequences, chunks: list[Array]) -> Array:
        """Return the new number of each word of a segment, -1 if no document of *chunks* has it."""
        words = PackedWords(arrays)
        numbers = np.full(len(arrays["word/starts"]) - 1, -1, np.int64)
        for docs in chunks:
            distinct = np.unique(sequences.words(docs))
            new = distinct[numbers[distinct] < 0]
            numbers[new] = self._vocabulary.packed_numbers(words[new])
            arrays.forget()
        return numbers

    def write(self, out: ArrayWriter, documents: int) -> Sequence[str]:
        """Write everything; return the names of the fields."""
        self._sort()
        self._files.wait()
        vocabulary = self._vocabulary
        self._begin()  # frees the piece cache
        if len(vocabulary) > WORDS_MAX:
            raise OverflowError(f"{len(vocabulary):,} distinct words; a segment takes {WORDS_MAX:,}")
        names, union_map, numbers = write_dictionaries(out, vocabulary, has_unions=self._has_unions)
        del vocabulary  # frees memory for the postings
        for path in self._files.runs:
            renumber_run(path, numbers)
        runs = SortedRuns(self._files.runs, len(numbers))
        unions = UnionLists(out, union_map, sizes=runs.sizes, documents=documents, top_weight=runs.top_weight)
        write_words(out, runs, documents, unions)
        totals = self._parts.write(out, documents)
        self._write_tokens(out, totals, numbers)
        self.remove()
        return names

    def _write_tokens(self, out: ArrayWriter, totals: Array, numbers: Array) -> None:
        """Write the words and spans of all tokens, in reading order; *totals* is their number by document."""
        read = self._files.read_texts
        out.add("span/starts", shrink(np.concatenate(([0], np.cumsum(totals)))))
        out.add("span/words", (numbers[words].astype(np.uint16) for words in read("words")))
        out.add("span/words_high", ((numbers[words] >> 16).astype(np.uint8) for words in read("words")))
        out.add("span/codes", read("codes"))
        firsts = np.cumsum([0, *(len(codes) for codes in read("codes"))]).tolist()
        odd = [tokens + first for tokens, first in zip(read("odd"), firsts, strict=False)]
        out.add("span/odd", shrink(np.concatenate([np.zeros(0, np.int64), *odd])))
        out.add("span/odd_gaps", read("gaps"))
        out.add("span/odd_lengths", read("lengths"))

    def remove(self) -> None:
        """Remove the temporary files, and end the thread."""
        self._files.remove()
