"""Pages of documents, and cursors: opaque text that marks the end of a page, so that the next one follows."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from index.query import Query
from index.results import Facets, Histogram

START = "*"
"""The cursor before the first hit."""


class CursorError(ValueError):
    """A search cannot continue from a cursor; the message says why."""


@dataclass(frozen=True, slots=True)
class HitPlace:
    """A place in an order: the ascending sort keys, and the id that breaks ties."""

    keys: tuple[float, ...]
    id: bytes


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place among the hits of a search."""

    search: str
    """A hash of the search."""
    generation: str
    """The generation that the scores in ``place`` come from; "" if the order is by date."""
    place: HitPlace

    @classmethod
    def at(cls, place: HitPlace, query: Query, generation: str) -> "Cursor":
        """Return the cursor at *place* among the hits of *query* in a *generation* of the index."""
        search = repr((query.clause, query.filters, query.sort, query.near)).encode()
        scores_of = generation if query.sort == "relevance" else ""
        return cls(blake2b(search, digest_size=9).hexdigest(), scores_of, place)

    def write(self) -> str:
        """Return the cursor as URL-safe text."""
        values = [self.search, self.generation, *self.place.keys, self.place.id.decode()]
        return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None) -> "Cursor | None":
        """Parse a cursor; None means the start.

        Raises:
            CursorError: *text* is not a cursor.
        """
        if text in (None, START):
            return None
        try:
            content = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
            search, generation, leading, *others, id_ = json.loads(content)
            place = HitPlace((float(leading), *map(float, others)), str(id_).encode())
            return cls(str(search), str(generation), place)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise CursorError("not a cursor of this service") from error

    def check(self, query: Query, generation: str) -> None:
        """Check that the cursor belongs to *query* and to this *generation* of the index.

        Raises:
            CursorError: it does not.
        """
        expected = Cursor.at(self.place, query, generation)
        if self.search != expected.search:
            raise CursorError(f"of another search; begin again with {START}")
        if self.generation != expected.generation:
            raise CursorError(f"the index has changed, and scores with it: begin again with {START}")


class TopDocs(Struct, frozen=True):
    """A page of documents, best first, and exact counts."""

    docs: tuple[int, ...]
    scores: tuple[float, ...]
    folded: tuple[tuple[int, ...], ...]
    """For each of *docs*, the other matches of its cluster."""
    total: int
    facets: Facets
    histogram: Histogram | None
    last: HitPlace | None
    """The place of the last of *docs*, if the query has a cursor and more hits follow."""

    def among(self, rows: Sequence[int]) -> "TopDocs":
        """Return the documents of the page at the places *rows*, counted from 0."""
        docs, scores, folded = (
            tuple(values[row] for row in rows) for values in (self.docs, self.scores, self.folded)
        )
        return replace(self, docs=docs, scores=scores, folded=folded)
