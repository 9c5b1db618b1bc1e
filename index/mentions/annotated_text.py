"""The text of a release as sentences and words, which are read when a rule asks for them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Set
from functools import cached_property
from typing import NamedTuple

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.sentences import spans
from index.mentions.known_names import CapitalizedWords, capitalized_words
from index.mentions.records import Span

WORD = re.compile(r"[^\W\d_]+(?:[-’'\u2010\u2011][^\W\d_]+)*|\d+")
"""A word with its hyphens, or the digits of a number."""


class TextWord(NamedTuple):
    """A word of a text."""

    start: int
    end: int
    written: str

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.written.lower()

    @property
    def is_capitalized(self) -> bool:
        """Whether it begins with a capital."""
        return self.written[0].isupper()

    @property
    def is_initial(self) -> bool:
        """Whether it may be an initial: one capital, or a digraph (Dž)."""
        return self.written[0].isupper() and (len(self.written) == 1 or self.written in ("Dz", "Dž"))


_SIGNS = ".,;:!?…()[]„“”«»\"'’–—-/"


def _start(word: TextWord) -> int:
    return word.start


def _lower_letter(letter: str) -> str:
    return lower if len(lower := letter.lower()) == 1 else letter


class AnnotatedText:
    """A *text* with its sentences and words; one object is shared by all rules that read it."""

    def __init__(self, text: str, language: Language, analyzer: Analyzer) -> None:
        self.text, self.language, self.analyzer = text, language, analyzer

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The spans of its sentences."""
        found = tuple(spans(self.text))
        return tuple(_refined(self.text, found)) if _may_differ(self.text) else found

    def sentence_at(self, place: int) -> Span:
        """Return the span of the sentence at *place*, or an empty one between two sentences."""
        at = bisect_right(self._sentence_ends, place)
        if at < len(self.sentences) and self.sentences[at][0] <= place:
            return self.sentences[at]
        return place, place

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [end for _, end in self.sentences]

    @cached_property
    def capitalized(self) -> CapitalizedWords:
        """The words with which names may begin."""
        return capitalized_words(self.text)

    @cached_property
    def _lower(self) -> str:
        lower = self.text.lower()
        # A few letters are two in lower case, which would move all that follows.
        return lower if len(lower) == len(self.text) else "".join(map(_lower_letter, self.text))

    @cached_property
    def _written(self) -> frozenset[str]:
        """The words in lower case, without the signs around them."""
        pieces = set(self._lower.split())
        return frozenset([piece if piece.isalpha() else piece.strip(_SIGNS) for piece in pieces])

    def places_of(self, words: Set[str]) -> list[TextWord]:
        """Return where any of *words* (lower case) stands between spaces or signs, in order.

        Most texts have few of them, which is found without a look at each word.
        """
        found: list[TextWord] = []
        for word in self._written & words:
            at = self._lower.find(word)
            while at >= 0:
                end = at + len(word)
                if not (self._lower[at - 1 : at].isalnum() or self._lower[end : end + 1].isalnum()):
                    found.append(TextWord(at, end, self.text[at:end]))
                at = self._lower.find(word, end)
        return sorted(found, key=_start)

    def words(self, start: int, end: int) -> Iterator[TextWord]:
        """Yield the words and numbers from *start* to *end*."""
        for match in WORD.finditer(self.text, start, end):
            yield TextWord(*match.span(), match[0])

    def lemmas(self, word: str) -> tuple[str, ...]:
        """Return the possible lemmas of *word* in lower case; those of an unknown word begin with `~`.

        >>> from index.analysis import default_analyzer
        >>> AnnotatedText("Ministre teica.", "lv", default_analyzer()).lemmas("teica")
        ('teikt',)
        """
        return self.analyzer.forms(word, self.language).lemma

    def is_in_dictionary(self, word: str) -> bool:
        """Return whether the Latvian dictionary has *word* in some form."""
        return self.analyzer.is_in_dictionary(word)

    def is_name(self, word: str) -> bool:
        """Return whether the Latvian dictionary has *word* as a form of a name."""
        return self.analyzer.is_name(word)


# Where the sentences of speech differ from those of other texts: dashes before it and after it, and initials.
_SPEECH_DASH = re.compile(r"[–—-](?<=[.!?…] .) ")
_CONTINUES = re.compile(r"[–—-][ \u00a0][^\W\d_A-ZĀČĒĢĪĶĻŅŠŪŽ]")
_ENDS_IN_INITIAL = re.compile(r"\bD[zž]\.$")
_NEW_SPEECH = re.compile(r"[.!?…]()[ \u00a0](?=- [A-ZĀČĒĢĪĶĻŅŠŪŽ])")


def _may_differ(text: str) -> bool:
    return "Dz." in text or "Dž." in text or _SPEECH_DASH.search(text) is not None


def _refined(text: str, sentences: Iterable[Span]) -> Iterator[Span]:
    """Yield *sentences*, joined before *– saka X* and after *Dz.*, split before the dash of a speech."""
    pending: Span | None = None
    for start, end in sentences:
        if pending is not None:
            is_one = _CONTINUES.match(text, start) or _ENDS_IN_INITIAL.search(text, *pending)
            if is_one and "\n" not in text[pending[1] : start]:
                pending = pending[0], end
                continue
            yield from _split_at_speech(text, *pending)
        pending = start, end
    if pending is not None:
        yield from _split_at_speech(text, *pending)


def _split_at_speech(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _NEW_SPEECH.finditer(text, start, end):
        yield start, match.start(1)
        start = match.end()
    yield start, end
