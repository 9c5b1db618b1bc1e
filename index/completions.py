"""What a query that is being typed may become: titles, institutions and frequent words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np

from index.latvian.stemmer import stem
from index.spelling import WORD_CHARS, key_of, range_of

CompletionKind = Literal["title", "institution", "word"]
_WORD_MIN_RELEASES = 2
# Forms of one beginning that are looked at; of more the shortest beginnings say little anyway.
_FORMS_MAX = 50_000
# Latvian nouns have about so many that are frequent.
_FORMS_OF_A_WORD = 6


@dataclass(frozen=True, slots=True)
class Completion:
    """A query that goes on from what was typed."""

    text: str
    kind: CompletionKind


class Completer:
    """Completes what is typed to titles, institutions and frequent words, whatever diacritics were left out.

    *titles* come newest first; *forms* as for ``Suggester``.
    """

    def __init__(
        self, titles: Iterable[str], institutions: Iterable[str], forms: Iterable[tuple[str, int]]
    ) -> None:
        self._titles = list(dict.fromkeys(titles))
        self._institutions = sorted(set(institutions))
        self._title_lines = _Lines(self._titles)
        self._institution_lines = _Lines(self._institutions)
        kept = sorted(
            (key_of(form), count, form)
            for form, count in forms
            if count >= _WORD_MIN_RELEASES and form.isalpha() and 3 < len(form) <= WORD_CHARS
        )
        self._word_keys = np.array([key for key, _, _ in kept] or [b"\xff"], f"S{WORD_CHARS}")
        self._counts = np.array([count for _, count, _ in kept], np.int32)
        self._words = [form for _, _, form in kept]

    def complete(self, typed: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Return at most *limit* completions: words, institutions, titles, at least half of them titles.

        >>> completer = Completer(["Valsts budžets pieņemts"], ["Finanšu ministrija"], [("budžets", 3)])
        >>> [completion.text for completion in completer.complete("budz")]
        ['budžets', 'Valsts budžets pieņemts']
        """
        beginning = " ".join(typed.split())
        if not beginning:
            return ()
        places = self._institution_lines.places(beginning, limit)
        institutions = [Completion(self._institutions[place], "institution") for place in places]
        words = [Completion(text, "word") for text in self._ended(beginning, limit)]
        best = [*words[: limit // 4 + 1], *institutions][: limit // 2]
        places = self._title_lines.places(beginning, limit - len(best))
        titles = [Completion(self._titles[place], "title") for place in places]
        more = words[limit // 4 + 1 :][: limit - len(best) - len(titles)]
        order = ("word", "institution", "title")
        return tuple(sorted((*best, *more, *titles), key=lambda one: order.index(one.kind)))

    def _ended(self, beginning: str, limit: int) -> Iterator[str]:
        """What was typed, its last word ended by the commonest forms, one of a word."""
        before, _, last = beginning.rpartition(" ")
        if len(last) < 2:
            return
        key = key_of(last.lower())
        first, end = range_of(self._word_keys, key)
        places = first + np.argsort(-self._counts[first : min(end, first + _FORMS_MAX)], kind="stable")
        commonest: dict[str, str] = {}
        for place in places[: limit * _FORMS_OF_A_WORD].tolist():
            commonest.setdefault(stem(self._words[place]), self._words[place])
        for form in islice(commonest.values(), limit):
            yield f"{before} {form}".lstrip()


class _Lines:
    """Texts that are found by the beginning of any of their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        # One a line, words apart by one space: 200,000 titles are searched through in some milliseconds.
        self._text = b"".join(b"\n" + _words_of(text) for text in texts) + b"\n"
        self._starts = np.flatnonzero(np.frombuffer(self._text, np.uint8) == ord("\n"))

    def places(self, beginning: str, limit: int) -> list[int]:
        """Return the texts that begin with *beginning*, then those with a word that does; at most *limit*."""
        key = _words_of(beginning)
        if not key:
            return []
        found = (at for mark in (b"\n", b" ") for at in islice(self._found(mark + key), limit))
        places = (int(np.searchsorted(self._starts, at, "right")) - 1 for at in found)
        return list(dict.fromkeys(places))[:limit]

    def _found(self, key: bytes) -> Iterator[int]:
        at = self._text.find(key)
        while at >= 0:
            yield at
            at = self._text.find(key, at + 1)


def _words_of(text: str) -> bytes:
    return b" ".join(key_of(text.lower()).translate(_SPACED).split())


# What stands between words, as a space.
_SPACED = bytes(code if bytes([code]).isalnum() or code >= 0xC0 else 32 for code in range(256))
