"""Finds and scores documents by posting lists that are given, as those of hits from elsewhere."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.query import Clause, Phrase, Word
from index.search.compiled import clauses, matches, posting_lists
from index.search.compiled.clauses import FoundNode, Node
from index.search.compiled.finder import Planner
from index.search.compiled.matches import Matches
from index.search.compiled.words import Norms, QueryWord, ScoredTerm
from index.search.phrases import find_phrase
from index.search.posting_list import PostingList
from index.search.segment_reader import terms_of
from index.search.top_k import Scores
from index.segment.doc_lists import Docs

if TYPE_CHECKING:
    from index.search.index_reader import IndexReader

# A field, and its terms with the weight of each.
WeighedField = tuple[str, Sequence[tuple[PostingList, float]]]


class ListFinder(Planner):
    """Finds and scores the documents of *reader* for one thread; *weights* are those of the fields.

    *reader* has the posting lists, their positions and the lengths of texts.
    """

    def __init__(self, reader: "IndexReader", weights: Mapping[str, float]) -> None:
        super().__init__(reader.count, reader.live)
        self.reader, self.weights = reader, weights
        self.words: dict[Word, QueryWord] = {}

    def matching(self, clause: Clause) -> Docs:
        """Return the documents that match a clause, ascending."""
        return Matches(self.plan(clause).find()).array()

    def scores(self, clause: Clause, docs: Docs) -> Scores:
        """Return the scores of *docs*, which ascend and match, without boosts."""
        found = Matches(posting_lists.list_of_docs(docs))
        clauses.score(self.plan(clause), found)
        return found.score_array()

    def find_word(self, word: Word) -> QueryWord:
        """Return a query word, wherever in a text it is."""
        found = self.words.get(word)
        if found is None:
            found = self.words[word] = self.look_up(word)
        return found

    def look_up(self, word: Word) -> QueryWord:
        """Look a word up."""
        found, terms = QueryWord(), terms_of(word)
        lists = [posting_lists.list_of_postings(self.reader.term(*term)) for term in terms]
        found.matching, found.size = posting_lists.union_of(lists), sum([len(one) for one in lists])
        found.has_only_matching = terms == terms_of(word, stems=True)
        if word.scored and self.documents:
            self.set_terms(found, self.weigh(word))
        return found

    def weigh(self, word: Word) -> list[WeighedField]:
        """Return what scores a word in each field."""
        return [
            (field, self.reader.weigh_terms(field, texts, word, self.weights[field] * word.weight))
            for field, texts in (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact))
            if texts and self.weights.get(field)
        ]

    def set_terms(self, found: QueryWord, fields: list[WeighedField]) -> int:
        """Set what scores a word; of a field, its best term does."""
        for field, terms in fields:
            norms, most = Norms(self.reader.norms(field, np.float64)), 0.0
            for number, (postings, weight) in enumerate(terms):
                one, highest = (
                    posting_lists.list_of_postings(postings),
                    self.reader.max_score(postings, weight),
                )
                found.terms.append(ScoredTerm(one, norms, highest, number < len(terms) - 1))
                most = max(most, highest)
            found.most += most
        return 0

    def plan_leaf(self, clause: Clause) -> Node:
        """Return a phrase, or a word of a part, with its documents."""
        phrase = Phrase(words=(clause,)) if isinstance(clause, Word) else clause
        if not isinstance(phrase, Phrase):
            raise TypeError(f"{clause!r} is not a clause")
        if not phrase.words:
            return FoundNode(posting_lists.list_of_docs([]), [], self.documents)
        words = [self.find_word(word) for word in phrase.words]
        docs = matches.match_all(words).array()
        rows = find_phrase(phrase, Places(self.reader, docs)).rows
        return FoundNode(posting_lists.list_of_docs(docs[np.unique(rows)]), words, self.documents)


class Places:
    """Where words are in some documents: returns the rows and positions of a word."""

    def __init__(self, reader: "IndexReader", docs: Docs) -> None:
        self.reader, self.docs = reader, docs

    def __call__(self, word: Word) -> tuple[Docs, Docs]:
        """Return where a word is."""
        return self.reader.positions(terms_of(word), self.docs)
