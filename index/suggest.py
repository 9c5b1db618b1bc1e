"""Did you mean, and what to leave out of a query that finds nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.engine import Filters
from index.query import Piece, pieces
from index.spelling import Suggester

# --- Did you mean --------------------------------------------------------------------------------

Count = Callable[[str], int]
"""How many releases a query text finds, as things stand."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that finds more, and how many hits it would give."""

    text: str
    hits: int
    changed: tuple[tuple[str, str], ...]
    """Words as typed, and what they are changed to."""


# So much is tried for one query.
_WORDS_MAX, _CORRECTED_MAX, _TRIED_MAX = 12, 4, 4
# Less is not worth asking for.
_TIMES_MORE = 2


def did_you_mean(text: str, suggester: Suggester, count: Count) -> Suggestion | None:
    """Return the query that was probably meant by *text*, if it finds far more; None where nothing is better.

    Only words that do not stand in the index are changed.
    """
    hits = count(text)
    meant = [
        (piece, options)
        for piece in _doubtful(text, suggester, count, hits)[:_CORRECTED_MAX]
        if (options := _meanings(piece.word, suggester))
    ]
    if not meant:
        return None
    best = [options[0] for _, options in meant]
    found = count(_changed(text, meant, best))
    for place, (_, options) in enumerate(meant):
        for option in options[1:]:
            tried = [*best[:place], option, *best[place + 1 :]]
            # The likelier one stays unless it finds nothing.
            if found == 0 and (now := count(_changed(text, meant, tried))) > found:
                best, found = tried, now
    if found < max(1, hits * _TIMES_MORE):
        return None
    changed = tuple((piece.word, word) for (piece, _), word in zip(meant, best, strict=True))
    return Suggestion(_changed(text, meant, best), found, changed)


def _doubtful(text: str, suggester: Suggester, count: Count, hits: int) -> list[Piece]:
    """The words of *text* that may be mistyped: those that find nothing, else those in unknown forms."""
    plain = (piece for piece in pieces(text) if piece.word.isalpha())
    unknown = [piece for piece in islice(plain, _WORDS_MAX) if not suggester.knows(piece.word)]
    lost = [piece for piece in unknown if not count(piece.word)]
    return lost or ([] if hits else unknown)


def _meanings(word: str, suggester: Suggester) -> list[str]:
    corrections = suggester.correct(word, limit=_TRIED_MAX) or suggester.correct_stem(word)
    options = dict.fromkeys(one.word for one in corrections if one.word != word.lower())
    return [_in_case_of(word, option) for option in options]


def _in_case_of(word: str, option: str) -> str:
    if word.isupper() and len(word) > 1:
        return option.upper()
    return option.capitalize() if word[:1].isupper() else option


def _changed(text: str, meant: Sequence[tuple[Piece, object]], words: Sequence[str]) -> str:
    for (piece, _), word in reversed(list(zip(meant, words, strict=True))):
        text = text[: piece.end - len(piece.word)] + word + text[piece.end :]
    return text


# --- At zero hits --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query that leaves something out, and how many hits it would give."""

    left_out: str
    """As typed, or ``ministry``, ``language``, ``published`` for a filter; empty: any word will do."""
    text: str
    filters: Filters
    hits: int


CountWithin = Callable[[str, Filters], int]
"""How many releases a query text finds within filters."""

_PIECES_MAX = 12


def relaxations(text: str, filters: Filters, count: CountWithin) -> tuple[Relaxation, ...]:
    """Return what finds something when *text* within *filters* finds nothing.

    First the filters, then each word or phrase of the query that alone must go; where none helps, the
    query for any of the words.
    """
    found = list(islice(pieces(text), _PIECES_MAX))
    tried = [
        *((name, text, wider) for name, wider in _wider(filters)),
        *(
            (text[piece.start : piece.end].strip(), shorter, filters)
            for piece in found
            if (shorter := _without(text, piece))
        ),
    ]
    relaxed = tuple(
        Relaxation(left_out, shorter, wider, hits)
        for left_out, shorter, wider in tried
        if (hits := count(shorter, wider))
    )
    return relaxed or _any_of(text, found, filters, count)


def _wider(filters: Filters) -> Iterator[tuple[str, Filters]]:
    if filters.ministries:
        yield "ministry", replace(filters, ministries=())
    if filters.languages:
        yield "language", replace(filters, languages=())
    if filters.published_from or filters.published_to:
        yield "published", replace(filters, published_from=None, published_to=None)


def _without(text: str, piece: Piece) -> str:
    return " ".join(f"{text[: piece.start]} {text[piece.end :]}".split())


def _any_of(
    text: str, found: Sequence[Piece], filters: Filters, count: CountWithin
) -> tuple[Relaxation, ...]:
    wanted = [piece for piece in found if not _is_excluded(text, piece)]
    if len(wanted) < 2:
        return ()
    widened = " VAI ".join(text[piece.start : piece.end].strip() for piece in wanted)
    hits = count(widened, filters)
    return (Relaxation("", widened, filters, hits),) if hits else ()


def _is_excluded(text: str, piece: Piece) -> bool:
    return text[piece.start : piece.end].lstrip().startswith("-")
