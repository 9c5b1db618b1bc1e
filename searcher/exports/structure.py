"""The structure of a text, as the API describes it."""

from typing import Literal

from pydantic import BaseModel, Field

from index.history import Span, Structure


class SpanAnswer(BaseModel):
    """Characters of a text that are one element; one that holds others comes before them."""

    start: int = Field(description="The number of its first character, from 0.", examples=[50])
    end: int = Field(
        description="The number after that of its last; an image and an empty cell have no characters.",
        examples=[63],
    )
    kind: Literal[
        "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "img",
        "em", "strong", "a",
    ] = Field(description="The element, as HTML names it.", examples=["a"])  # fmt: skip
    href: str | None = Field(
        description="Of a link or an image: its address; else null.",
        examples=["https://likumi.lv/ta/id/57207"],
    )
    caption: str | None = Field(
        description="Of an image: its caption, which is no part of the text; else null.", examples=[None]
    )
    columns: int = Field(description="How many columns a cell spans.", examples=[1])
    rows: int = Field(description="How many rows a cell spans.", examples=[1])
    first: int = Field(description="The number of the first item of an ordered list.", examples=[1])
    # No list of values: clients that name their constants would have two of one name.
    numbering: str = Field(
        description="How the items of an ordered list are numbered: 1, a, A, i or I.", examples=["1"]
    )

    @classmethod
    def of(cls, span: Span) -> "SpanAnswer":
        """Return *span* as the API shows it."""
        return cls(
            start=span.start,
            end=span.end,
            kind=span.kind,
            href=span.href or None,
            caption=span.text or None,
            columns=span.columns,
            rows=span.rows,
            first=span.first,
            numbering=span.numbering,
        )


class StructureAnswer(BaseModel):
    """What the characters of a text were on the page of its site."""

    text: list[SpanAnswer] = Field(description="Spans of the text, in the order of a tree.")
    lead: list[SpanAnswer] = Field(description="Spans of the lead: emphasis and links.")

    @classmethod
    def of(cls, structure: Structure | None) -> "StructureAnswer | None":
        """Return *structure* as the API shows it."""
        if structure is None:
            return None
        return cls(text=[*map(SpanAnswer.of, structure.body)], lead=[*map(SpanAnswer.of, structure.lead)])
