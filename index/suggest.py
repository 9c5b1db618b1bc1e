"""Did you mean, and what to leave out of a query that finds nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from index.engine import Filters
from index.lexemes import Piece, pieces
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


def did_you_mean(text: str, suggester: Suggester, count: Count) -> Suggestion | None:
    """Return the query that was probably meant by *text*, if it finds more; None where nothing is better.

    Only words that do not stand in the index are changed.
    """
    hits = count(text)
    plain = (piece for piece in pieces(text) if piece.word.isalpha())
    unknown = [piece for piece in islice(plain, _WORDS_MAX) if not suggester.knows(piece.word)]
    lost = [piece for piece in unknown if not count(piece.word)]
    # Words in forms that are not in the index may be right: doubted one by one, if nothing else helps.
    doubtful = lost or ([] if hits else unknown)
    meant = [
        (piece, options)
        for piece in doubtful[:_CORRECTED_MAX]
        if (options := _meanings(piece.word, suggester))
    ]
    likeliest = [options[0] if lost else piece.word for piece, options in meant]
    for words in _attempts(likeliest, [options for _, options in meant]):
        changed = {piece: word for (piece, _), word in zip(meant, words, strict=True) if word != piece.word}
        offered = _changed(text, changed)
        if changed and (found := count(offered)) > hits:
            return Suggestion(offered, found, tuple((piece.word, word) for piece, word in changed.items()))
    return None


def _attempts(likeliest: Sequence[str], options: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the likeliest words, then these with one of them otherwise."""
    yield likeliest
    for place, others in enumerate(options):
        for other in others:
            if other != likeliest[place]:
                yield [*likeliest[:place], other, *likeliest[place + 1 :]]


def _meanings(word: str, suggester: Suggester) -> list[str]:
    corrections = suggester.correct(word, limit=_TRIED_MAX) or suggester.correct_stem(word)
    options = dict.fromkeys(one.word for one in corrections if one.word != word.lower())
    return [_in_case_of(word, option) for option in options]


def _in_case_of(word: str, option: str) -> str:
    if word.isupper() and len(word) > 1:
        return option.upper()
    return option.capitalize() if word[:1].isupper() else option


def _changed(text: str, words: Mapping[Piece, str]) -> str:
    for piece, word in reversed([*words.items()]):
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
