"""Finds the best bets for a query by its words, in any inflection, case and order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, clean, read
from index.best_bets.bet_file import BestBet

SHOWN_MAX = 3
"""Maximum number of bets shown for a query."""
WORDS_MAX = 12
"""A longer query has no bets."""

_Terms = frozenset[str]
"""What a word may be: its lemmas and its form, folded."""


class BestBets:
    """The best bets of an operator."""

    def __init__(self, bets: Iterable[BestBet], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        # By each term of the first word of each of its queries.
        self._by_term: dict[str, list[tuple[Sequence[_Terms], BestBet]]] = defaultdict(list)
        self._count = 0
        for bet in bets:
            self._count += 1
            for query in bet.queries:
                words = self._words(query)
                for term in words[0] if words else ():
                    self._by_term[term].append((words, bet))

    def __len__(self) -> int:
        return self._count

    def answering(self, text: str, day: date) -> tuple[BestBet, ...]:
        """Return the bets shown for the query *text* on *day*, in the order of the file."""
        if not self._count:
            return ()
        words = self._words(text)
        candidates = (bet for terms in words for term in terms for bet in self._by_term.get(term, ()))
        found = {
            bet.line: bet for bet_words, bet in candidates if bet.is_due(day) and _are_same(words, bet_words)
        }
        return tuple(found[line] for line in sorted(found))[:SHOWN_MAX]

    def _words(self, text: str) -> Sequence[_Terms]:
        """Return the words of *text* but stop words; none if there are too many."""
        tokens = [token for token in TOKEN.findall(text[: WORDS_MAX * 64]) if read(token).terms]
        content = [token for token in tokens if clean(token).lower() not in stop_words()] or tokens
        return [self._terms(token) for token in content] if len(content) <= WORDS_MAX else []

    def _terms(self, token: str) -> _Terms:
        forms = self._analyzer.query_forms(token)
        return frozenset(map(fold, (*forms.lemma, *forms.exact)))


def _are_same(words: Sequence[_Terms], others: Sequence[_Terms]) -> bool:
    """Return whether each of *words* is another one of *others*, and none is left."""
    left = list(others)
    for word in words:
        match = next((other for other in left if not word.isdisjoint(other)), None)
        if match is None:
            return False
        left.remove(match)
    return not left
