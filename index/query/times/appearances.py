"""Reads questions of a first or last appearance: `kad pirmoreiz parādījās zaļā pāreja?`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from index.analysis.latvian.letters import fold

QUESTION_WORDS = 30
"""The most words of a question; a longer text is none."""

_Told = Literal["which", "verb"]
"""What a question must say: that it is the first or last time, and of what."""


@dataclass(frozen=True, slots=True)
class _Wording:
    """How a language asks, in lower case without Latin diacritics."""

    asks: str
    tells: dict[str, frozenset[_Told]]
    """What each group of words tells."""
    between: frozenset[str]
    """Words that may stand among these."""


def _phrases(text: str, *told: _Told) -> dict[str, frozenset[_Told]]:
    return dict.fromkeys((phrase.strip() for phrase in text.split(",")), frozenset(told))


_WORDINGS = (
    _Wording(
        "kad",
        _phrases("pirmoreiz, pirmo reizi, pedejoreiz, pedejo reizi", "which")
        | _phrases(
            "paradijas, paradijies, paradijusies, paradijusas, izskaneja, mineja, minets, mineta, mineti,"
            " minetas, piemineja, pieminets, piemineta, pieminetas",
            "verb",
        ),
        frozenset(("tika", "ir", "bija")),
    ),
    _Wording(
        "when",
        _phrases("for the first time, for the last time", "which")
        | _phrases("appear, appeared, mentioned", "verb")
        | {
            " ".join(words): frozenset[_Told](("which", "verb"))
            for words in product(("first", "last"), ("appear", "appeared", "mentioned"))
        },
        frozenset(("did", "was", "were", "has", "have", "been", "is", "are")),
    ),
    _Wording(
        "когда",
        _phrases("впервые, в первый раз, первый раз, в последний раз, последний раз", "which")
        | _phrases(
            "появился, появилась, появилось, появились, упомянули, упомянут, упомянута, упомянуто, упомянуты,"
            " упоминали, упоминался, упоминалась, упоминалось, упоминались",
            "verb",
        ),
        frozenset(("был", "была", "было", "были")),
    ),
)
_PHRASE_WORDS = max(phrase.count(" ") + 1 for one in _WORDINGS for phrase in one.tells)
_WORD = re.compile(r"\S+")
_VERSIONS = "versijas:"


def spell_out_appearance(text: str) -> str:
    """Return *text*, in which a question of an appearance is the search through time that it means.

    The length stays, so that spans hold. Other texts are returned as they are.

    >>> " ".join(spell_out_appearance("kad pirmo reizi tika minēta zaļā pāreja?").split())
    'versijas: zaļā pāreja?'
    >>> " ".join(spell_out_appearance("When did “Rail Baltica” first appear?").split())
    '“Rail Baltica” versijas:'
    """
    found = [match.span() for _, match in zip(range(QUESTION_WORDS + 1), _WORD.finditer(text), strict=False)]
    words = [fold(text[start:end].lower()) for start, end in found]
    wording = next((one for one in _WORDINGS if words[:1] == [one.asks]), None)
    if wording is None or len(words) > QUESTION_WORDS:
        return text
    first, last = _asked_words(wording, words)
    if first == last:
        return text
    start, end = found[first][0], found[last - 1][1]
    # What told nothing is blank; the sign of a search through time stands where there is room for it.
    before, after = ("", _VERSIONS) if last < len(words) else (_VERSIONS, "")
    return f"{before:{start}}{text[start:end]}{after:>{len(text) - end}}"


def _asked_words(wording: _Wording, words: Sequence[str]) -> tuple[int, int]:
    """Return the places of the first word asked for and after the last; equal if nothing is asked."""
    words = [*words[:-1], words[-1].rstrip("?!.…")]
    missing: set[_Told] = {"which", "verb"}
    first, last = 1, len(words)
    while first < last and (count := _words_told(wording, words[first:last], missing)):
        first += count
    while first < last and (count := _words_told(wording, words[first:last], missing, at_end=True)):
        last -= count
    return (first, first) if missing else (first, last)


def _words_told(wording: _Wording, words: Sequence[str], missing: set[_Told], *, at_end: bool = False) -> int:
    """Return how many of *words*, from the left or *at_end*, are of the question.

    What they tell is taken out of *missing*.
    """
    for count in range(min(_PHRASE_WORDS, len(words)), 0, -1):
        phrase = " ".join(words[-count:] if at_end else words[:count])
        told = wording.tells.get(phrase)
        if told and told <= missing:
            missing -= told
            return count
    return int((words[-1] if at_end else words[0]) in wording.between)
