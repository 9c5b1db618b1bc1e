"""Reads a query that nothing matches in another script or spelling; only what is in the index counts."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import Literal

from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN
from index.query.lexemes import OPERATORS
from index.suggest.readings.scripts import (
    LATVIAN,
    OLD_LATVIAN,
    OLD_LETTERS,
    RUSSIAN,
    RUSSIAN_ENDINGS,
    RUSSIAN_PARTICLES,
)
from index.suggest.readings.spacing import CountHits, are_side_by_side, halves, join
from index.suggest.spelling import Suggester

IsWord = Callable[[str], bool]
ReadingKind = Literal["script", "spelling", "spacing", "address"]

_WORDS_MAX = 12
"""The most words of a query that is read otherwise."""
_WORD_CHARS = 32
_SURE_MIN_CHARS = 4
"""Shorter words resemble too many of another script."""
_STEM_CHARS = 5
"""Words with shorter stems are not taken for other forms of a word."""
_LOOKED_UP = 12
"""The most spellings that are looked up with other endings, or beyond the index, which takes longer."""
_PLAIN_TEXT = re.compile(r"[\w\s'’.,?-]+")
"""Text without quotes and operators."""
_OPERATORS = re.compile(rf"(?<!\S)(?:{'|'.join(OPERATORS)})(?!\S)|(?<!\S)-\w")
"""A word that is an operator, or the sign before a word that is excluded."""
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_OLD = re.compile(OLD_LETTERS)


@dataclass(frozen=True, slots=True)
class QueryReading:
    """A query as it was probably meant."""

    text: str
    kind: ReadingKind
    changed: tuple[tuple[str, str], ...]
    """Words as typed and as read."""
    hits: int
    is_attested: bool = True
    """Whether all its words are forms of the index."""
    is_sure: bool = True
    """Whether each word is spelt as it was typed: `Каринш` may be a form of Karīna, but need not be."""


def read_otherwise(text: str, suggester: Suggester, count: CountHits, is_word: IsWord) -> QueryReading | None:
    """Return the likeliest other reading of *text* if nothing matches it, else None.

    Each word of the reading that was not typed so is in the index, or *is_word*. Two words that are one word
    of the index, and nowhere beside each other, were not matched either, if that word has more hits or one of
    them is no word. A text with operators says what it means.
    """
    if not _PLAIN_TEXT.fullmatch(text) or len(TOKEN.findall(text)) > _WORDS_MAX or _OPERATORS.search(text):
        return None
    reader = _Reader(suggester, count, is_word)
    return next(reader.joined(text), None) or next(reader.respelled(text), None)


@dataclass(frozen=True, slots=True)
class _Reader:
    suggester: Suggester
    count: CountHits
    is_word: IsWord

    def respelled(self, text: str) -> Iterator[QueryReading]:
        """Yield the readings of *text* with others for its unknown words, if nothing matches it."""
        words = TOKEN.findall(text)
        if all(map(self._is_indexed, words)) or self.count(text) or all(map(self._is_known, words)):
            return
        if any(map(_CYRILLIC.search, words)):
            yield from self._respelled(text, self._latvian, "script")
            return
        yield from self._respelled(text, self._halves, "spacing")
        yield from self._respelled(text, self._old, "spelling")
        yield from self._respelled(text, self._russian, "script")

    def _is_known(self, word: str) -> bool:
        return self._is_indexed(word) or self.is_word(word)

    def _is_indexed(self, word: str) -> bool:
        return word.lower() in stop_words() or not word.isalpha() or self.suggester.knows(word)

    def _respelled(
        self, text: str, respell: Callable[[str], str], kind: ReadingKind
    ) -> Iterator[QueryReading]:
        """Yield *text* with its words as *respell* returns them, unless it returns "" for an unknown one."""
        words = dict.fromkeys(TOKEN.findall(text))
        respelled = {word: respell(word) or (word if self._is_known(word) else "") for word in words}
        unknown = [word for word in words if not self._is_known(word)]
        if all(respelled.values()) and any(len(word) >= _SURE_MIN_CHARS for word in unknown):
            read = TOKEN.sub(lambda match: respelled[match[0]], text)
            changed = tuple((word, other) for word, other in respelled.items() if word != other)
            is_attested = all(self._is_indexed(other) for _, other in changed)
            is_sure = respell != self._latvian or all(self._is_spelt_so(*one) for one in changed)
            yield QueryReading(read, kind, changed, self.count(read), is_attested, is_sure)

    # --- one word -------------------------------------------------------------------------------------

    def _latvian(self, word: str) -> str:
        """Return a name in Cyrillic letters as Latvian writes it."""
        if not _CYRILLIC.search(word) or self._is_known(word):
            return ""
        bases = [*islice(LATVIAN.spellings(word.lower()), _LOOKED_UP)]
        stems = dict.fromkeys(base.removesuffix(ending) for base in bases for ending in RUSSIAN_ENDINGS)
        whole = (base + ending for base in bases for ending in ("", "s"))
        uninflected = (known + ending for known in stems for ending in ("", "s", "a", "e"))
        # Cyrillic letters do not tell which diacritics there are.
        return _capitalize(self._commonest_form(self._best((*whole, *uninflected))), word)

    def _is_spelt_so(self, typed: str, read: str) -> bool:
        """Whether a name in Cyrillic letters is *read* with its own letters, or those before its ending."""
        bases = [fold(base) for base in islice(LATVIAN.spellings(typed.lower()), _LOOKED_UP)]
        stems = [base.removesuffix(ending) for base in bases for ending in RUSSIAN_ENDINGS]
        names = {known + ending for known in (*bases, *stems) for ending in ("", "s", "a", "e")}
        return fold(read.lower()) in names

    def _commonest_form(self, word: str) -> str:
        if self.suggester.knows(word):
            return self.suggester.spell(word)
        forms = self.suggester.forms_of_stem(stem(word))
        return forms.most_common(1)[0][0] if forms else ""

    def _old(self, word: str) -> str:
        """Return a word in the old spelling in that of today."""
        if self._is_known(word) or not _OLD.search(word.lower()):
            return ""
        known = self._best([*OLD_LATVIAN.spellings(word.lower())])
        ending = "" if self.suggester.knows(known) else known[len(stem(known)) :]
        form = self._commonest_form(known)
        form = form[: len(stem(known))] + ending if ending else form
        return _capitalize(form, word) if self._is_known(form) else ""

    def _halves(self, word: str) -> str:
        return "" if self._is_known(word) else halves(word.lower(), self.suggester, self.count)

    def _russian(self, word: str) -> str:
        """Return a word in Latin letters as Russian writes it."""
        if not word.isalpha() or len(word) > _WORD_CHARS:
            return ""
        spellings = [*RUSSIAN.spellings(word.lower())]
        if spellings[0] in RUSSIAN_PARTICLES:
            return spellings[0]
        known = next(filter(self.suggester.knows, spellings), "")
        return known or next(filter(self.is_word, spellings[:_LOOKED_UP]), "")

    def _best(self, spellings: Sequence[str]) -> str:
        """Return the first of *spellings* that is in the index, or else has a form there; "" if none has."""
        return next(chain(filter(self.suggester.knows, spellings), filter(self._has_forms, spellings)), "")

    def _has_forms(self, word: str) -> bool:
        known = stem(word)
        return len(known) >= _STEM_CHARS and bool(self.suggester.forms_of_stem(known))

    # --- words together ---------------------------------------------------------------------------------

    def joined(self, text: str) -> Iterator[QueryReading]:
        """Yield *text* with two words as one of the index, if no release has them beside each other."""
        for first, second in pairwise(TOKEN.finditer(text)):
            between = text[first.end() : second.start()]
            pair = first[0].lower(), second[0].lower()
            word = join(*pair, self.suggester) if between.isspace() else ""
            if word and not are_side_by_side(*pair, self.count):
                read = f"{text[: first.start()]}{word}{text[second.end() :]}"
                typed = text[first.start() : second.end()]
                hits = self.count(read)
                if hits > self.count(text) or not all(map(self._is_known, pair)):
                    yield QueryReading(read, "spacing", ((typed, word),), hits)


def _capitalize(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word
