"""A release as a document of the cluster, and its words as documents of their own."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer, Forms
from index.analysis.forms import pack
from index.engines.opensearch.mappings import PARTS, RAW_FIELDS, TEXT_FIELDS, row_field, words_field
from index.indexing import Document
from index.layout import LAYOUT, VALUE_BREAK, Stream
from index.query import FILTERS
from index.search.standing import release_of
from index.writer.vocabulary import sort_terms

Keys = NDArray[np.uint64]
"""Numbers of words: hashes of their terms, which need no list that all processes share."""

# The whitespace analyser cuts longer terms.
_TERM_CHARS_MAX = 255
# Words whose terms are kept: those that make up most texts.
_WORDS_CACHED = 50_000


def term_key(term: str) -> str:
    """Return *term* as the cluster has it: a term that its analyser would split is cut and hashed.

    >>> term_key("drošība")
    'drošība'
    """
    if len(term) <= _TERM_CHARS_MAX and not any(map(str.isspace, term)):
        return term
    return f"{''.join(term[:200].split())}#{blake2b(term.encode(), digest_size=8).hexdigest()}"


def word_key(terms: Iterable[Sequence[str]]) -> int:
    """Return the number of the word with these *terms*, by field."""
    digest = blake2b(sort_terms(pack(terms)), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def write_key(key: int) -> str:
    """Return the number of a word as a term."""
    return f"{key:016x}"


@dataclass(slots=True)
class WordKeys:
    """Numbers words, and keeps those that are new to the index."""

    known: set[int] = field(default_factory=set)
    """Those that the index has."""
    _keys: dict[Forms, int] = field(default_factory=dict)
    _new: list[Mapping[str, Any]] = field(default_factory=list)

    def key(self, word: Forms) -> int:
        """Return the number of a word."""
        number = self._keys.get(word)
        if number is None:
            number = self._keys[word] = word_key(word.terms)
            if number not in self.known:
                self.known.add(number)
                self._new.append(_word_document(number, word))
        return number

    def take_new(self) -> list[Mapping[str, Any]]:
        """Return the documents of the words that are new since the last call."""
        new, self._new = self._new, []
        return new


def _word_document(key: int, word: Forms) -> Mapping[str, Any]:
    fields = dict(zip((*TEXT_FIELDS, "fold"), word.terms, strict=True))
    return {"key": write_key(key), **{name: list(map(term_key, terms)) for name, terms in fields.items()}}


def release_document(
    document: Document,
    number: int,
    analyzer: Analyzer,
    words: WordKeys,
    *,
    shared: bool,
    has_earlier: bool = False,
) -> Mapping[str, Any]:
    """Return the fields of a release whose last change has *number*.

    *shared*: others share its cluster; *has_earlier*: at least its earlier texts do.
    """
    forms = {part: _read_part(document, part, analyzer) for part in PARTS}
    keys = {part: list(map(words.key, tokens)) for part, tokens in forms.items()}
    day = document.published
    return {
        "id": document.id,
        "number": number,
        "cluster": document.cluster,
        "shared": shared,
        "shared_ever": shared or has_earlier,
        "release": release_of(document.id),
        "since": document.since,
        "until": document.until,
        "site": document.site,
        **({"day": day.toordinal(), "year": f"{day.year}"} if day else {}),
        **{one.column: list(document.values(one)) for one in FILTERS},
        **{row_field(one): VALUE_BREAK.join(document.values(one)) for one in FILTERS},
        "length": sum(LAYOUT[part].weight * len(tokens) for part, tokens in keys.items()),
        "shown": document.fields()["shown"],
        **_terms(forms),
        **{words_field(part): " ".join(map(write_key, tokens)) for part, tokens in keys.items()},
        **{field: getattr(document, field) for field in RAW_FIELDS},
        "tokens": pack_tokens([keys[part] for part in PARTS]),
    }


def _read_part(document: Document, part: Stream, analyzer: Analyzer) -> Sequence[Forms]:
    """Return the words of a part in reading order."""
    text, language = document.text(part)
    return analyzer.columns(text, language, most=LAYOUT[part].room).forms


def _terms(forms: Mapping[Stream, Sequence[Forms]]) -> Mapping[str, str]:
    """Return the terms of each field, each as often as it counts."""
    scored: dict[str, list[str]] = {name: [] for name in TEXT_FIELDS}
    folded: set[str] = set()
    for part, tokens in forms.items():
        weight = LAYOUT[part].weight
        for word in tokens:
            *texts, fold = _term_texts(word)
            for name, text in zip(TEXT_FIELDS, texts, strict=True):
                if text:
                    scored[name] += [text] * weight
            folded.add(fold)
    folds = {term for text in folded for term in text.split(" ") if term}
    return {**{name: " ".join(terms) for name, terms in scored.items()}, "fold": " ".join(sorted(folds))}


@lru_cache(_WORDS_CACHED)
def _term_texts(word: Forms) -> tuple[str, ...]:
    """Return the distinct terms of a word in each field, as text."""
    return tuple(" ".join(map(term_key, dict.fromkeys(terms))) for terms in word.terms)


# --- The stored tokens ---------------------------------------------------------------------------


def pack_tokens(parts: Sequence[Sequence[int]]) -> str:
    """Return the words of all parts in reading order, as text."""
    counts = np.array([len(part) for part in parts], "<u4")
    keys = np.array([key for part in parts for key in part], "<u8")
    return b64encode(counts.tobytes() + keys.tobytes()).decode()


def unpack_tokens(packed: str) -> tuple[NDArray[np.uint32], Keys]:
    """Return the number of words of each part, and the words of all parts."""
    content = b64decode(packed + "=" * (-len(packed) % 4))  # the cluster leaves out the padding
    edge = 4 * len(PARTS)
    return np.frombuffer(content[:edge], "<u4"), np.frombuffer(content[edge:], "<u8")
