"""How a time is related to what is said: by then, from then on, at that time, or within a range."""

import re
from typing import Literal

from index.mentions.annotated_text import AnnotatedText
from index.mentions.due.times import NamedTime
from index.mentions.records import Span

Relation = Literal["until", "from", "in", "range"]

_S = r"[ \u00a0]"
_UNTIL_WORDS = (
    rf"līdz(?:{_S}pat)?|ne{_S}vēlāk{_S}(?:kā|par)(?:{_S}līdz)?|(?:no later than|by|until|before)(?:{_S}the)?"
    "|до|не позднее"
)
_FROM_WORDS = r"no|ar|sākot (?:ar|no)|from|as of|since|starting|с"
_UNTIL = re.compile(rf"\b(?:{_UNTIL_WORDS}|к|termiņš(?:{_S}(?:ir|–|-))?){_S}*$", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:{_FROM_WORDS}){_S}*$", re.IGNORECASE)
_OTHER = re.compile(
    rf"\b(?:kopš|pēc|pirms|uz|par|ap|pret|starp|pie|after|for|about|of|после|за|на|о|об|от){_S}*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    rf"\b(?:{_UNTIL_WORDS}|{_FROM_WORDS}|(?:on|in)(?:{_S}the)?|со|в|во|к){_S}+$", re.IGNORECASE
)
_LOCATIVE = re.compile(r"\w*(?:ā|ī|ē|ū|ās|os|īs|dien|gad|nedēļ|mēnes|pavasar|vasar|ruden|ziem)|rīt|parīt")
_WORD = re.compile(r"[^\W\d_]+")
_DASH = re.compile(rf"[–—:-]{_S}*$")
# Before the quoted title of an act or a programme, which announces nothing itself.
_TITLE = re.compile(
    r"(?:likum|noteikum|rīkojum|programm|projekt|plān|stratēģij)\w{0,12} [„“\"«][^“”\"»]{0,200}$"
)
_PREPOSITION_CHARACTERS, _TITLE_CHARACTERS = 24, 200
"""No preposition is longer, nor the title of an act up to a time in it, with few exceptions."""


def relation_of(annotated: AnnotatedText, time: NamedTime, sentence: Span) -> Relation | None:
    """Return how *time* is related to its sentence; None if it is an attribute, or about something else."""
    text = annotated.text
    if _TITLE.search(text, max(sentence[0], time.start - _TITLE_CHARACTERS), time.start):
        return None
    before = text[max(sentence[0], time.start - _PREPOSITION_CHARACTERS) : time.start]
    last = _last_word(text, time) if annotated.language == "lv" else ""
    if time.is_range:
        return None if last == "gada" else "range"  # 2014.–2020. gada plāns
    if _UNTIL.search(before):
        return "until"
    if match := _FROM.search(before):
        is_attribute = match[0].strip().lower() == "ar" and not last.endswith(("u", "i"))  # ar marta pensiju
        return None if is_attribute else "from"
    is_at = is_alone(text, time, sentence) or _is_at(annotated, time, last) or _DASH.search(before)
    return "in" if is_at and not _OTHER.search(before) else None


def _last_word(text: str, time: NamedTime) -> str:
    words = _WORD.findall(text, time.start, time.end)
    return words[-1].lower() if words else ""


def _is_at(annotated: AnnotatedText, time: NamedTime, last: str) -> bool:
    """Return whether a time is in the locative, or in English and Russian a day or after a preposition."""
    if annotated.language == "lv":
        return _LOCATIVE.fullmatch(last) is not None
    start = max(0, time.start - _PREPOSITION_CHARACTERS)
    is_relative = time.has_year and not annotated.text[time.start : time.end].strip(".").isdecimal()
    return (
        time.first == time.last or is_relative or _LEAD.search(annotated.text, start, time.start) is not None
    )


def start_with_preposition(text: str, time: NamedTime, sentence: Span) -> int:
    """Return where *time* begins with the preposition before it: `līdz 5. maijam`."""
    lead = _LEAD.search(text, max(sentence[0], time.start - _PREPOSITION_CHARACTERS), time.start)
    return lead.start() if lead else time.start


def is_alone(text: str, time: NamedTime, sentence: Span) -> bool:
    """Return whether a sentence is nothing but the time, as in an agenda."""
    return not text[sentence[0] : time.start].strip() and not text[time.end : sentence[1]].strip(" .:")


def follows_dash(text: str, start: int, sentence: Span) -> bool:
    """Return whether a dash or a colon is before *start*: `Atklāšana – 4. jūlijā`."""
    return _DASH.search(text, max(sentence[0], start - _PREPOSITION_CHARACTERS), start) is not None
