"""Did you mean: the query that was probably meant, if it finds more, and whether that is sure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import inf, log10
from operator import itemgetter

from index.analysis.latvian.stemmer import stem
from index.query import Piece, pieces
from index.suggest.readings import ReadingKind, read_otherwise
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
    is_sure: bool = False
    """Whether it may be searched at once: it corrects all words that no release has, and has no rival."""
    reading: ReadingKind | None = None
    """How the text was read, if not as slips: in another script, in another spelling, with other spaces."""

    def is_like(self, other: "Suggestion") -> bool:
        """Return whether *other* changes the same words to other forms."""
        return [_stems(change) for change in self.changed] == [_stems(change) for change in other.changed]


def _stems(change: tuple[str, str]) -> tuple[str, str]:
    typed, corrected = change
    return typed, stem(corrected.lower())


IsWord = Callable[[str], bool]
"""Returns whether a word is spelled correctly, even if no release has it."""


# Maximum number of words of a query to check, of words to correct, of corrections to try for each.
_WORDS_MAX, _CORRECTED_MAX, _CORRECTIONS_MAX = 12, 4, 4
# Ten times as many hits make up for this much distance.
_COST_PER_DECADE_OF_HITS = 0.24
_STEM_ONLY = 1.0
"""Added to the cost of a correction if only its stem is similar."""
# Short words resemble too many others to be corrected without asking, most of all by their stem.
_SURE_MIN_CHARS, _SURE_STEM_MIN_CHARS = 5, 8
# The maximum cost of a sure correction, and the least by which its rivals must cost more.
_SURE_COST, _SURE_MARGIN = 1.0, 0.15
_SURE_NAME_COST = 1.2
"""A name is in few releases, and its first letter may be wrong, too; its rivals are only names."""
# Longer words in capitals are shouted; shorter ones may be acronyms or names.
_ACRONYM_MAX_CHARS = 7


def did_you_mean(
    text: str, suggester: Suggester, count: CountHits, is_word: IsWord = lambda _: False
) -> Suggestion | None:
    """Return the query that *text* probably meant if it finds more, else None.

    Only words that are not in the index are changed; a word that may be a name only into another name.
    """
    return _best(text, _unknown_pieces(text, suggester), suggester, count, is_word)


def correct_unmatched(
    text: str, suggester: Suggester, count: CountHits, is_word: IsWord = lambda _: False
) -> Suggestion | None:
    """Return the query that *text* probably meant if nothing matches it as typed, else None.

    A sure one may be searched at once; so may a text in another script or spelling. If nothing matches all of
    its words either, it has no hits, but corrects the words that no release has.
    """
    read = read_otherwise(text, suggester, count, is_word)
    reading = read and Suggestion(read.text, read.hits, read.changed, is_sure=read.is_sure, reading=read.kind)
    if reading and read and read.hits and read.is_attested:
        return reading
    unknown = _unknown_pieces(text, suggester)
    if not unknown or count(text):
        return None
    suggestion = _best(text, unknown, suggester, count, is_word)
    if reading and not (suggestion and suggestion.is_sure):
        return reading
    if suggestion:
        return suggestion
    doubtful = [piece for piece in unknown if not count(piece.word)]
    changed = {piece: _sure_word(piece.word, suggester, is_word) for piece in doubtful}
    if not all(changed.values()) or not changed:
        return None
    changes = tuple((piece.word, word) for piece, word in changed.items())
    return Suggestion(_replace(text, changed), 0, changes, is_sure=True)


def _best(
    text: str, unknown: Sequence[Piece], suggester: Suggester, count: CountHits, is_word: IsWord
) -> Suggestion | None:
    """Return the likeliest query with other words for *unknown* ones if it finds more than *text*."""
    if not unknown:
        return None
    hits = count(text)
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
            may_be_sure = (
                not hits
                and words.keys() == set(without_hits)
                and all(
                    _is_sure(piece.word, correction, is_word)
                    or _is_sure_name(piece.word, correction, is_word)
                    for piece, correction in words.items()
                )
            )
            ranked.append((cost, Suggestion(offered, offered_hits, changes, is_sure=may_be_sure)))
    if not ranked:
        return None
    cost, best = min(ranked, key=itemgetter(0))
    rivals = (other for other_cost, other in ranked if other_cost < cost + _SURE_MARGIN)
    return best if all(map(best.is_like, rivals)) else replace(best, is_sure=False)


def sure_correction(
    text: str, suggester: Suggester, count: CountHits, is_word: IsWord = lambda _: False
) -> Suggestion | None:
    """Return the correction of *text* that may be searched at once, else None."""
    suggestion = correct_unmatched(text, suggester, count, is_word)
    return suggestion if suggestion and suggestion.is_sure else None


def _sure_word(word: str, suggester: Suggester, is_word: IsWord) -> str:
    """Return the correction of *word* if it is sure and no other word is as near; else ""."""
    best, *others = sorted(_corrections(word, suggester)) or [Correction(inf, "")]
    rivals = {stem(other.word) for other in others if other.cost < best.cost + _SURE_MARGIN}
    return best.word if _is_sure(word, best, is_word) and rivals <= {stem(best.word)} else ""


def _is_sure(word: str, correction: Correction, is_word: IsWord) -> bool:
    cost_max = _SURE_COST + (_STEM_ONLY if len(word) >= _SURE_STEM_MIN_CHARS else 0)
    return (
        word.islower() and len(word) >= _SURE_MIN_CHARS and correction.cost < cost_max and not is_word(word)
    )


def _is_sure_name(word: str, correction: Correction, is_word: IsWord) -> bool:
    """Return whether *word* is a slip away from a name, not only in the ending: Bērziņa is not Bērziņš."""
    name = word.lower()
    return (
        _may_be_name(word)
        and not word.isupper()
        and len(word) >= _SURE_MIN_CHARS
        and correction.cost < _SURE_NAME_COST
        and stem(name) != stem(correction.word)
        and not is_word(word)
    )


def _unknown_pieces(text: str, suggester: Suggester) -> Sequence[Piece]:
    plain = (piece for piece in pieces(text) if piece.word.isalpha())
    return [piece for piece in islice(plain, _WORDS_MAX) if not suggester.knows(piece.word)]


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


def _may_be_name(word: str) -> bool:
    return word[:1].isupper() and not (word.isupper() and len(word) > _ACRONYM_MAX_CHARS)


def _corrections(word: str, suggester: Suggester) -> list[Correction]:
    other_endings = (
        correction._replace(cost=correction.cost + _STEM_ONLY) for correction in suggester.correct_stem(word)
    )
    best: dict[str, Correction] = {}
    for correction in (*suggester.correct(word, limit=_CORRECTIONS_MAX), *other_endings):
        best.setdefault(correction.word, correction)
    best.pop(word.lower(), None)
    if _may_be_name(word):
        return [correction for correction in best.values() if suggester.is_name(correction.word)]
    return list(best.values())


def _match_case(word: str, option: str) -> str:
    if word.isupper() and len(word) > 1:
        return option.upper()
    return option.capitalize() if word[:1].isupper() else option


def _replace(text: str, words: Mapping[Piece, str]) -> str:
    for piece, word in reversed([*words.items()]):
        text = text[: piece.end - len(piece.word)] + word + text[piece.end :]
    return text
