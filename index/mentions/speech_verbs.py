"""Verbs of speech: their forms, and what must be beside them to make a statement."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from crawler.config import Language

_FOLDER = Path(__file__).parent / "data"
_FILES: Mapping[Language, str] = {
    "lv": "speech-verbs.tsv",
    "en": "english-speech-verbs.tsv",
    "ru": "russian-speech-verbs.tsv",
}
Need = Literal["any", "that", "quote"]


class SpeechVerb(NamedTuple):
    """A form of a verb of speech."""

    lemma: str
    need: Need
    """What makes it a statement: nothing more, a clause with *ka* or a quotation, a quotation only."""
    kind: Literal["finite", "participle", "converb"]


@cache
def speech_verbs(language: Language = "lv") -> Mapping[str, SpeechVerb]:
    """Return the forms of the verbs of speech of *language*, in lower case.

    >>> speech_verbs()["uzsver"]
    SpeechVerb(lemma='uzsvērt', need='any', kind='finite')
    """
    forms: dict[str, SpeechVerb] = {}
    for line in (_FOLDER / _FILES[language]).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            lemma, need, written = line.split("\t")
            for form in written.split():
                forms[form] = SpeechVerb(lemma, _need(need), _kind(form) if language == "lv" else "finite")
    return MappingProxyType(forms)


def _need(written: str) -> Need:
    return "any" if written == "any" else "that" if written == "that" else "quote"


def _kind(form: str) -> Literal["finite", "participle", "converb"]:
    if form.endswith("ot"):
        return "converb"
    return "participle" if form.endswith(("is", "usi", "dams", "dama")) else "finite"
