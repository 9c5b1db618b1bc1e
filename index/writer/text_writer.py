"""Collects the analysed texts of a segment in bounded memory and writes them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.array_file import shrink, write_arrays
from index.segment.stored_fields import DOCUMENTS
from index.segment.token_sequences import TokenSequences
from index.writer.piece_cache import PieceTable
from index.writer.run_merger import SortedRuns, renumber_run, write_run, write_words
from index.writer.segment_merge import PackedWords, read_live_spans, read_runs
from index.writer.term_lists import UnionLists, write_dictionaries
from index.writer.token_buffer import RUN_TOKENS, DocumentPart, SortedRun, TokenBuffer
from index.writer.vocabulary import Vocabulary

TEXT_ARRAYS = ("words", "codes", "odd", "gaps", "lengths")
# A token's word is stored in 24 bits.
WORDS_MAX = 1 << 24
# The piece cache is cleared at this size; common pieces soon return. A piece takes about 50 bytes.
PIECES_MAX = 2_000_000


class TextWriter:
    """Collects the parts of documents, document by document; ``write`` writes them as arrays.

    *run_path* returns the path of a sorted run, given its number. A thread sorts and writes a run while the
    next one is collected; what fails there is raised by a later call.
    """

    def __init__(self, run_path: Callable[[int], Path]) -> None:
        self._run_path = run_path
        self._begin()
        self._runs: list[Path] = []
        self._weights: dict[int, int] = {}
        self._texts: list[Path] = []
        self._counts: dict[int, tuple[list[Array], list[Array]]] = {}
        self._thread = ThreadPoolExecutor(1)
        self._spilling: Future[None] | None = None

    def _begin(self) -> None:
        self._vocabulary = Vocabulary()
        self._pieces = PieceTable(self._vocabulary)
        self._tokens = TokenBuffer(self._pieces)

    def __bool__(self) -> bool:
        return bool(self._weights)

    def weigh(self, parts: Iterable[DocumentPart]) -> None:
        """Record the weights of parts.

        Raises:
            ValueError: the weight of a part differs from earlier documents.
        """
        for part in parts:
            if self._weights.setdefault(part.base, part.weight) != part.weight:
                raise ValueError(
                    f"the part at {part.base} has weight {self._weights[part.base]}, not {part.weight}"
                )

    def add(self, docnum: int, parts: Iterable[DocumentPart]) -> None:
        """Add a document; ``weigh`` has seen its parts."""
        for part in sorted(parts, key=lambda part: part.base):  # reading order
            self._tokens.add(docnum, part, self._vocabulary)
        if len(self._tokens) >= RUN_TOKENS:
            self._flush()

    def read(self) -> None:
        """Read the waiting parts."""
        self._tokens.read(self._vocabulary)

    def lengths(self, documents: int) -> Array:
        """Return the length of each document: the sum of the weights of its tokens."""
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
        self._finish_spilling()
        self._spilling = self._thread.submit(self._spill_tokens, self._tokens, dict(self._weights))
        bases, docs, counts = (
            np.array(flat, np.uint32) for flat in (self._tokens.bases, self._tokens.docs, self._tokens.counts)
        )
        for base in np.unique(bases).tolist():
            in_part = bases == base
            self._count(base, docs[in_part], counts[in_part])
        if len(self._pieces) > PIECES_MAX:
            self._pieces.forget()
        self._tokens = TokenBuffer(self._pieces)

    def _spill_tokens(self, tokens: TokenBuffer, weights: dict[int, int]) -> None:
        self._spill(tokens.run(weights))
        self._spill_text(tokens.words(), tokens.codes())

    def _finish_spilling(self) -> None:
        """Wait until the tokens before are spilled; an error of the thread is raised here."""
        if self._spilling:
            spilling, self._spilling = self._spilling, None
            spilling.result()

    def _count(self, base: int, docs: Array, counts: Array) -> None:
        all_docs, all_counts = self._counts.setdefault(base, ([], []))
        all_docs.append(docs)
        all_counts.append(counts)

    def _spill(self, run: SortedRun) -> None:
        write_run(self._new_path(self._runs), run)

    def _spill_text(self, words: Array, spans: tuple[Array, ...]) -> None:
        arrays = dict(zip(TEXT_ARRAYS, (words, *spans), strict=True))
        write_arrays(self._new_path(self._texts), arrays)

    def _new_path(self, paths: list[Path]) -> Path:
        # Before it is written, so that a partial file is removed, too.
        paths.append(self._run_path(len(self._runs) + len(self._texts)))
        return paths[-1]

    def merge(self, arrays: ArrayFile, renumbered: Array) -> None:
        """Add the texts of another segment; *renumbered* are the new document numbers, -1 if deleted."""
        if "word/starts" not in arrays:
            return
        self._flush()
        self._finish_spilling()
        for base, weight in arrays.meta["parts"]:
            self._weights[base] = weight
        live = np.flatnonzero(renumbered >= 0)
        chunks = np.array_split(live, len(live) // DOCUMENTS + 1)
        sequences = TokenSequences(arrays)
        words = PackedWords(arrays)
        numbers = np.full(len(arrays["word/starts"]) - 1, -1, np.int64)
        for docs in chunks:
            distinct = np.unique(sequences.words(docs))
            new = distinct[numbers[distinct] < 0]
            numbers[new] = self._vocabulary.packed_numbers(words[new])
            arrays.forget()
        for run in read_runs(arrays, numbers, renumbered):
            self._spill(run)
        for base, _ in arrays.meta["parts"]:
            self._count(base, renumbered[live], arrays[f"part/{base}"][live].astype(np.uint32))
        for docs in chunks:
            self._spill_text(numbers[sequences.words(docs)].astype(np.uint32), read_live_spans(arrays, docs))
            arrays.forget()

    def write(self, out: ArrayWriter, documents: int) -> Sequence[str]:
        """Write everything; return the names of the fields."""
        self._flush()
        self._finish_spilling()
        vocabulary = self._vocabulary
        self._begin()  # frees the piece cache
        if len(vocabulary) > WORDS_MAX:
            raise OverflowError(f"{len(vocabulary):,} distinct words; a segment takes {WORDS_MAX:,}")
        names, union_map, numbers = write_dictionaries(out, vocabulary)
        del vocabulary  # frees memory for the postings
        for path in self._runs:
            renumber_run(path, numbers)
        runs = SortedRuns(self._runs, len(numbers))
        unions = UnionLists(out, union_map, sizes=runs.sizes, documents=documents, top_weight=runs.top_weight)
        write_words(out, runs, documents, unions)
        self._write_spans(out, documents, numbers)
        self.cleanup()
        return names

    def _write_spans(self, out: ArrayWriter, documents: int, numbers: Array) -> None:
        totals = np.zeros(documents, np.int64)
        for base in sorted(self._weights):
            counts = np.zeros(documents, np.int64)
            for docs, chunk in zip(*self._counts.get(base, ([], [])), strict=True):
                counts[docs] = chunk
            out.add(f"part/{base}", shrink(counts))
            totals += counts
        out.add("span/starts", shrink(np.concatenate(([0], np.cumsum(totals)))))
        out.add("span/words", (numbers[words].astype(np.uint16) for words in self._each("words")))
        out.add("span/words_high", ((numbers[words] >> 16).astype(np.uint8) for words in self._each("words")))
        out.add("span/codes", self._each("codes"))
        firsts = np.cumsum([0, *(len(codes) for codes in self._each("codes"))]).tolist()
        odd = [tokens + first for tokens, first in zip(self._each("odd"), firsts, strict=False)]
        out.add("span/odd", shrink(np.concatenate([np.zeros(0, np.int64), *odd])))
        out.add("span/odd_gaps", self._each("gaps"))
        out.add("span/odd_lengths", self._each("lengths"))
        out.describe(parts=sorted(self._weights.items()))

    def _each(self, name: str) -> Iterator[Array]:
        """Yield the array *name* of each text, one in memory at a time."""
        return (ArrayFile(path)[name] for path in self._texts)

    def cleanup(self) -> None:
        """Remove the temporary files, and end the thread."""
        self._thread.shutdown()
        for path in (*self._runs, *self._texts):
            path.unlink(missing_ok=True)
        self._runs, self._texts = [], []
