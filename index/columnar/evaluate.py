"""Clauses to the documents that match and what they score: a term at a time, the rarest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import singledispatchmethod

import numpy as np

from index.columnar.lists import Docs
from index.columnar.phrase import Standing, keys_of, standing
from index.columnar.sets import NOTHING, Match
from index.columnar.snapshot import CACHE_BYTES, Cache, Snapshot, terms_of
from index.document import PART_RANGE
from index.engine import All, Any, Clause, Everything, Fuzzy, Most, Not, Part, Phrase, Prefix, Word

WEIGHTS: Mapping[str, float] = {"lemma": 1.0, "stem": 0.5, "exact": 0.1}


class Evaluator:
    """Evaluates clauses on a snapshot; shared by all threads."""

    def __init__(self, snapshot: Snapshot, weights: Mapping[str, float] = WEIGHTS) -> None:
        self._snapshot = snapshot
        self._sets = snapshot.sets
        self._weights = weights
        self._words: Cache[Match] = Cache(CACHE_BYTES, _bytes)

    def match(self, clause: Clause, among: Docs | None = None) -> Match:
        """Return the documents that match, all or those *among* some."""
        return self._match(clause, among)

    @singledispatchmethod
    def _match(self, clause: Clause, among: Docs | None) -> Match:
        raise TypeError(f"{clause!r} is no clause")

    # --- Words -------------------------------------------------------------------------------

    @_match.register
    def _word(self, word: Word, among: Docs | None) -> Match:
        key = _key(word)
        if among is None or self._words.holds(key) or len(among) > self._size(word):
            found = self._among(self._words.get(key, lambda: self._whole_word(word, None)), among)
        else:
            found = self._whole_word(word, among)
        return self._in_part(found, word, word.part) if word.part else found

    def _whole_word(self, word: Word, among: Docs | None) -> Match:
        found = []
        for field, weight, texts in self._fields(word):
            best = [self._term(field, text, weight, among) for text in texts]
            found.append(self._sets.combined(best, np.maximum))
        return self._sets.combined(found, np.add) if found else NOTHING

    def _fields(self, word: Word) -> Iterator[tuple[str, float, tuple[str, ...]]]:
        """Yield where a word may stand: a field, what it weighs, and the candidates there."""
        for field, texts in (
            ("lemma", word.lemma),
            ("stem", word.stem),
            ("exact", word.exact),
            ("fold", word.fold),
        ):
            if texts:
                yield field, self._weights.get(field, 0.0) if word.scored else 0.0, texts

    def _term(self, field: str, text: str, weight: float, among: Docs | None) -> Match:
        term = self._snapshot.term(field, text)
        if among is None:
            return Match(term.docs, self._snapshot.bm25(field, term) * weight if weight else None)
        _, rows = self._sets.intersect(among, term.docs)
        return Match(term.docs[rows], self._snapshot.bm25(field, term, rows) * weight if weight else None)

    def _among(self, match: Match, among: Docs | None) -> Match:
        return match if among is None else match.among(self._sets.intersect(match.docs, among)[0])

    def _in_part(self, match: Match, word: Word, part: Part) -> Match:
        rows, positions = self._snapshot.positions(terms_of(word), match.docs)
        return match.among(np.unique(rows[_within(positions, part)]))

    # --- Phrases -----------------------------------------------------------------------------

    @_match.register
    def _phrase(self, phrase: Phrase, among: Docs | None) -> Match:
        if not phrase.words:
            return NOTHING
        both = self._all([*phrase.words], among)
        found = self.standing(phrase, both.docs)
        return both.among(np.unique(found.rows))

    def standing(self, phrase: Phrase, docs: Docs) -> Standing:
        """Return where in *docs* a phrase stands."""
        keys = []
        for word in phrase.words:
            rows, positions = self._snapshot.positions(terms_of(word), docs)
            kept = slice(None) if word.part is None else _within(positions, word.part)
            keys.append(keys_of(rows[kept], positions[kept]))
        found = standing(keys, phrase.slop)
        if phrase.part is None:
            return found
        first, last = PART_RANGE[phrase.part]
        return found.among((found.starts >= first) & (found.ends < last))

    # --- Beginnings and near words -----------------------------------------------------------

    @_match.register
    def _prefix(self, prefix: Prefix, among: Docs | None) -> Match:
        return self._of_terms(prefix.part, lambda terms: list(terms.with_prefix(prefix.text.encode())), among)

    @_match.register
    def _fuzzy(self, fuzzy: Fuzzy, among: Docs | None) -> Match:
        return self._of_terms(fuzzy.part, lambda terms: list(terms.within(fuzzy.text, fuzzy.distance)), among)

    def _of_terms(self, part: Part | None, places: Callable[..., list[int]], among: Docs | None) -> Match:
        found = []
        for shard in self._snapshot.shards:
            field = shard.field("fold")
            if field is None:
                continue
            docs = field.docs_of(places(field.terms))
            kept = shard.kept(docs)
            found.append((docs if kept is None else docs[kept]) + shard.base)
        match = Match(self._sets.distinct(found))
        return self._among(match, among)

    # --- Trees -------------------------------------------------------------------------------

    @_match.register
    def _everything(self, clause: Everything, among: Docs | None) -> Match:
        return Match(self._snapshot.live if among is None else among)

    @_match.register
    def _not(self, clause: Not, among: Docs | None) -> Match:
        everything = self._everything(Everything(), among)
        return self._sets.without(everything, self._match(clause.clause, among).docs)

    @_match.register
    def _any(self, clause: Any, among: Docs | None) -> Match:
        found = [self._match(one, among) for one in clause.clauses]
        return self._sets.combined(found, np.add) if found else NOTHING

    @_match.register
    def _most(self, clause: Most, among: Docs | None) -> Match:
        found = [self._match(one, among) for one in clause.clauses]
        counted = self._sets.combined([Match(one.docs, np.ones(len(one.docs))) for one in found], np.add)
        if counted.scores is None or not len(counted.docs):
            return NOTHING
        enough = np.flatnonzero(counted.scores >= max(1, counted.scores.max() - 1))
        return self._sets.combined(found, np.add).among(enough)

    @_match.register
    def _and(self, clause: All, among: Docs | None) -> Match:
        return self._all(list(clause.clauses), among)

    def _all(self, clauses: Sequence[Clause], among: Docs | None) -> Match:
        """Narrow down clause by clause, the one with the fewest documents first."""
        wanted = sorted((one for one in clauses if not isinstance(one, Not)), key=self._size)
        found = self._match(wanted[0], among) if wanted else self._everything(Everything(), among)
        for clause in wanted[1:]:
            if not len(found.docs):
                return NOTHING
            if isinstance(clause, Word):
                found = self._narrowed(found, clause)
            else:
                found = self._both(found, self._match(clause, found.docs))
        for barred in clauses:
            if isinstance(barred, Not):
                found = self._sets.without(found, self._match(barred.clause, found.docs).docs)
        return found

    def _narrowed(self, found: Match, word: Word) -> Match:
        """Return those of *found* where a word stands, its scores added."""
        key = _key(word)
        if self._words.holds(key):
            known = self._words.get(key, lambda: self._whole_word(word, None))
            rows, theirs = self._sets.intersect(found.docs, known.docs)
            narrowed = found.among(rows).plus(known.among(theirs).scores)
            return self._in_part(narrowed, word, word.part) if word.part else narrowed
        hit = np.zeros(len(found.docs), bool)
        scores = np.zeros(len(found.docs)) if found.scores is None else found.scores.copy()
        fields = [
            (field, weight, [self._snapshot.term(field, text) for text in texts])
            for field, weight, texts in self._fields(word)
        ]
        with self._sets.within(found.docs) as shared:
            for field, weight, terms in fields:
                best = np.zeros(len(found.docs))
                for term in terms:
                    rows, theirs = shared(term.docs)
                    hit[rows] = True
                    if weight:
                        best[rows] = np.maximum(best[rows], self._snapshot.bm25(field, term, theirs) * weight)
                scores += best
        narrowed = Match(found.docs, scores).among(hit.nonzero()[0])
        return self._in_part(narrowed, word, word.part) if word.part else narrowed

    def _both(self, one: Match, narrower: Match) -> Match:
        """Return *narrower*, which is among the documents of *one*, with the scores of both."""
        if one.scores is None:
            return narrower
        if len(narrower.docs) == len(one.docs):
            return Match(one.docs, one.scores if narrower.scores is None else one.scores + narrower.scores)
        rows = self._sets.intersect(one.docs, narrower.docs)[0]
        scores = one.scores[rows]
        return Match(narrower.docs, scores if narrower.scores is None else scores + narrower.scores)

    def _size(self, clause: Clause) -> int:
        """Return about how many documents match, rather too many than too few."""
        match clause:
            case Word():
                return sum(self._snapshot.size(field, text) for field, text in terms_of(clause))
            case Phrase(words=parts) | All(clauses=parts):
                return min(map(self._size, parts), default=0)
            case Any(clauses=parts) | Most(clauses=parts):
                return sum(map(self._size, parts))
        return self._snapshot.count


def _key(word: Word) -> tuple[object, ...]:
    return word.lemma, word.stem, word.exact, word.fold, word.scored


def _within(positions: Docs, part: Part) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    first, last = PART_RANGE[part]
    return (positions >= first) & (positions < last)


def _bytes(match: Match) -> int:
    return match.docs.nbytes + (0 if match.scores is None else match.scores.nbytes) + 256
