"""A deterministic, analysed corpus that resembles press releases, for benchmarks of any size.

Words follow Zipf's law with an endless tail, so the vocabulary keeps growing as in real text. Each release
repeats the words of its topics. Words are inflected, and some forms belong to two lemmas.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, cycle

import numpy as np

from crawler.config import Language
from index.analysis import Forms, TokenColumns

MINISTRIES = ("aim", "em", "fm", "iem", "izm", "kem", "km", "lm", "mk", "sam", "tm", "vm", "varam", "zm")
LANGUAGES: tuple[Language, ...] = ("lv", "lv", "lv", "lv", "lv", "lv", "lv", "lv", "en", "ru")
ENDINGS = ("s", "a", "u", "am", "ā", "os", "iem", "as")
CONSONANTS = (
    "b",
    "d",
    "g",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "z",
    "š",
    "ķ",
    "ž",
    "st",
    "tr",
    "pl",
)
VOWELS = ("a", "e", "i", "o", "u", "ā", "ē", "ī")
# Frequencies fall as 1/rank among the common words and faster among the rest: Heaps' law with exponent 1/1.8.
HEAD, TAIL = 3_000, 1.8
TITLE, LEAD, BODY = 9, 28, 143  # mean numbers of words, 180 in sum
TOPICS, TOPIC_SHARE = 25, 0.3
SENTENCE, PARAGRAPH = 14, 3  # words; sentences
FIRST, LAST = date(2012, 1, 1).toordinal(), date(2026, 11, 1).toordinal()
# Size of the word cache; it is small, because the memory of the corpus is measured with that of the engine.
WORDS_CACHED = 100_000
_WORDS = (" ",) * (SENTENCE - 1)
TEXT_AFTER = (*_WORDS, ". ") * (PARAGRAPH - 1) + (*_WORDS, ".\n\n")
"""The text after each word of a paragraph."""
CLUSTER_SHARE = 0.04
"""Share of releases that repeat an earlier one of another ministry."""


@dataclass(frozen=True, slots=True)
class CorpusRelease:
    """A release and its tokens."""

    number: int
    id: str
    ministry: str
    language: Language
    published: int
    """Days since the year 1, as ``date.toordinal``."""
    cluster: str
    title: str
    lead: str
    body: str
    title_tokens: TokenColumns
    lead_tokens: TokenColumns
    body_tokens: TokenColumns


class Corpus:
    """Releases by number; they are the same in every run and for every size."""

    def __init__(self, seed: int = 5) -> None:
        self._seed = seed
        self._forms: dict[int, tuple[str, Forms]] = {}
        weights = 1 / (np.arange(HEAD) + 2.7)
        tail = weights[-1] * HEAD / (TAIL - 1)
        self._cumulated = np.cumsum(weights) / (weights.sum() + tail)

    def releases(self, count: int) -> Iterator[CorpusRelease]:
        """Yield the first *count* releases."""
        rng = np.random.default_rng(self._seed)
        for number in range(count):
            yield self._release(number, rng)

    def _release(self, number: int, rng: np.random.Generator) -> CorpusRelease:
        sizes = [max(2, int(rng.gamma(6, mean / 6))) for mean in (TITLE, LEAD, BODY)]
        ranks = self._ranks(rng, sum(sizes))
        topics = self._ranks(rng, TOPICS)
        on_topic = rng.random(len(ranks)) < TOPIC_SHARE
        ranks[on_topic] = topics[rng.integers(0, TOPICS, int(on_topic.sum()))]
        codes = (ranks * len(ENDINGS) + rng.integers(0, len(ENDINGS), len(ranks))).tolist()
        first, second = sizes[0], sizes[0] + sizes[1]
        title, title_tokens = self._text(codes[:first], (" ",))
        lead, lead_tokens = self._text(codes[first:second])
        body, body_tokens = self._text(codes[second:])
        random_values = rng.random(3)
        name = f"m{number % 14}-{number:010x}"
        return CorpusRelease(
            number=number,
            id=name,
            # The largest ministry publishes about ten times as much as the smallest.
            ministry=MINISTRIES[int(len(MINISTRIES) * random_values[0] ** 1.6)],
            language=LANGUAGES[int(len(LANGUAGES) * random_values[1])],
            published=int(rng.integers(FIRST, LAST)),
            cluster=f"m{(number - 1) % 14}-{number - 1:010x}"
            if number and random_values[2] < CLUSTER_SHARE
            else name,
            title=title,
            lead=lead,
            body=body,
            title_tokens=title_tokens,
            lead_tokens=lead_tokens,
            body_tokens=body_tokens,
        )

    def _ranks(self, rng: np.random.Generator, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        random_values = rng.random(count)
        ranks = np.searchsorted(self._cumulated, random_values)
        is_rare = ranks >= HEAD
        share = (1 - random_values[is_rare]) / (1 - self._cumulated[-1])
        ranks[is_rare] = (HEAD * share ** (-1 / (TAIL - 1))).clip(max=1e12)
        return ranks

    def _text(self, codes: list[int], after: Sequence[str] = TEXT_AFTER) -> tuple[str, TokenColumns]:
        cache = self._forms
        if len(cache) > WORDS_CACHED:
            cache.clear()
        words_and_forms = []
        for code in codes:
            if code not in cache:
                cache[code] = _word(code)
            words_and_forms.append(cache[code])
        words, forms = zip(*words_and_forms, strict=True)
        pieces = [word + space for word, space in zip(words, cycle(after), strict=False)]
        starts = [0, *accumulate(map(len, pieces[:-1]))]
        ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
        pieces[-1] = words[-1] + after[-1].rstrip()
        for place in range(0, len(pieces), SENTENCE if len(after) > 1 else len(pieces)):
            pieces[place] = pieces[place].capitalize()
        return "".join(pieces), TokenColumns(starts, ends, forms)


def _word(code: int) -> tuple[str, Forms]:
    rank, ending = divmod(code, len(ENDINGS))
    stem = spell(rank)
    text = stem + ENDINGS[ending]
    lemmas = (_fold(stem) + "s",) if rank % 9 else (_fold(stem) + "s", _fold(spell(rank + 1)) + "s")
    return text, Forms(lemma=lemmas, stem=(_fold(stem),), exact=(text,), fold=(_fold(text),))


def spell(rank: int) -> str:
    """Return an invented word of the syllables that *rank* stands for."""
    syllables, base = [], len(CONSONANTS) * len(VOWELS)
    left = rank + base
    while left:
        left, digit = divmod(left, base)
        syllables.append(CONSONANTS[digit // len(VOWELS)] + VOWELS[digit % len(VOWELS)])
    return "".join(syllables)


def _fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
