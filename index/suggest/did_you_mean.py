"""Did you mean, and what to leave out of a query that finds nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log10
from operator import itemgetter

from index.query import Filters, Piece, pieces
from index.suggest.spelling import Correction, Suggester

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
# Ten times as many releases with the other words of the query make up for this much distance.
_BESIDE_PER_DECADE = 0.24
_ANY_ENDING = 1.0
"""So much farther is a form of which only the stem is near."""


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
    meant = {
        piece: corrections
        for piece in doubtful[:_CORRECTED_MAX]
        if (corrections := _meanings(piece.word, suggester))
    }
    found = []
    for words in _attempts(meant, changing_all=bool(lost)):
        changed = {piece: _in_case_of(piece.word, one.word) for piece, one in words.items()}
        offered = _changed(text, changed)
        if (offered_hits := count(offered)) > hits:
            changes = tuple((piece.word, word) for piece, word in changed.items())
            cost = sum(one.cost for one in words.values()) - _BESIDE_PER_DECADE * log10(offered_hits)
            found.append((cost, Suggestion(offered, offered_hits, changes)))
    return min(found, key=itemgetter(0))[1] if found else None


def _attempts(
    meant: Mapping[Piece, Sequence[Correction]], *, changing_all: bool
) -> Iterator[Mapping[Piece, Correction]]:
    """Yield what words may be changed to: the likeliest first, then one of them otherwise."""
    likeliest = {piece: corrections[0] for piece, corrections in meant.items()} if changing_all else {}
    if likeliest:
        yield likeliest
    for piece, corrections in meant.items():
        for one in corrections[1 if changing_all else 0 :]:
            yield {**likeliest, piece: one}


def _meanings(word: str, suggester: Suggester) -> list[Correction]:
    other_endings = (one._replace(cost=one.cost + _ANY_ENDING) for one in suggester.correct_stem(word))
    best: dict[str, Correction] = {}
    for one in (*suggester.correct(word, limit=_TRIED_MAX), *other_endings):
        best.setdefault(one.word, one)
    best.pop(word.lower(), None)
    return list(best.values())


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

    First the filters, then the parts that a word must be in, then each word or phrase of the query that alone
    must go; where none helps, the query for any of the words.
    """
    found = list(islice(pieces(text), _PIECES_MAX))
    tried = [
        *((name, text, wider) for name, wider in _wider(filters)),
        *(
            (text[slice(*piece.name)], text[: piece.name[0]] + text[piece.name[1] :], filters)
            for piece in found
            if any(piece.name)
        ),
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
    return " ".join(f"{text[: piece.start]} {text[piece.end :].lstrip(_LEFT_BEHIND)}".split())


_LEFT_BEHIND = ".,;:!?/"


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
