"""Messages about parts of a query that may be meant in another way than they are read."""

from collections.abc import Mapping

from index.query import Note, NoteKind

MESSAGES: Mapping[NoteKind, str] = {
    "no institution": "“%(text)s” was not used as a filter: there is no such institution",
    "no language": "“%(text)s” was not used as a filter: the languages are lv, en and ru",
    "no value": "“%(text)s” was not used as a filter: there is no such value",
    "no date": "“%(text)s” was not used as a filter: this is not a date",
    "future": "“%(text)s” was not used as a filter: nobody knows yet what the sites will say then",
    "no overlap": "“%(text)s” was not used as a filter: no day is both in it and in the period before",
    "no exclusion": "“%(text)s” was not used as a filter: this condition cannot be negated",
    "no filter": "“%(text)s” is not a filter, so it was read as a word",
    "short wildcard": "“%(text)s” has too few letters, so it was read without * and ?",
    "wildcard in phrase": "%(text)s: the signs *, ? and ~ have no effect in quotes",
    "too many wildcards": "“%(text)s” was read without its sign: only two words may have ~, ? or an inner *",
    "no boost": "“%(text)s” was left out: words have no weights",
    "open quote": "The quotation mark %(text)s has no pair, so it was left out",
}
"""By kind of note, in English; the page translates it."""


def message(note: Note) -> str:
    """Return the message of *note* in English."""
    return MESSAGES[note.kind] % {"text": note.text}
