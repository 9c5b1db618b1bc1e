"""Reads the analysed text of a segment as sorted runs and tokens, without deleted documents."""

from collections.abc import Iterator

import numpy as np

from index.segment import Array, ArrayFile
from index.segment.array_file import shrink
from index.segment.doc_lists import DocLists, block_count, expand_ranges, split_by_size
from index.segment.positions import restore_holes
from index.segment.postings import word_starts
from index.segment.small_numbers import COUNT_BITS, WEIGHT_BITS, SmallNumbers
from index.segment.term_dictionary import TermDictionary
from index.writer.run_merger import CHUNK
from index.writer.token_buffer import SortedRun
from index.writer.vocabulary import FIELD_END, FIELDS, TERM_END


class PackedWords:
    """The words of a segment, packed on demand."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._fields = [_read_field(arrays, name) if f"{name}/words" in arrays else None for name in FIELDS]

    def __getitem__(self, words: Array) -> list[bytes]:
        fields = [_pack_terms(field, words) if field else [b""] * len(words) for field in self._fields]
        return list(map(FIELD_END.join, zip(*fields, strict=True)))


def _read_field(arrays: ArrayFile, name: str) -> tuple[TermDictionary, Array, Array]:
    """Return the terms of a field, the offset of each word's terms, and their ordinals."""
    terms = TermDictionary(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
    words = arrays[f"{name}/words"]
    starts = word_starts(arrays, name, len(terms)).astype(np.int64)
    owners = np.repeat(np.arange(len(terms), dtype=np.uint32), starts[1:] - starts[:-1])
    counts = np.bincount(words, minlength=len(arrays["word/starts"]) - 1)
    return terms, np.concatenate(([0], np.cumsum(counts))), owners[np.argsort(words, kind="stable")]


def _pack_terms(field: tuple[TermDictionary, Array, Array], words: Array) -> list[bytes]:
    """Return the terms of each of *words* in a field, packed."""
    terms, starts, ordinals = field
    counts = starts[words + 1] - starts[words]
    texts = terms.many(ordinals[expand_ranges(starts[words], counts)])
    if (counts == 1).all():
        return texts
    ends = np.cumsum(counts)
    edges = zip((ends - counts).tolist(), ends.tolist(), strict=True)
    return [TERM_END.join(texts[first:last]) for first, last in edges]


def read_runs(arrays: ArrayFile, numbers: Array, renumbered: Array) -> Iterator[SortedRun]:
    """Yield the postings of a segment as sorted runs.

    *numbers* are the new numbers of its words, -1 if no live document has the word; *renumbered* are the new
    numbers of its documents, -1 if deleted.
    """
    lists = DocLists(arrays, "word", block_count(arrays.meta["documents"]))
    counts = SmallNumbers(arrays, "word/counts", COUNT_BITS)
    weights = SmallNumbers(arrays, "word/weights", WEIGHT_BITS)
    order = np.argsort(numbers, kind="stable")
    order = order[numbers[order] >= 0]
    for first, last in split_by_size(lists.counts()[order], CHUNK):
        words = order[first:last]
        starts, sizes = lists.extents(words)
        position_counts = counts.ranges(starts, sizes).astype(np.int64)
        in_words = np.add.reduceat(position_counts, np.cumsum(sizes) - sizes)
        positions = expand_ranges(arrays["word/position_starts"][words], in_words)
        yield from _drop_deleted(
            SortedRun(
                words=np.repeat(numbers[words], sizes),
                sizes=sizes[:0],
                docs=renumbered[lists.docs_of(words)],
                weights=weights.ranges(starts, sizes),
                counts=position_counts,
                positions=restore_holes(arrays["word/positions"][positions], arrays.meta["holes"]["word"]),
            )
        )
        arrays.forget()


def _drop_deleted(run: SortedRun) -> Iterator[SortedRun]:
    live = run.docs >= 0
    words = run.words[live]
    if not words.size:
        return
    heads = np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1])))
    yield SortedRun(
        words=words[heads].astype(np.uint32),
        sizes=shrink(np.diff(np.append(heads, len(words)))),
        docs=shrink(run.docs[live]),
        weights=run.weights[live],
        counts=shrink(run.counts[live]),
        positions=shrink(run.positions[np.repeat(live, run.counts)]),
    )


def read_live_spans(arrays: ArrayFile, docs: Array) -> tuple[Array, Array, Array, Array]:
    """Return the spans of the tokens of ascending *docs*, as ``pack_spans`` does."""
    starts = arrays["span/starts"].astype(np.int64)
    counts = starts[docs + 1] - starts[docs]
    places = expand_ranges(starts[docs], counts)
    odd = arrays["span/odd"].astype(np.int64)
    at = np.searchsorted(places, odd)
    at[at == len(places)] = 0
    is_live = places[at] == odd if len(places) else np.zeros(len(odd), bool)
    codes = arrays["span/codes"][places]
    return codes, at[is_live], arrays["span/odd_gaps"][is_live], arrays["span/odd_lengths"][is_live]
