"""What a language has for saying who says what: verbs, pronouns, denial, clauses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crawler.config import Language
from index.mentions.people.declension import Gender
from index.mentions.people.offices import office_nouns
from index.mentions.people.other_languages import office_words
from index.mentions.speech_verbs import SpeechVerb, speech_verbs


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechGrammar:
    """The words of a language by what they do in a statement."""

    verbs: Mapping[str, SpeechVerb]
    pronouns: Mapping[str, Gender]
    offices: frozenset[str]
    """Nouns of offices in the nominative."""
    unreal: re.Pattern[str]
    """Words of a clause in which nothing is said: conditions, wishes, denial."""
    other_clause: re.Pattern[str]
    """Between a subject and a verb, these begin a clause of another subject."""
    other_subjects: frozenset[str]
    goes_on: re.Pattern[str]
    """What may follow a quotation that goes on with what the same speaker says."""
    by: re.Pattern[str] | None = None
    """Before a name, says that it is by that person: *according to*."""


@cache
def grammar(language: Language) -> SpeechGrammar:
    """Return the grammar of *language*."""
    return {"lv": _latvian, "en": _english, "ru": _russian}[language]()


def _latvian() -> SpeechGrammar:
    nominatives = (word for word, forms in office_nouns().items() if any(form.case == "N" for form in forms))
    return SpeechGrammar(
        verbs=speech_verbs("lv"),
        pronouns={"viņš": "m", "viņa": "f"},
        offices=frozenset(nominatives),
        unreal=_words(
            "ja vai nevis nav nebija nebūs neesot būtu nebūtu varētu vajadzētu neviens neviena ne",
            "it kā",
        ),
        other_clause=_words(
            "ka kas kurš kura kuri kuras kuram kurai kurā kuru bet taču lai ja jo kad kur tāpēc tādēļ"
        ),
        other_subjects=frozenset("viņš viņa es mēs tas tā kas ministrija policija valdība".split()),
        goes_on=re.compile(
            r"[ \u00a0,–—-]*(?:(?:viņš|viņa)[ \u00a0]turpin\w{1,8}|turpin\w{1,8}[ \u00a0](?:viņš|viņa))?"
            r"[ \u00a0.]*"
        ),
    )


def _english() -> SpeechGrammar:
    return SpeechGrammar(
        verbs=speech_verbs("en"),
        pronouns={"he": "m", "she": "f"},
        offices=office_words("en"),
        unreal=_words("if whether not never would had could might did no nobody unless should may"),
        other_clause=_words("that which who but because when where while if although"),
        other_subjects=frozenset("i we they it ministry police government".split()),
        goes_on=re.compile(
            r"[ ,–—-]*(?:(?:he|she) (?:added|continued)|(?:added|continued) (?:he|she))?[ .]*"
        ),
        by=re.compile(r"(?:according to|in the words of)(?: the)? $", re.IGNORECASE),
    )


def _russian() -> SpeechGrammar:
    return SpeechGrammar(
        verbs=speech_verbs("ru"),
        pronouns={"он": "m", "она": "f"},
        offices=office_words("ru"),
        unreal=_words("если бы не ли вряд никто чтобы никогда"),
        other_clause=_words("что который которая которые но потому когда где если хотя"),
        other_subjects=frozenset("я мы они это министерство полиция правительство".split()),
        goes_on=re.compile(
            r"[ ,–—-]*(?:(?:он|она) (?:добавила?|продолжила?)|(?:добавила?|продолжила?) (?:он|она))?[ .]*"
        ),
    )


def _words(*words: str) -> re.Pattern[str]:
    single = [word for text in words[:1] for word in text.split()]
    return re.compile(rf"\b(?:{'|'.join([*single, *words[1:]])})\b", re.IGNORECASE)
