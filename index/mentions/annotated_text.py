"""The text of a release as sentences and words, which are read when a rule asks for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.sentences import spans
from index.mentions.records import Span

WORD = re.compile(r"[^\W\d_]+(?:[-’'\u2010\u2011][^\W\d_]+)*|\d+")
"""A word with its hyphens, or the digits of a number."""


@dataclass(frozen=True, slots=True)
class TextWord:
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


class AnnotatedText:
    """A *text* with its sentences and words; one object is shared by all rules that read it."""

    def __init__(self, text: str, language: Language, analyzer: Analyzer) -> None:
        self.text, self.language, self._analyzer = text, language, analyzer

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The spans of its sentences."""
        return tuple(spans(self.text))

    def sentence_at(self, place: int) -> Span:
        """Return the span of the sentence at *place*, or an empty one between two sentences."""
        low, high = 0, len(self.sentences)
        while low < high:
            middle = (low + high) // 2
            if self.sentences[middle][1] <= place:
                low = middle + 1
            else:
                high = middle
        if low < len(self.sentences) and self.sentences[low][0] <= place:
            return self.sentences[low]
        return place, place

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
        return self._analyzer.forms(word, self.language).lemma

    def is_in_dictionary(self, word: str) -> bool:
        """Return whether the Latvian dictionary has *word* in some form."""
        return self._analyzer.is_in_dictionary(word)
