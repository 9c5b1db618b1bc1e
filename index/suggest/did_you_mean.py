"""Did you mean: the query that was probably meant, offered only if it finds more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log10
from operator import itemgetter

from index.query import Piece, pieces
from index.suggest.spelling import Correction, Suggester

CountHits = Callable[[str], int]
"""Returns the number of hits of a query text."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A query that finds more than the typed one."""

    text: str
    hits: int
    """The number of hits it would give."""
    changed: tuple[tuple[str, str], ...]
    """Words as typed and as corrected."""


# Words of a query to check, words to correct, and corrections to try for each.
_WORDS_MAX, _CORRECTED_MAX, _CORRECTIONS_MAX = 12, 4, 4
# Ten times as many hits make up for this much distance.
_HITS_PER_DECADE = 0.24
_STEM_ONLY = 1.0
"""Added to the cost of a correction whose stem is near but whose ending is not."""


def did_you_mean(text: str, suggester: Suggester, count: CountHits) -> Suggestion | None:
    """Return the query that *text* probably meant if it finds more, else None.

    Only words that are not in the index are changed.
    """
    hits = count(text)
    plain = (piece for piece in pieces(text) if piece.word.isalpha())
    unknown = [piece for piece in islice(plain, _WORDS_MAX) if not suggester.knows(piece.word)]
    without_hits = [piece for piece in unknown if not count(piece.word)]
    # A word that matches by its stem only may be right, so it is corrected last, and one word at a time.
    doubtful = without_hits or ([] if hits else unknown)
    candidates = {
        piece: corrections
        for piece in doubtful[:_CORRECTED_MAX]
        if (corrections := _corrections(piece.word, suggester))
    }
    found = []
    for words in _attempts(candidates, changing_all=bool(without_hits)):
        changed = {piece: _match_case(piece.word, one.word) for piece, one in words.items()}
        offered = _replace(text, changed)
        if (offered_hits := count(offered)) > hits:
            changes = tuple((piece.word, word) for piece, word in changed.items())
            cost = sum(one.cost for one in words.values()) - _HITS_PER_DECADE * log10(offered_hits)
            found.append((cost, Suggestion(offered, offered_hits, changes)))
    return min(found, key=itemgetter(0))[1] if found else None


def _attempts(
    candidates: Mapping[Piece, Sequence[Correction]], *, changing_all: bool
) -> Iterator[Mapping[Piece, Correction]]:
    """Yield combinations of corrections: the likeliest of each word, then those that differ in one word."""
    likeliest = {piece: corrections[0] for piece, corrections in candidates.items()} if changing_all else {}
    if likeliest:
        yield likeliest
    for piece, corrections in candidates.items():
        for one in corrections[1 if changing_all else 0 :]:
            yield {**likeliest, piece: one}


def _corrections(word: str, suggester: Suggester) -> list[Correction]:
    other_endings = (one._replace(cost=one.cost + _STEM_ONLY) for one in suggester.correct_stem(word))
    best: dict[str, Correction] = {}
    for one in (*suggester.correct(word, limit=_CORRECTIONS_MAX), *other_endings):
        best.setdefault(one.word, one)
    best.pop(word.lower(), None)
    return list(best.values())


def _match_case(word: str, option: str) -> str:
    if word.isupper() and len(word) > 1:
        return option.upper()
    return option.capitalize() if word[:1].isupper() else option


def _replace(text: str, words: Mapping[Piece, str]) -> str:
    for piece, word in reversed([*words.items()]):
        text = text[: piece.end - len(piece.word)] + word + text[piece.end :]
    return text
