"""A correction as a program gets it: in the API, and as a row of an export."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model

from index.edits import Change, Departing, Departure, EditKind, ListedEdit, Reason, Subject
from searcher.corrections.reason_texts import reason_text
from searcher.i18n import Interface


class ReasonRow(BaseModel):
    """Why a change has its weight."""

    about: Subject = Field(description="What differs.", examples=["number"])
    older: str = Field(description="The words before; empty if there are none.", examples=["1 800"])
    newer: str = Field(description="The words after; empty if there are none.", examples=["2 300"])

    @classmethod
    def of(cls, reason: Reason) -> "ReasonRow":
        """Return *reason* as a program gets it."""
        return cls(about=reason.subject, older=reason.older, newer=reason.newer)


class ChangeRow(BaseModel):
    """A sentence before and after an edit, or several that belong together."""

    part: Literal["title", "lead", "body"] = Field(description="Where it is.", examples=["body"])
    older: str = Field(description="Empty if it was added.", examples=["Pabalstu saņems 1 800 ģimeņu."])
    newer: str = Field(description="Empty if it was removed.", examples=["Pabalstu saņems 2 300 ģimeņu."])
    weight: int = Field(description="From 1 to 100.", examples=[85])
    reasons: list[ReasonRow] = Field(description="The heaviest first.")

    @classmethod
    def of(cls, change: Change) -> "ChangeRow":
        """Return *change* as a program gets it."""
        return cls(
            part=change.part,
            older=change.older,
            newer=change.newer,
            weight=change.weight,
            reasons=[ReasonRow.of(reason) for reason in change.reasons],
        )


class CorrectionRow(BaseModel):
    """An edit of a release after its publication; telephone numbers and e-mail addresses are masked."""

    id: str = Field(description="The id of the release.", examples=["iem-ec9999a178"])
    version: int = Field(description="The version that the edit made; the first text is 1.", examples=[2])
    revision: int = Field(
        description="The number of the edit, as /releases/{id}/revisions/{number} counts.", examples=[1]
    )
    ministry: str = Field(description="The institution.", examples=["Iekšlietu ministrija"])
    language: Literal["lv", "en", "ru"] = Field(description="Of the release.", examples=["lv"])
    title: str = Field(description="The title after the edit.", examples=["Pieņemts valsts budžets"])
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )
    since: datetime | None = Field(
        description="When the site last had the earlier text; null if unknown.",
        examples=["2026-11-25T23:39:11Z"],
    )
    read: datetime = Field(
        description="When the later text was first read: the edit was made between `since` and then.",
        examples=["2026-11-26T23:39:11Z"],
    )
    noticed: datetime = Field(
        description="When it became an edit: later than `read` if the text was held until it was sure.",
        examples=["2026-11-26T23:39:11Z"],
    )
    days: int | None = Field(
        description="Days from publication until the later text was read; null if unknown.", examples=[3]
    )
    weight: int = Field(description="How much the edit says otherwise: from 1 to 100.", examples=[85])
    kinds: list[EditKind] = Field(description="What it changed, the heaviest first.", examples=[["number"]])
    times: int = Field(
        description="Edits that this one stands for: the page went back and forth between two texts.",
        examples=[1],
    )
    added: int = Field(description="Sentences added.", examples=[0])
    removed: int = Field(description="Sentences removed.", examples=[0])
    changed: int = Field(description="Sentences changed.", examples=[1])
    reasons: list[str] = Field(
        description="The reasons of the heaviest change in words.", examples=[["number 1 800 → 2 300"]]
    )
    older: str = Field(
        description="The heaviest change: the text before.", examples=["Pabalstu saņems 1 800 ģimeņu."]
    )
    newer: str = Field(
        description="The heaviest change: the text after.", examples=["Pabalstu saņems 2 300 ģimeņu."]
    )
    changes: list[ChangeRow] = Field(description="All changes, the heaviest first; at most 40.")

    @classmethod
    def of(cls, listed: ListedEdit, interface: Interface) -> "CorrectionRow":
        """Return the edit *listed* as a row, with reasons in the language of *interface*."""
        edit = listed.edit
        first = edit.changes[0]
        return cls.model_construct(
            id=listed.release,
            version=listed.version,
            revision=listed.revision,
            ministry=listed.ministry,
            language=listed.language,
            title=listed.title,
            published=listed.published,
            since=listed.since,
            read=listed.read,
            noticed=listed.noticed,
            days=listed.days,
            weight=listed.weight,
            kinds=list(edit.kinds),
            times=listed.times,
            added=edit.added,
            removed=edit.removed,
            changed=edit.changed,
            reasons=[reason_text(reason, interface) for reason in first.reasons],
            older=first.older,
            newer=first.newer,
            changes=[ChangeRow.of(change) for change in edit.changes],
        )


class DepartureRow(BaseModel):
    """A release that is no longer where it was."""

    id: str = Field(description="The id of the release.", examples=["iem-ec9999a178"])
    kind: Departing = Field(
        description="removed from its site, or moved: merged into another address.", examples=["removed"]
    )
    noticed: datetime = Field(description="When that was noticed.", examples=["2026-11-26T23:39:11Z"])
    ministry: str = Field(description="The institution.", examples=["Iekšlietu ministrija"])
    language: Literal["lv", "en", "ru"] = Field(description="Of the release.", examples=["lv"])
    title: str = Field(description="Its last title.", examples=["Pieņemts valsts budžets"])
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )

    @classmethod
    def of(cls, departure: Departure) -> "DepartureRow":
        """Return *departure* as a program gets it."""
        return cls(
            id=departure.release,
            kind=departure.kind,
            noticed=departure.noticed,
            ministry=departure.ministry,
            language=departure.language,
            title=departure.title,
            published=departure.published,
        )


_CELLS: Any = {
    name: (field.annotation | None, None)  # type: ignore[operator]  # the types of the fields are plain
    for name, field in CorrectionRow.model_fields.items()
    if name != "changes"
}
EventLine = create_model("EventLine", departure=(Departing | None, None), **_CELLS)
"""A line of a CSV file: a correction with its heaviest change, or a departure, which has fewer cells."""

EVENT_COLUMNS = (*_CELLS, "departure")
"""The columns of a CSV file."""


def event_line(event: ListedEdit | Departure, interface: Interface) -> BaseModel:
    """Return *event* as a line of a CSV file, with reasons in the language of *interface*."""
    if isinstance(event, ListedEdit):
        return EventLine.model_construct(**dict(CorrectionRow.of(event, interface)))
    departure = dict(DepartureRow.of(event))
    return EventLine.model_construct(departure=departure.pop("kind"), **departure)
