"""Edits, their changes and the reasons as a person reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from index.edits import MINOR, Change, ListedEdit, Reason
from index.revision_diff import DiffChunk, diff
from searcher.i18n import Interface

CHANGES_SHOWN = 3
"""Changed sentences of an edit that are quoted; the page of the edit has all."""
ARROW = "→"
# In place of words that only one of the texts has.
_NONE = "–"


def reason_text(reason: Reason, interface: Interface) -> str:
    """Return *reason* in words: skaitlis 1 800 → 2 300."""
    subject = interface.text(f"reason-{reason.subject}")
    older, newer = reason.older, reason.newer
    if not older and not newer:
        return subject
    if reason.subject == "published":
        older, newer = (interface.date(date.fromisoformat(day)) for day in (older, newer))
    return f"{subject} {older or _NONE} {ARROW} {newer or _NONE}"


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A changed sentence: what it was and what it is, as pieces that are marked where they differ."""

    older: tuple[DiffChunk, ...]
    newer: tuple[DiffChunk, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """An edit with its heaviest changes, as pages, feeds and mails show it."""

    listed: ListedEdit
    changes: tuple[ShownChange, ...]

    @classmethod
    def of(cls, listed: ListedEdit) -> "ShownEdit":
        """Return the edit *listed* as it is shown."""
        return cls(listed, tuple(shown_changes(listed.edit.changes, CHANGES_SHOWN)))


def shown_changes(changes: tuple[Change, ...], most: int) -> Iterator[ShownChange]:
    """Yield the heaviest *most* of the *changes*; minor ones only if all are, and have a text."""
    with_text = [change for change in changes if change.older or change.newer]
    heavy = [change for change in changes if change.weight >= MINOR]
    for change in (heavy or with_text)[:most]:
        paragraphs = list(diff(change.older, change.newer))
        yield ShownChange(
            tuple(chain.from_iterable(paragraph.older for paragraph in paragraphs)),
            tuple(chain.from_iterable(paragraph.newer for paragraph in paragraphs)),
            change.reasons,
        )
