"""The record of an edit: which sentences it added, removed or changed, how much that weighs, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Part = Literal["title", "lead", "body"]
EditKind = Literal["number", "date", "name", "negation", "removed", "title", "added", "wording", "minor"]
"""What one filters by. `negation` includes modality, `title` the lead; `minor` is links, spelling etc."""
Subject = Literal[
    "number", "amount", "percent", "date", "time", "name", "negation", "modality", "sentence_removed",
    "passage_removed", "published", "title", "lead", "sentence_added", "wording", "link", "spelling",
    "credit", "order", "spacing", "counter",
]  # fmt: skip
"""What a reason is about; `published` is the day that the page states."""
KIND_OF: Mapping[Subject, EditKind] = MappingProxyType(
    {
        "number": "number",
        "amount": "number",
        "percent": "number",
        "date": "date",
        "time": "date",
        "published": "date",
        "name": "name",
        "negation": "negation",
        "modality": "negation",
        "sentence_removed": "removed",
        "passage_removed": "removed",
        "title": "title",
        "lead": "title",
        "sentence_added": "added",
        "wording": "wording",
        "link": "minor",
        "spelling": "minor",
        "credit": "minor",
        "order": "minor",
        "spacing": "minor",
        "counter": "minor",
    }
)


Link = tuple[str, str]
"""The words of a link, and where it leads."""


@dataclass(frozen=True, slots=True)
class VersionText:
    """The text of one version of a release."""

    title: str
    lead: str
    body: str
    links: tuple[Link, ...] = ()
    """Of lead and body, in reading order."""
    published: date | None = None
    """The day that the page states."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change has its weight: what it is about, and the words before and after, if it is about words."""

    subject: Subject
    older: str = ""
    newer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence (or several, if they were split, joined, or removed together) before and after an edit."""

    part: Part
    older: str
    """Empty if it was added."""
    newer: str
    """Empty if it was removed."""
    older_at: tuple[int, int]
    """The characters of the part of the older text, half-open."""
    newer_at: tuple[int, int]
    weight: int
    """From 1, which nobody need read, to 100."""
    reasons: tuple[Reason, ...]
    """The heaviest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRecord:
    """What an edit did."""

    weight: int
    """From 0 (nothing that is shown differs) to 100; 10 and more is not minor."""
    kinds: tuple[EditKind, ...]
    """The kinds of all its changes, the heaviest first."""
    changes: tuple[Change, ...]
    """The heaviest ones, the heaviest first."""
    added: int
    """Sentences added; likewise below."""
    removed: int
    changed: int
