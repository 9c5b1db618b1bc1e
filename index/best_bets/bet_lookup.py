"""Finds the best bets for a query by its words, in any inflection, case and order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, clean, read
from index.best_bets.bet_file import WORDS_MAX, BestBet

SHOWN_MAX = 3
"""Maximum number of bets shown for a query."""

_Terms = frozenset[str]
"""The terms of a word: its lemmas and its form, folded."""
_Answered = tuple[Sequence[_Terms], BestBet]
"""The words of a query, and a bet for it."""


class BestBets:
    """The best bets of an operator."""

    def __init__(self, bets: Iterable[BestBet], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        # The bets by the number of words of their queries, then by each term of each word.
        self._by_term: dict[int, dict[str, list[_Answered]]] = defaultdict(lambda: defaultdict(list))
        for bet in bets:
            for query in bet.queries:
                words = [self._terms(token) for token in _content(query)]
                for term in frozenset().union(*words):
                    self._by_term[len(words)][term].append((words, bet))

    def answering(self, text: str, day: date) -> tuple[BestBet, ...]:
        """Return the bets shown for the query *text* on *day*, in the order of the file."""
        tokens = _content(text) if self._by_term else []
        by_term = self._by_term.get(len(tokens))
        if by_term is None:
            return ()
        words = [self._terms(token) for token in tokens]
        # A bet that matches has all the words, so only those with the rarest word need to be compared.
        candidates = min((_having(word, by_term) for word in words), key=len)
        found = {bet.line: bet for asked, bet in candidates if bet.is_due(day) and _are_same(words, asked)}
        return tuple(found[line] for line in sorted(found))[:SHOWN_MAX]

    def _terms(self, token: str) -> _Terms:
        forms = self._analyzer.query_forms(token)
        return frozenset(map(fold, (*forms.lemma, *forms.unaccented, *forms.exact)))


def _content(text: str) -> list[str]:
    """Return the words of *text* but stop words; none if there are too many."""
    tokens = [token for token in TOKEN.findall(text[: WORDS_MAX * 64]) if read(token).terms]
    content = [token for token in tokens if clean(token).lower() not in stop_words()] or tokens
    return content if len(content) <= WORDS_MAX else []


def _having(word: _Terms, by_term: Mapping[str, Sequence[_Answered]]) -> list[_Answered]:
    return [answered for term in word for answered in by_term.get(term, ())]


def _are_same(words: Sequence[_Terms], others: Sequence[_Terms]) -> bool:
    """Return whether *words* and *others* are the same words, in any order."""
    left = list(others)
    for word in words:
        match = next((other for other in left if not word.isdisjoint(other)), None)
        if match is None:
            return False
        left.remove(match)
    return not left
