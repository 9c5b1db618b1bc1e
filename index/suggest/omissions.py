"""Omissions: the words and filters that a query without hits can leave out to find something."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from msgspec.structs import replace

from index.query import FILTERS, Filters, Piece, pieces


@dataclass(frozen=True, slots=True)
class Omission:
    """A query with something left out."""

    left_out: str
    """As typed; for a filter its name, ``published`` for that by days; empty: any word suffices."""
    text: str
    filters: Filters
    hits: int
    """The number of hits it would give."""


CountWithin = Callable[[str, Filters], int]
"""Returns the number of hits of a query text within filters."""

_PIECES_MAX = 12
_PUNCTUATION = ".,;:!?/"


def omissions(text: str, filters: Filters, count: CountWithin) -> tuple[Omission, ...]:
    """Return the queries that leave something out of *text* or *filters*, and find something.

    First without a filter, then without the part that a word is restricted to, then without a word or phrase.
    If none of these finds anything, the query for any of the words is tried.
    """
    query_pieces = list(islice(pieces(text), _PIECES_MAX))
    attempts = [
        *((name, text, wider) for name, wider in _without_one_filter(filters)),
        *(
            (text[slice(*piece.name)], text[: piece.name[0]] + text[piece.name[1] :], filters)
            for piece in query_pieces
            if any(piece.name)
        ),
        *(
            (text[piece.start : piece.end].strip(), shorter, filters)
            for piece in query_pieces
            if any(map(str.isalnum, shorter := _without(text, piece)))
        ),
    ]
    helpful = tuple(
        Omission(left_out, shorter, wider, hits)
        for left_out, shorter, wider in attempts
        if (hits := count(shorter, wider))
    )
    return helpful or _any_word(text, query_pieces, filters, count)


def _without_one_filter(filters: Filters) -> Iterator[tuple[str, Filters]]:
    yield from ((one.name, filters.choose({one.name: ()})) for one in FILTERS if filters.chosen(one))
    if filters.published_from or filters.published_to:
        yield "published", replace(filters, published_from=None, published_to=None)


def _without(text: str, piece: Piece) -> str:
    return " ".join(f"{text[: piece.start]} {text[piece.end :].lstrip(_PUNCTUATION)}".split())


def _any_word(
    text: str, query_pieces: Sequence[Piece], filters: Filters, count: CountWithin
) -> tuple[Omission, ...]:
    required = [piece for piece in query_pieces if not _is_excluded(text, piece)]
    if len(required) < 2:
        return ()
    alternatives = " VAI ".join(text[piece.start : piece.end].strip() for piece in required)
    hits = count(alternatives, filters)
    return (Omission("", alternatives, filters, hits),) if hits else ()


def _is_excluded(text: str, piece: Piece) -> bool:
    return text[piece.start : piece.end].lstrip().startswith("-")
