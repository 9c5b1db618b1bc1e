"""How the API reports the reading of a query, and its corrections."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from index.query import FILTERS, Expansion, Filter, Filters, Note, NoteKind, Query
from searcher.notes import message
from searcher.params import Fields, with_fields

FOUND = (
    "How many releases have all of it. If fewer than ten have, the search is answered in related words, too, "
    "and may find more."
)


class PeriodAnswer(BaseModel):
    """A period named by a part of the query; null is an open end."""

    text: str = Field(description="As typed.", examples=["2019. gadā"])
    first: date | None = Field(description="Its first day.", examples=["2019-01-01"])
    last: date | None = Field(description="Its last day.", examples=["2019-12-31"])
    applied: bool = Field(
        description="Whether it is one of `filters`, as “pēc 2019. gada” is; if not, its words are searched.",
        examples=[False],
    )


class ExpansionAnswer(BaseModel):
    """Words of the query, and words of the same meaning that were searched, too."""

    text: str = Field(description="As typed.", examples=["bēgļu"])
    related: list[str] = Field(
        description="Those that hits contain, in their dictionary form.",
        examples=[["patvēruma meklētājs"]],
    )


_DAYS: Fields = {
    "published_from": (
        date | None,
        Field(description="On this day or later; null for all.", examples=["2019-01-01"]),
    ),
    "published_to": (
        date | None,
        Field(description="On this day or earlier; null for all.", examples=["2019-12-31"]),
    ),
    "versions": (
        bool,
        Field(description="Whether any text that a release ever had may match.", examples=[False]),
    ),
    "stood": (
        list[date] | None,
        Field(
            description="The first and the last day of a period in which the text stood on its site; null "
            "for any.",
            examples=[["2020-03-01", "2020-06-30"]],
        ),
    ),
}


def _values_field(one: Filter) -> tuple[Any, Any]:
    meaning = (
        "All of these; empty for no condition." if one.kind == "flags" else "Any of these; empty for all."
    )
    return list[str], Field(description=meaning, examples=[[one.example]])


_FIELDS = {**_DAYS, **{one.answer: _values_field(one) for one in FILTERS}}
_NAMES = {name: name for name in Filters.__struct_fields__} | {one.field: one.answer for one in FILTERS}
"""The names in an answer, by field of `Filters`."""


@with_fields({name: _FIELDS[name] for name in _NAMES.values()})
class FiltersAnswer(BaseModel):
    """Conditions on the hits: those of the request together with those typed in the query."""

    @classmethod
    def of(cls, filters: Filters) -> Self:
        """Return *filters* as the API shows them."""
        return cls.model_validate({name: getattr(filters, field) for field, name in _NAMES.items()})


class NoteAnswer(BaseModel):
    """A part of the query that may be meant in another way than it is read."""

    kind: NoteKind = Field(description="What is wrong.", examples=["no institution"])
    text: str = Field(description="As typed.", examples=["ministrija:xyz"])
    message: str = Field(
        description="What it means instead, in English.", examples=["no institution has this name"]
    )

    @classmethod
    def of(cls, note: Note) -> "NoteAnswer":
        """Return *note* as the API shows it."""
        return cls(kind=note.kind, text=note.text, message=message(note))


class DaysAnswer(BaseModel):
    """A range of days, both included."""

    first: date = Field(description="The first day.", examples=["2019-01-01"])
    last: date = Field(description="The last day.", examples=["2019-12-31"])


class QueryAnswer(BaseModel):
    """How the query was read."""

    text: str = Field(description="As sent.", examples=["VUGD un budžets"])
    reading: str = Field(
        description="The text as it was read, in the query language.", examples=["VUGD budžets"]
    )
    ignored: list[str] = Field(
        description="Left out: too common words, operators without operands, filters that mean nothing.",
        examples=[["un"]],
    )
    notes: list[NoteAnswer] = Field(
        description="Parts that may have another meaning: filters without a known value, signs."
    )
    synonyms: list[str] = Field(
        description="Abbreviations and full names that were searched as each other.",
        examples=[["VUGD = Valsts ugunsdzēsības un glābšanas dienests"]],
    )
    related: list[ExpansionAnswer] = Field(
        description="Words that were searched together with others of the same meaning, because too few "
        "releases match what was typed; empty if that was not needed."
    )
    cut: bool = Field(description="The text was too long and was read only in part.", examples=[False])
    filters: FiltersAnswer = Field(description="The filters of the request and those typed in the query.")
    time: DaysAnswer | None = Field(
        description="If the text is only a time: its days. The hits were published in them, newest first; if "
        "none was, widened is true and the hits name the time."
    )
    periods: list[PeriodAnswer] = Field(
        description="Times in the text that are a filter, or may serve as one."
    )

    @classmethod
    def of(cls, query: Query, expansions: Sequence[Expansion]) -> "QueryAnswer":
        """Return *query* as the API shows it, with the *expansions* that were used."""
        return cls(
            text=query.text,
            reading=query.reading,
            ignored=list(query.ignored),
            notes=list(map(NoteAnswer.of, query.notes)),
            synonyms=list(query.synonyms),
            related=[ExpansionAnswer(text=each.text, related=list(each.related)) for each in expansions],
            cut=query.cut,
            filters=FiltersAnswer.of(query.filters),
            time=query.time and DaysAnswer(first=query.time[0], last=query.time[1]),
            periods=[
                PeriodAnswer(
                    text=query.text[period.start : period.end],
                    first=period.first,
                    last=period.last,
                    applied=period.bound,
                )
                for period in query.periods
            ],
        )


CorrectionKind = Literal["slips", "script", "spelling", "spacing", "address"]


class SuggestionAnswer(BaseModel):
    """A likely correction of the query, for the user to choose."""

    q: str = Field(description="The corrected query.", examples=["drošība"])
    hits: int = Field(description=FOUND, examples=[17])


class CorrectionAnswer(BaseModel):
    """What the query was surely meant to be; send `verbatim=true` to search what was typed.

    Words that no release has are corrected; words that are written otherwise in releases may be joined or
    split, and the address of a release stands for that release.
    """

    kind: CorrectionKind = Field(
        description=(
            "`slips`: words were mistyped; `script`: Russian in Latin letters, or a Latvian name in "
            "Cyrillic ones; `spelling`: an old spelling, or one without diacritics; `spacing`: other "
            "spaces between words, even if releases have these words apart; `address`: the address of a "
            "release, by its title, institution and day."
        ),
        examples=["slips"],
    )

    q: str = Field(description="The corrected query, which this answers.", examples=["budžets"])
    changed: dict[str, str] = Field(
        description="The corrected words, by word as typed; of an address, the title of its release.",
        examples=[{"budzjets": "budžets"}],
    )
