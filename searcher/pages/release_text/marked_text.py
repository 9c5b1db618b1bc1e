"""The text of a release with the matches of the search that led to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.history import ShownVersion
from index.query import Part
from index.release_view import ArchivedRelease
from index.results import Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """Title, lead and paragraphs of a release as the store has them, with the matches marked."""

    title: Passage
    lead: Passage
    paragraphs: tuple[Passage, ...]

    @property
    def matches(self) -> int:
        """The number of marks below the title."""
        return sum(len(passage.marks) for passage in (self.lead, *self.paragraphs))

    @property
    def first_match(self) -> int | None:
        """The first passage below the title with a mark: 0 for the lead, then the paragraphs from 1."""
        passages = enumerate((self.lead, *self.paragraphs))
        return next((number for number, passage in passages if passage.marks), None)


def mark_release(release: ArchivedRelease | ShownVersion, indexed: Mapping[Part, Passage]) -> MarkedText:
    """Return the texts of *release* with the marks of the *indexed* texts, where they are the same."""
    return MarkedText(
        title=_transfer(release.title, indexed.get("title")),
        lead=_transfer(release.lead, indexed.get("lead")),
        paragraphs=tuple(_mark_paragraphs(release.paragraphs, indexed.get("body"))),
    )


def _transfer(text: str, indexed: Passage | None) -> Passage:
    """Return *text* with the marks of *indexed*, unless the release changed after it was indexed."""
    return indexed if indexed and indexed.text == text else Passage(text, ())


def _mark_paragraphs(paragraphs: tuple[str, ...], body: Passage | None) -> Iterator[Passage]:
    at = number = 0
    marks = body.marks if body else ()
    for paragraph in paragraphs:
        start = body.text.find(paragraph, at) if body else -1
        if start < 0:
            yield Passage(paragraph, ())
            continue
        at = start + len(paragraph)
        while number < len(marks) and marks[number][0] < start:
            number += 1
        first = number
        while number < len(marks) and marks[number][1] <= at:
            number += 1
        own = tuple((begin - start, end - start) for begin, end in marks[first:number])
        yield Passage(paragraph, own, body.related_to[first:number] if body else ())
