# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Finds and scores documents by posting lists that are given, as those of hits from elsewhere."""

import numpy as np

from index.search.compiled cimport clauses
from index.search.compiled.clauses cimport Node
from index.search.compiled.finder cimport Planner, match_all
from index.search.compiled.matches cimport Matches
from index.search.compiled.posting_lists cimport list_of_docs, list_of_postings, union_of
from index.search.compiled.words cimport Norms, QueryWord, ScoredTerm

from index.query import Phrase, Word
from index.search.compiled.clauses import FoundNode
from index.search.phrases import find_phrase
from index.search.segment_reader import terms_of


cdef class ListFinder(Planner):
    """Finds and scores the documents of *reader* for one thread; *weights* are those of the fields."""

    cdef object reader, weights
    cdef dict words

    def __init__(self, reader, weights):
        super().__init__(reader.count, reader.live)
        self.reader, self.weights, self.words = reader, weights, {}

    def matching(self, clause):
        """Return the documents that match a clause, ascending."""
        return Matches(self.plan(clause).find()).array()

    def scores(self, clause, docs):
        """Return the scores of *docs*, which ascend and match, without boosts."""
        cdef Matches found = Matches(list_of_docs(docs))
        clauses.score(self.plan(clause), found)
        return found.score_array()

    cdef QueryWord find_word(self, word):
        found = self.words.get(word)
        if found is None:
            found = self.words[word] = self.look_up(word)
        return found

    cdef QueryWord look_up(self, word):
        cdef QueryWord found = QueryWord()
        cdef list lists = [list_of_postings(self.reader.term(*term)) for term in terms_of(word)]
        found.matching, found.size = union_of(lists), sum(map(len, lists))
        found.has_only_matching = terms_of(word) == terms_of(word, stems=True)
        if word.scored and self.documents:
            self.set_terms(found, word)
        return found

    cdef void set_terms(self, QueryWord found, word) except *:
        cdef ScoredTerm term
        cdef Norms norms
        cdef double most
        fields = [
            (field, self.reader.weigh_terms(field, texts, word, self.weights[field] * word.weight))
            for field, texts in (("lemma", word.lemma), ("stem", word.stem), ("exact", word.exact))
            if texts and self.weights.get(field)
        ]
        for field, terms in fields:
            norms = Norms(self.reader.norms(field, np.float64))
            most = 0
            for number, (postings, weight) in enumerate(terms):
                one, highest = list_of_postings(postings), self.reader.max_score(postings, weight)
                term = ScoredTerm(one, norms, highest, number < len(terms) - 1)
                found.kept.append(one)
                found.terms.append(term)
                most = max(most, term.most)
            found.most += most

    cdef Node plan_leaf(self, clause):
        cdef Matches found
        phrase = Phrase(words=(clause,)) if type(clause) is Word else clause
        if type(phrase) is not Phrase:
            raise TypeError(f"{clause!r} is not a clause")
        if not phrase.words:
            return FoundNode(list_of_docs([]), [], self.documents)
        words = [self.find_word(word) for word in phrase.words]
        found = match_all(words)
        docs = found.array()
        rows = find_phrase(phrase, Places(self.reader, docs)).rows
        return FoundNode(list_of_docs(docs[np.unique(rows)]), words, self.documents)


class Places:
    """Where words are in some documents: returns the rows and positions of a word."""

    def __init__(self, reader, docs):
        self.reader, self.docs = reader, docs

    def __call__(self, word):
        return self.reader.positions(terms_of(word), self.docs)
