"""The texts of a segment, as its file has them, for the core in either form."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from index.layout import PART_BASE
from index.segment import Array

Load = Callable[[str], ModuleType]
Text = Sequence[Sequence[int]]
"""The words of each part of a document."""
PARTS = "title", "body"


class Arrays(dict[str, Array]):
    """The arrays of texts, as a file has them."""

    def __init__(self, texts: Sequence[Text]) -> None:
        words = np.array([word for text in texts for part in text for word in part], np.int64)
        sizes = [sum(map(len, text)) for text in texts]
        self["span/starts"] = np.cumsum([0, *sizes]).astype(np.uint32)
        self["span/words"], self["span/words_high"] = words.astype(np.uint16), (words >> 16).astype(np.uint8)
        self.meta = {"parts": [(PART_BASE[part], 1) for part in PARTS]}
        for place, part in enumerate(PARTS):
            self[f"part/{PART_BASE[part]}"] = np.array([len(text[place]) for text in texts], np.uint16)


def texts_of(load: Load, texts: Sequence[Text], **others: Array) -> Any:
    """Return texts with *others* in place of some arrays, whose names have `_of_` for the stroke."""
    arrays = Arrays(texts)
    arrays.update({name.replace("_of_", "/"): array for name, array in others.items()})
    return load("index.search.compiled.proximity").Texts(arrays, len(texts))
