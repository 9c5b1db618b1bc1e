"""The analysed text of a segment back to runs and tokens, without its deleted documents."""

from collections.abc import Iterator

import numpy as np

from index.segment import Array, ArrayFile
from index.segment.array_file import smallest
from index.segment.doc_lists import Lists, block_count, cuts, ranges
from index.segment.positions import opened, positions_before
from index.segment.term_dictionary import Terms
from index.writer.run_merger import CHUNK
from index.writer.token_buffer import Run
from index.writer.vocabulary import FIELD_END, FIELDS, TERM_END


class PackedWords:
    """The words of a segment, packed as they are asked for."""

    def __init__(self, arrays: ArrayFile) -> None:
        self._fields = [_borne(arrays, name) if f"{name}/words" in arrays else None for name in FIELDS]

    def __getitem__(self, words: Array) -> list[bytes]:
        fields = [_packed(field, words) if field else [b""] * len(words) for field in self._fields]
        return list(map(FIELD_END.join, zip(*fields, strict=True)))


def _borne(arrays: ArrayFile, name: str) -> tuple[Terms, Array, Array]:
    """The terms of a field; where those begin that each word bears, and which they are."""
    terms = Terms(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
    words = arrays[f"{name}/words"]
    starts = arrays[f"{name}/word_starts"].astype(np.int64)
    owners = np.repeat(np.arange(len(terms), dtype=np.uint32), starts[1:] - starts[:-1])
    counts = np.bincount(words, minlength=len(arrays["word/starts"]) - 1)
    return terms, np.concatenate(([0], np.cumsum(counts))), owners[np.argsort(words, kind="stable")]


def _packed(field: tuple[Terms, Array, Array], words: Array) -> list[bytes]:
    """Return what each of *words* bears of a field, packed."""
    terms, starts, borne = field
    counts = starts[words + 1] - starts[words]
    texts = terms.many(borne[ranges(starts[words], counts)])
    if (counts == 1).all():
        return texts
    ends = np.cumsum(counts)
    edges = zip((ends - counts).tolist(), ends.tolist(), strict=True)
    return [TERM_END.join(texts[first:last]) for first, last in edges]


def runs_of(arrays: ArrayFile, numbers: Array, renumbered: Array) -> Iterator[Run]:
    """Yield the postings of a segment as runs.

    *numbers* are the new numbers of its words, -1 for those that no document has any more; *renumbered* the
    new numbers of its documents, -1 for deleted ones.
    """
    lists = Lists(arrays, "word", block_count(arrays.meta["documents"]))
    counts, sums = arrays["word/counts"], arrays["word/count_sums"]
    order = np.argsort(numbers, kind="stable")
    order = order[numbers[order] >= 0]
    for first, last in cuts(lists.counts()[order], CHUNK):
        words = order[first:last]
        starts, sizes = lists.extents(words)
        places = ranges(starts, sizes)
        theirs = counts[places].astype(np.int64)
        in_words = np.add.reduceat(theirs, np.cumsum(sizes) - sizes)
        positions = ranges(positions_before(counts, sums, starts), in_words)
        yield from _kept(
            Run(
                words=np.repeat(numbers[words], sizes),
                sizes=sizes[:0],
                docs=renumbered[lists.docs_of(words)],  # type: ignore[arg-type]  # an array will do
                weights=arrays["word/weights"][places],
                counts=theirs,
                positions=opened(arrays["word/positions"][positions], arrays.meta["holes"]["word"]),
            )
        )
        arrays.forget()


def _kept(run: Run) -> Iterator[Run]:
    live = run.docs >= 0
    words = run.words[live]
    if not words.size:
        return
    heads = np.flatnonzero(np.concatenate(([True], words[1:] != words[:-1])))
    yield Run(
        words=words[heads].astype(np.uint32),
        sizes=smallest(np.diff(np.append(heads, len(words)))),
        docs=smallest(run.docs[live]),
        weights=run.weights[live],
        counts=smallest(run.counts[live]),
        positions=smallest(run.positions[np.repeat(live, run.counts)]),
    )


def live_spans(arrays: ArrayFile, docs: Array) -> tuple[Array, Array, Array, Array]:
    """Return where the tokens of ascending *docs* stand in their texts, as ``pack_spans`` does."""
    starts = arrays["span/starts"].astype(np.int64)
    counts = starts[docs + 1] - starts[docs]
    places = ranges(starts[docs], counts)
    odd = arrays["span/odd"].astype(np.int64)
    at = np.searchsorted(places, odd)
    at[at == len(places)] = 0
    kept = places[at] == odd if len(places) else np.zeros(len(odd), bool)
    codes = arrays["span/codes"][places]
    return codes, at[kept], arrays["span/odd_gaps"][kept], arrays["span/odd_lengths"][kept]
