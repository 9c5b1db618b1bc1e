"""Where a page of hits ended, as a text from which the next page goes on."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b

from index.query import Query

START = "*"
"""The cursor before the first hit."""


class CursorError(ValueError):
    """A cursor from which a search cannot go on; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order: what is ordered by, ascending, and the id that decides between equals."""

    keys: tuple[float, ...]
    id: bytes


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place among the hits of a search."""

    search: str
    """Which search, shortened."""
    generation: str
    """The only one of the index whose scores compare with the place; "" where the order is by date."""
    place: Place

    @classmethod
    def at(cls, place: Place, query: Query, generation: str) -> "Cursor":
        """Return the cursor at *place* among the hits of *query* in a *generation* of the index."""
        asked = repr((query.clause, query.filters, query.sort)).encode()
        compared = generation if query.sort == "relevance" else ""
        return cls(blake2b(asked, digest_size=9).hexdigest(), compared, place)

    def write(self) -> str:
        """Return the cursor in characters that an address holds as they are."""
        values = [self.search, self.generation, *self.place.keys, self.place.id.decode()]
        return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None) -> "Cursor | None":
        """Return the cursor that was written as *text*; None at the start.

        Raises:
            CursorError: none was written so.
        """
        if text in (None, START):
            return None
        try:
            written = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
            search, generation, leading, *others, id_ = json.loads(written)
            place = Place((float(leading), *map(float, others)), str(id_).encode())
            return cls(str(search), str(generation), place)
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise CursorError("not a cursor of this service") from error

    def check(self, query: Query, generation: str) -> None:
        """Make sure that *query* goes on from here in a *generation* of the index.

        Raises:
            CursorError: it does not.
        """
        wanted = Cursor.at(self.place, query, generation)
        if self.search != wanted.search:
            raise CursorError(f"of another search; begin again with {START}")
        if self.generation != wanted.generation:
            raise CursorError(f"the index has changed, and scores with it: begin again with {START}")
