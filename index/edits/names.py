"""The names in a sentence: runs of capitalised words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.edits.fact_words import DAY_NAME, INSTITUTIONS, MONTH

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_CALENDAR = re.compile(f"{MONTH}|{DAY_NAME}", re.IGNORECASE)
# Between the words of a name.
_WITHIN = re.compile(r"[ \u00a0]+|\. ?")


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a sentence with what its forms have in common."""

    text: str
    start: int
    end: int
    stems: frozenset[str]

    @property
    def is_capitalized(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


def read_words(text: str, language: Language, analyzer: Analyzer) -> list[NameWord]:
    """Return the words of a sentence, without numbers."""
    return [
        NameWord(match[0], *match.span(), _stems(match[0], language, analyzer))
        for match in _WORD.finditer(text)
    ]


def _stems(word: str, language: Language, analyzer: Analyzer) -> frozenset[str]:
    terms = (
        term for part in re.split("[-'’]", word.lower()) if part for term in _terms(part, language, analyzer)
    )
    return frozenset((fold(word.lower()), *terms))


def _terms(part: str, language: Language, analyzer: Analyzer) -> Sequence[str]:
    forms = analyzer.forms(part, language)
    return [fold(term) for term in (*forms.lemma, *forms.stem)]


def find_names(
    words: Sequence[NameWord], text: str, known: frozenset[str], analyzer: Analyzer
) -> list[Sequence[NameWord]]:
    """Return the names among *words* of *text*, each as its words.

    The first word counts if it is one of the *known* names (folded), if its run is longer, or if nothing else
    explains its capital.
    """
    names: list[list[NameWord]] = []
    for at, word in enumerate(words):
        if not word.is_capitalized or _CALENDAR.fullmatch(word.text):
            continue
        if (
            names
            and names[-1][-1] is words[at - 1]
            and _WITHIN.fullmatch(text[words[at - 1].end : word.start])
        ):
            names[-1].append(word)
        else:
            names.append([word])
    return [name for name in names if not _begins(name, text) or _is_name(name, words, known, analyzer)]


def _begins(name: Sequence[NameWord], text: str) -> bool:
    before = text[: name[0].start].rstrip(' \u00a0"„“”«(–-')
    return not before or before[-1] in ".!?:"


def _is_name(
    name: Sequence[NameWord], words: Sequence[NameWord], known: frozenset[str], analyzer: Analyzer
) -> bool:
    if len(name) > 1 or (len(name[0].text) > 1 and name[0].text.isupper()):
        return True
    first = name[0]
    at = next(place for place, word in enumerate(words) if word is first)
    followed_by = words[at + 1].stems if at + 1 < len(words) else frozenset()
    return (
        not known.isdisjoint(first.stems)
        or not _FOLDED_INSTITUTIONS.isdisjoint(followed_by)
        or (not first.text.isascii() and not analyzer.is_in_dictionary(first.text))
    )


_FOLDED_INSTITUTIONS = frozenset(map(fold, INSTITUTIONS))
