"""Did you mean: offers the query that was probably meant, if it finds more."""

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


# The most words of a query to check, to correct, and the most corrections to try for each.
_WORDS_MAX, _CORRECTED_MAX, _CORRECTIONS_MAX = 12, 4, 4
# Ten times as many hits make up for this much distance.
_COST_PER_DECADE_OF_HITS = 0.24
_STEM_ONLY = 1.0
"""Added to the cost of a correction if only its stem is near."""


def did_you_mean(text: str, suggester: Suggester, count: CountHits) -> Suggestion | None:
    """Return the query that *text* probably meant if it finds more, else None.

    Only words that are not in the index are changed.
    """
    hits = count(text)
    plain = (piece for piece in pieces(text) if piece.word.isalpha())
    unknown = [piece for piece in islice(plain, _WORDS_MAX) if not suggester.knows(piece.word)]
    without_hits = [piece for piece in unknown if not count(piece.word)]
    # A word that matches only by its stem may be right. Such words are corrected only if all words match,
    # and one at a time.
    doubtful = without_hits or ([] if hits else unknown)
    candidates = {
        piece: corrections
        for piece in doubtful[:_CORRECTED_MAX]
        if (corrections := _corrections(piece.word, suggester))
    }
    ranked = []
    for words in _attempts(candidates, changing_all=bool(without_hits)):
        changed = {piece: _match_case(piece.word, correction.word) for piece, correction in words.items()}
        offered = _replace(text, changed)
        if (offered_hits := count(offered)) > hits:
            changes = tuple((piece.word, word) for piece, word in changed.items())
            cost = sum(correction.cost for correction in words.values()) - _COST_PER_DECADE_OF_HITS * log10(
                offered_hits
            )
            ranked.append((cost, Suggestion(offered, offered_hits, changes)))
    return min(ranked, key=itemgetter(0))[1] if ranked else None


def _attempts(
    candidates: Mapping[Piece, Sequence[Correction]], *, changing_all: bool
) -> Iterator[Mapping[Piece, Correction]]:
    """Yield combinations of corrections: first the likeliest of every word, then with one word changed."""
    likeliest = {piece: corrections[0] for piece, corrections in candidates.items()} if changing_all else {}
    if likeliest:
        yield likeliest
    for piece, corrections in candidates.items():
        for correction in corrections[1 if changing_all else 0 :]:
            yield {**likeliest, piece: correction}


def _corrections(word: str, suggester: Suggester) -> list[Correction]:
    other_endings = (
        correction._replace(cost=correction.cost + _STEM_ONLY) for correction in suggester.correct_stem(word)
    )
    best: dict[str, Correction] = {}
    for correction in (*suggester.correct(word, limit=_CORRECTIONS_MAX), *other_endings):
        best.setdefault(correction.word, correction)
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
