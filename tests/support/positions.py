"""Positions of the words of a segment, as its file has them, for the core as it is interpreted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from index.segment import Array, ArrayFile, ArrayWriter
from index.segment.doc_lists import DocLists, DocListsWriter, block_count
from index.segment.small_numbers import COUNT_BITS, SmallNumbersWriter
from tests.support.interpreted import interpreted

Text = Mapping[int, int]
"""The word at each position of a document."""


def arrays_of(
    texts: Mapping[int, Text], words: int, documents: int, dtype: DTypeLike = np.uint16
) -> dict[str, Array]:
    """Return the arrays of *words* words, numbered from 0, in a segment of so many *documents*."""
    postings: list[dict[int, list[int]]] = [{} for _ in range(words)]
    for doc, text in sorted(texts.items()):
        for position, word in sorted(text.items()):
            postings[word].setdefault(doc, []).append(position)
    docs = np.array([doc for mine in postings for doc in mine], np.int64)
    counts = np.array([len(found) for mine in postings for found in mine.values()], np.int64)
    positions = np.array([place for mine in postings for found in mine.values() for place in found], dtype)
    sizes = [sum(map(len, mine.values())) for mine in postings]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "words"
        with path.open("wb") as file:
            out = ArrayWriter(file, path)
            lists = DocListsWriter(out, "word", documents)
            lists.add(docs, np.array(list(map(len, postings))))
            lists.write()
            small = SmallNumbersWriter(out, "word/counts", COUNT_BITS)
            small.append(counts)
            small.write()
            out.add("word/position_starts", np.cumsum([0, *sizes])[:-1].astype(np.uint32))
            out.add("word/positions", positions)
            out.close()
        return dict(ArrayFile(path))


def positions_of(arrays: dict[str, Array], documents: int) -> Any:
    """Return the positions in *arrays*."""
    lists = DocLists(arrays, "word", block_count(documents))  # type: ignore[arg-type]  # only its items are read
    module = interpreted("index.search.compiled.doc_lists")
    mine = module.DocListArrays(arrays, "word", lists, documents)
    return interpreted("index.search.compiled.leaves.phrases").Positions(arrays, mine)


def text_of(words: Sequence[int], first: int = 0) -> Text:
    """Return a text of words one after another."""
    return dict(enumerate(words, first))
