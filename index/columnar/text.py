"""Gathers the analysed texts of a segment in bounded memory and writes them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from index.columnar.format import Array, ArrayFile, ArrayWriter, smallest
from index.columnar.inverted import Runs, write_fields, write_words
from index.columnar.lists import ranges
from index.columnar.merge import forms_of, runs_of
from index.columnar.sequences import Sequences
from index.columnar.words import RUN_TOKENS, Part, Run, Tokens, Vocabulary


class TextWriter:
    """Takes the parts of documents in order; ``write`` makes arrays of them.

    *scratch* names a new file beside the segment for every sorted run.
    """

    def __init__(self, scratch: Callable[[int], Path]) -> None:
        self._scratch = scratch
        self._vocabulary = Vocabulary()
        self._tokens = Tokens()
        self._runs: list[Path] = []
        self._weights: dict[int, int] = {}
        self._spans: list[tuple[Array, ...]] = []
        self._sequence: list[Array] = []
        self._counts: dict[int, tuple[list[Array], list[Array]]] = {}

    def __bool__(self) -> bool:
        return bool(self._weights)

    def length(self, parts: Iterable[Part]) -> int:
        """Return the length of a document, which is what its tokens weigh together.

        Raises:
            ValueError: a part does not weigh what it did in earlier documents.
        """
        length = 0
        for part in parts:
            if self._weights.setdefault(part.base, part.weight) != part.weight:
                raise ValueError(
                    f"the part at {part.base} weighs {self._weights[part.base]}, not {part.weight}"
                )
            length += part.weight * len(part.tokens)
        return length

    def add(self, docnum: int, parts: Iterable[Part]) -> None:
        """Add a document, after its ``length`` was asked."""
        for part in parts:
            if part.tokens:
                self._tokens.add(docnum, part, self._vocabulary.numbers(part.tokens))
        if len(self._tokens.words) >= RUN_TOKENS:
            self._flush()

    def _flush(self) -> None:
        if not self._tokens.words:
            return
        self._spill(self._tokens.run(self._weights))
        self._spans.append(self._tokens.codes())
        self._sequence.append(np.frombuffer(self._tokens.words, np.uint32))
        bases, docs, counts = (
            np.array(flat) for flat in (self._tokens.bases, self._tokens.docs, self._tokens.counts)
        )
        for base in np.unique(bases).tolist():
            here = bases == base
            self._count(base, docs[here], counts[here])
        self._tokens = Tokens()

    def _count(self, base: int, docs: Array, counts: Array) -> None:
        all_docs, all_counts = self._counts.setdefault(base, ([], []))
        all_docs.append(docs)
        all_counts.append(counts)

    def _spill(self, run: Run) -> None:
        path = self._scratch(len(self._runs))
        with path.open("wb") as file:
            out = ArrayWriter(file)
            for name in Run.__slots__:
                out.add(name, getattr(run, name))
            out.close()
        self._runs.append(path)

    def merge(self, arrays: ArrayFile, renumbered: Array) -> None:
        """Add the texts of another segment; *renumbered* says which document each becomes, -1 for none."""
        if "word/starts" not in arrays:
            return
        self._flush()
        for base, weight in arrays.meta["parts"]:
            self._weights[base] = weight
        live = np.flatnonzero(renumbered >= 0)
        words, *_ = Sequences(arrays).read(live)
        forms = forms_of(arrays, len(arrays["word/starts"]) - 1)
        numbers = np.full(len(forms), -1, np.int64)
        for word in np.unique(words).tolist():
            numbers[word] = self._vocabulary.number(forms[word])
        for run in runs_of(arrays, numbers, renumbered):
            self._spill(run)
        for base, _ in arrays.meta["parts"]:
            self._count(base, renumbered[live], arrays[f"part/{base}"][live].astype(np.int64))
        self._spans.append(_live_spans(arrays, live))
        self._sequence.append(numbers[words].astype(np.uint32))

    def write(self, out: ArrayWriter, documents: int) -> Sequence[str]:
        """Write all; return the names of the fields."""
        self._flush()
        forms = self._vocabulary.forms
        self._vocabulary = Vocabulary()
        postings = write_words(out, Runs(self._runs), len(forms), documents)
        fields = write_fields(out, forms, postings, documents)
        self._write_spans(out, documents)
        self.cleanup()
        return fields

    def _write_spans(self, out: ArrayWriter, documents: int) -> None:
        totals = np.zeros(documents, np.int64)
        for base in sorted(self._weights):
            counts = np.zeros(documents, np.int64)
            for docs, chunk in zip(*self._counts.get(base, ([], [])), strict=True):
                counts[docs] = chunk
            out.add(f"part/{base}", smallest(counts))
            totals += counts
        shift, odd = 0, []
        for codes, at, _, _ in self._spans:
            odd.append(at + shift)
            shift += len(codes)
        out.add("span/words", [words.astype(np.uint16) for words in self._sequence] or np.zeros(0, np.uint16))
        out.add(
            "span/words_high",
            [(words >> 16).astype(np.uint8) for words in self._sequence] or np.zeros(0, np.uint8),
        )
        self._sequence = []
        out.add("span/codes", [codes for codes, *_ in self._spans] or np.zeros(0, np.uint8))
        out.add("span/starts", smallest(np.concatenate(([0], np.cumsum(totals)))))
        out.add("span/odd", smallest(np.concatenate(odd) if odd else np.zeros(0, np.int64)))
        out.add("span/odd_gaps", [gaps for _, _, gaps, _ in self._spans] or np.zeros(0, np.int32))
        out.add("span/odd_lengths", [lengths for *_, lengths in self._spans] or np.zeros(0, np.int32))
        out.describe(parts=sorted(self._weights.items()))

    def cleanup(self) -> None:
        """Remove the scratch files."""
        for path in self._runs:
            path.unlink(missing_ok=True)
        self._runs = []


def _live_spans(arrays: ArrayFile, live: Array) -> tuple[Array, ...]:
    starts = arrays["span/starts"].astype(np.int64)
    counts = starts[live + 1] - starts[live]
    codes = arrays["span/codes"]
    chosen = np.zeros(len(codes), bool)
    places = ranges(starts[live], counts)
    chosen[places] = True
    odd = arrays["span/odd"].astype(np.int64)
    kept = chosen[odd]
    moved = np.cumsum(chosen) - 1
    return codes[places], moved[odd[kept]], arrays["span/odd_gaps"][kept], arrays["span/odd_lengths"][kept]
