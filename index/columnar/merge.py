"""The analysed text of a segment back to runs and tokens, without its deleted documents."""

from collections.abc import Iterator

import numpy as np

from index.columnar.format import Array, ArrayFile, smallest
from index.columnar.inverted import CHUNK, cuts, opened
from index.columnar.lists import Lists, block_count, ranges
from index.columnar.terms import Terms
from index.columnar.vocabulary import FIELD_END, FIELDS, TERM_END
from index.columnar.words import Run


def words_of(arrays: ArrayFile, words: int) -> list[bytes]:
    """Return the words of a segment, packed."""
    fields: list[list[bytes]] = []
    for name in FIELDS:
        of_word = [b""] * words
        if f"{name}/words" in arrays:
            starts = arrays[f"{name}/word_starts"].astype(np.int64)
            dictionary = Terms(arrays[f"{name}/terms"], arrays[f"{name}/term_offsets"])
            owners = np.repeat(np.arange(len(dictionary)), starts[1:] - starts[:-1]).tolist()
            texts = list(dictionary)
            for owner, word in zip(owners, arrays[f"{name}/words"].tolist(), strict=True):
                before = of_word[word]
                of_word[word] = before + TERM_END + texts[owner] if before else texts[owner]
        fields.append(of_word)
    return list(map(FIELD_END.join, zip(*fields, strict=True)))


def runs_of(arrays: ArrayFile, numbers: Array, renumbered: Array) -> Iterator[Run]:
    """Yield the postings of a segment as runs.

    *numbers* are the new numbers of its words, -1 for those that no document has any more; *renumbered* the
    new numbers of its documents, -1 for deleted ones.
    """
    lists = Lists(arrays, "word", block_count(arrays.meta["documents"]))
    edges = arrays["word/starts"].astype(np.int64)
    ends = np.concatenate(([0], np.cumsum(arrays["word/counts"], dtype=np.int64)))[edges]
    sizes = edges[1:] - edges[:-1]
    order = np.argsort(numbers, kind="stable")
    order = order[numbers[order] >= 0]
    for first, last in cuts(sizes[order], CHUNK):
        words = order[first:last]
        docs = np.concatenate([lists.docs(word) for word in words.tolist()])
        places = ranges(arrays["word/starts"][words], sizes[words])
        counts = arrays["word/counts"][places].astype(np.int64)
        positions = ranges(ends[words], ends[words + 1] - ends[words])
        yield from _kept(
            Run(
                words=np.repeat(numbers[words], sizes[words]),
                sizes=sizes[:0],
                docs=renumbered[docs],
                weights=arrays["word/weights"][places],
                counts=counts,
                positions=opened(arrays["word/positions"][positions], arrays.meta["holes"]["word"]),
            )
        )


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
