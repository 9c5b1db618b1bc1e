"""Generated vocabularies: shared stems, several lemmas of a form, missing diacritics, very long words."""

from dataclasses import dataclass
from random import Random

from index.analysis import Forms
from index.analysis.word_cache import WORD_CHARS
from tests.support.oracle import bare

# Letters with their variants, so that stems often differ in diacritics alone.
ONSETS, VOWELS = "bcčdgģkķlļmnņrsšvzž", "aāeēiīuū"
ENDINGS = ("s", "a", "ā", "am", "ām", "u", "ū", "i", "ī", "iem", "")
# Of one to four bytes for each letter.
STRANGE = ("žžž", "дом", "дома", "ß", "😀", "9", "2024", "a" * 4000)


@dataclass(frozen=True)
class Vocabulary:
    """The words that texts are made of, the commonest first."""

    words: tuple[Forms, ...]
    weights: tuple[float, ...]
    """How often each occurs, as in a natural text."""

    @classmethod
    def drawn(cls, chance: Random) -> "Vocabulary":
        """Return a vocabulary of two to some forty words."""
        words: list[Forms] = []
        for _ in range(chance.choice((1, 3, 6, 10))):
            words += _inflected(chance, words)
        words += [_strange(chance) for _ in range(chance.choice((0, 0, 1, 2)))]
        words += [_compound(chance, words) for _ in range(chance.choice((0, 1, 3)))]
        chance.shuffle(words)
        return cls(tuple(words), tuple(1 / (1 + rank) for rank in range(len(words))))

    def text(self, chance: Random, words_max: int) -> list[Forms]:
        """Return a text of up to so many words; some repeat one word, as tables and lists do."""
        length = chance.randint(0, words_max)
        if chance.random() < 0.05:
            return chance.choices(self.words, self.weights) * length
        return chance.choices(self.words, self.weights, k=length)


def _inflected(chance: Random, others: list[Forms]) -> list[Forms]:
    """Return some forms of a new word; a form may also be one of another word, or share its stem."""
    root = "".join(chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(chance.choice((1, 1, 2))))
    if others and chance.random() < 0.4:
        # The same letters with other diacritics.
        root = bare(chance.choice(others).exact[0])[: len(root)] or root
    if chance.random() < 0.05:
        root *= WORD_CHARS
    lemma = bare(root) + "s"
    forms = []
    for ending in chance.sample(ENDINGS, chance.randint(1, 4)):
        lemmas, exact = [lemma], root + ending
        if others and chance.random() < 0.3:
            lemmas += [one for one in chance.choice(others).lemma if one != lemma]
        stem = bare(root)[: chance.choice((2, 3, len(root)))]
        chance.shuffle(lemmas)
        forms.append(Forms(tuple(lemmas), (stem,), (exact,), (bare(exact),)))
    return forms


def _strange(chance: Random) -> Forms:
    """Return a word that no dictionary has: an acronym, a number, another alphabet, one that fills a page."""
    text = chance.choice(STRANGE)
    if chance.random() < 0.3:
        return Forms(("es", "ES"), ("es",), ("ES", "es"), ("es",))
    return Forms((text,), (text,), (text,), (text,))


def _compound(chance: Random, words: list[Forms]) -> Forms:
    """Return a word that has the terms of two others, and its own."""
    one, other = chance.choice(words), chance.choice(words)
    whole = f"{one.exact[0]}{other.exact[0]}"
    exact = tuple(dict.fromkeys((one.exact[0], whole, other.exact[0])))
    return Forms(
        tuple(dict.fromkeys((*one.lemma, *other.lemma))),
        tuple(dict.fromkeys((*one.stem, *other.stem))),
        exact,
        tuple(dict.fromkeys(map(bare, exact))),
    )
