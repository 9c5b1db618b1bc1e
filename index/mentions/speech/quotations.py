"""Where a text quotes: passages within quotation marks, also over several sentences and paragraphs."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_OPENING, _CLOSING, _EITHER = "„«", "”»", '“"'
_MARK = re.compile(f"[{_OPENING}{_CLOSING}{_EITHER}]|\n\n")
_BEFORE_DASH = (", –", ", —", ", -")
"""Russian direct speech has its comma and a dash after the quotation."""
_SIGNS = (",", ".", "!", "?", "…")
_PARAGRAPHS_MAX = 4
"""A passage without a closing mark ends after so many paragraphs; speeches that are quoted are no longer."""


class Quotation(NamedTuple):
    """A passage within quotation marks, which are part of it."""

    start: int
    end: int

    def is_speech(self, text: str) -> bool:
        """Return whether it is more than a name or a term: long, after a colon, or with a sign at its end."""
        inside = text[self.start + 1 : self.end - 1]
        if inside.count(" ") >= 5 or inside.endswith(_SIGNS):
            return True
        return text[self.end : self.end + 3] in _BEFORE_DASH or text.endswith(": ", 0, self.start)


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """Return the quoted passages of *text* in order; one within another is part of it.

    >>> text = "„Jā,” saka viņš. SIA „Meži” strādā."
    >>> [text[quoted.start : quoted.end] for quoted in find_quotations(text)]
    ['„Jā,”', '„Meži”']
    """
    return tuple(_quotations(text))


def _quotations(text: str) -> Iterator[Quotation]:
    opened: int | None = None
    depth = 0
    for at, mark in _marks(text):
        if opened is None:
            if mark == "open":
                opened, depth = at, 1
        elif mark == "open":
            # A new paragraph of one speech begins with the mark again.
            if not _begins_paragraph(text, at):
                depth += 1
        elif mark == "close":
            depth -= 1
            if not depth:
                yield Quotation(opened, at + 1)
                opened = None
        elif mark == "end" and text.count("\n\n", opened, at) + 1 >= _PARAGRAPHS_MAX:
            opened = None


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the quotation marks of *text* as what they do, and the ends of paragraphs."""
    for match in _MARK.finditer(text):
        at, letter = match.start(), match[0]
        if letter in _OPENING:
            yield at, "open"
        elif letter in _CLOSING:
            yield at, "close"
        elif letter in _EITHER:
            yield at, "open" if _opens(text, at) else "close"
        else:
            yield at, "end"


def _opens(text: str, at: int) -> bool:
    """Return whether a mark that may open or close a passage opens one, by the space around it."""
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    return (before.isspace() or before in "(–—-[") and not after.isspace()


def _begins_paragraph(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()
