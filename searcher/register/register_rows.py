"""What the register lists, as a program gets it."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, Field

from index.mentions import DueKind, Mentions
from index.register import (
    Follower,
    HeldOffice,
    ListedDue,
    ListedStatement,
    NameCount,
    RegisteredPerson,
    ReleaseLine,
)


class ReleaseRow(BaseModel):
    """A release as a list names it."""

    id: str = Field(description="Its id.", examples=["iem-ec9999a178"])
    ministry: str = Field(description="The institution.", examples=["Iekšlietu ministrija"])
    language: Literal["lv", "en", "ru"] = Field(description="Of the release.", examples=["lv"])
    title: str = Field(description="Its title.", examples=["Pieņemts valsts budžets"])
    published: date | None = Field(
        description="The day of publication; null if unknown.", examples=["2017-11-27"]
    )

    @classmethod
    def of(cls, line: ReleaseLine) -> "ReleaseRow":
        """Return *line* as a program gets it."""
        return cls(
            id=line.id,
            ministry=line.ministry,
            language=line.language,
            title=line.title,
            published=line.published,
        )


class StatementRow(BaseModel):
    """What somebody said, in the sentences of a release."""

    release: ReleaseRow
    version: int = Field(description="The version of its text.", examples=[1])
    speaker: str | None = Field(
        description="Who speaks; null if the release gives only an office.", examples=["Agra Lepzare"]
    )
    office: str | None = Field(
        description="The office, in the nominative; null if none is given.", examples=["ministre"]
    )
    verb: str = Field(description="The verb of speech.", examples=["uzsvērt"])
    direct: bool = Field(description="Whether the words are quoted.", examples=[True])
    start: int = Field(
        description="Its first character in lead and body of the release, an empty line between; from 0.",
        examples=[120],
    )
    end: int = Field(description="The character after its last.", examples=[240])
    text: str = Field(description="These characters.", examples=["“Budžets ir pieņemts,” uzsver ministre."])

    @classmethod
    def of(cls, one: ListedStatement) -> "StatementRow":
        """Return the statement *one* as a program gets it."""
        return cls(
            release=ReleaseRow.of(one.release),
            version=one.version,
            speaker=one.speaker,
            office=one.office,
            verb=one.verb,
            direct=one.is_direct,
            start=one.start,
            end=one.end,
            text=one.text,
        )


class FollowerRow(BaseModel):
    """A later release of the same institution about the same matter; it may say anything of it."""

    id: str = Field(description="Its id.", examples=["iem-ec9999a178"])
    title: str = Field(description="Its title.", examples=["Saņemti 412 pieteikumi"])
    published: date | None = Field(description="Its day.", examples=["2027-03-29"])
    text: str = Field(
        description="The nearest of its sentences.", examples=["Programmai saņemti 412 pieteikumi."]
    )
    start: int = Field(description="The sentence's first character, as of a statement.", examples=[0])
    end: int = Field(description="The character after its last.", examples=[34])

    @classmethod
    def of(cls, one: Follower) -> "FollowerRow":
        """Return *one* as a program gets it."""
        return cls(
            id=one.release.id,
            title=one.release.title,
            published=one.release.published,
            text=one.text,
            start=one.start,
            end=one.end,
        )


class DueRow(BaseModel):
    """A time at which something falls due, in the sentence that announced it."""

    release: ReleaseRow
    first: date = Field(description="Its first day.", examples=["2027-03-01"])
    last: date = Field(description="Its last day.", examples=["2027-03-31"])
    kind: DueKind = Field(
        description="deadline (for people), entry (into force), completion (planned) or event.",
        examples=["deadline"],
    )
    who: str | None = Field(description="Who is to act; null if it is not sure.", examples=[None])
    text: str = Field(description="The sentence.", examples=["Pieteikumi jāiesniedz līdz 15. martam."])
    start: int = Field(description="Its first character, as of a statement.", examples=[120])
    end: int = Field(description="The character after its last.", examples=[160])
    followed_by: FollowerRow | None = Field(
        description="A later release about the same matter; null if there is none, or it is not sure."
    )

    @classmethod
    def of(cls, one: ListedDue) -> "DueRow":
        """Return *one* as a program gets it."""
        return cls(
            release=ReleaseRow.of(one.release),
            first=one.first,
            last=one.last,
            kind=one.kind,
            who=one.who,
            text=one.text,
            start=one.start,
            end=one.end,
            followed_by=FollowerRow.of(one.followed_by) if one.followed_by else None,
        )


class NameRow(BaseModel):
    """A name and how many releases have it."""

    name: str = Field(description="The name.", examples=["Agra Lepzare"])
    releases: int = Field(description="Releases that have it.", examples=[12])

    @classmethod
    def of(cls, one: NameCount) -> "NameRow":
        """Return *one* as a program gets it."""
        return cls(name=one.name, releases=one.releases)


class OfficeRow(BaseModel):
    """An office as releases wrote it beside a name."""

    written: str = Field(description="As written.", examples=["iekšlietu ministre"])
    first: date | None = Field(
        description="The day of the first release that wrote it.", examples=["2015-03-02"]
    )
    last: date | None = Field(description="The day of the last one.", examples=["2017-11-27"])
    releases: int = Field(description="Releases that wrote it.", examples=[12])

    @classmethod
    def of(cls, one: HeldOffice) -> "OfficeRow":
        """Return *one* as a program gets it."""
        return cls(written=one.written, first=one.first, last=one.last, releases=one.releases)


class PersonRow(BaseModel):
    """A person whom releases name with an office, or quote; two of one name are one."""

    name: str = Field(description="The full name, in the nominative.", examples=["Agra Lepzare"])
    releases: int = Field(description="Releases that name the person so.", examples=[12])
    statements: int = Field(description="Statements in them.", examples=[5])
    forms: list[str] = Field(description="The forms found.", examples=[["Agra Lepzare", "Agrai Lepzarei"]])
    offices: list[OfficeRow] = Field(description="The last one held first.")
    beside: list[NameRow] = Field(description="Who is named in the same sentences.")
    ministries: list[NameRow] = Field(description="Institutions whose releases name the person.")
    may_be_several: bool = Field(
        description="Offices alternate as one person's would not: there may be namesakes.", examples=[False]
    )

    @classmethod
    def of(cls, one: RegisteredPerson) -> "PersonRow":
        """Return the person *one* as a program gets it."""
        return cls(
            name=one.name,
            releases=one.releases,
            statements=one.statements,
            forms=list(one.forms),
            offices=list(map(OfficeRow.of, one.offices)),
            beside=list(map(NameRow.of, one.beside)),
            ministries=list(map(NameRow.of, one.ministries)),
            may_be_several=one.may_be_several,
        )


class AmountRow(BaseModel):
    """A sum of money, a percentage or a count in a release."""

    value: Decimal = Field(description="The number.", examples=["1200000"])
    unit: str = Field(description="EUR, %, …; empty for a count.", examples=["EUR"])
    noun: str | None = Field(description="What is counted, in its dictionary form.", examples=[None])
    start: int = Field(description="Its first character, as of a statement.", examples=[120])
    end: int = Field(description="The character after its last.", examples=[132])


class CitationRow(BaseModel):
    """A reference to an act or to a draft of one."""

    act: str = Field(description="Its key, the same for all ways of citing it.", examples=["MK 445"])
    kind: str = Field(description="The kind of act.", examples=["regulation"])
    start: int = Field(description="Its first character, as of a statement.", examples=[120])
    end: int = Field(description="The character after its last.", examples=[140])


class MentionsRow(BaseModel):
    """What the text of a release mentions."""

    persons: list[str] = Field(
        description="Persons with an office or words of their own.", examples=[["Agra Lepzare"]]
    )
    bodies: list[str] = Field(description="Public bodies.", examples=[["Valsts policija"]])
    places: list[str] = Field(description="Municipalities and towns.", examples=[["Valmiera"]])
    citations: list[CitationRow] = Field(description="Acts that it cites.")
    amounts: list[AmountRow] = Field(description="Its numbers.")

    @classmethod
    def of(cls, mentions: Mentions) -> "MentionsRow":
        """Return *mentions* as a program gets them."""
        return cls(
            persons=[one.name for one in mentions.persons],
            bodies=[one.id for one in mentions.bodies],
            places=[one.name for one in mentions.places],
            citations=[
                CitationRow(act=one.act, kind=one.kind, start=one.start, end=one.end)
                for one in mentions.citations
            ],
            amounts=[
                AmountRow(value=one.value, unit=one.unit, noun=one.noun, start=one.start, end=one.end)
                for one in mentions.amounts
            ],
        )
