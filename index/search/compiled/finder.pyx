# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Finds and scores the documents that match a clause.

Words, phrases, and all or any of some words are found list by list; all other clauses as a tree.
"""

from libc.stdint cimport int32_t
from libc.string cimport memset

from index.search.compiled.clauses cimport Node, candidates_of
from index.search.compiled.matches cimport Matches
from index.search.compiled.phrases cimport Positions, keep_phrase
from index.search.compiled.posting_lists cimport DecodedList, Segment, first_from, list_of_docs, union_of
from index.search.compiled.proximity cimport AdjacentWords
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.words cimport TERMS_MAX, QueryWord, Words, score

from index.query import AllOf, AnyOf, Everything, MostOf, Not, Phrase, Related, Word
from index.search.compiled.clauses import AllNode, AnyNode, FoundNode, MostNode, NotNode, WordNode
from index.search.compiled.phrases import Positions
from index.search.compiled.proximity import AdjacentWords, Texts
from index.search.compiled.recent import RecentCache
from index.search.compiled.words import Words

# The most words of a phrase or a run, each of which has a bit.
WORDS_MAX = 30
# The size of the cache of concepts.
CONCEPTS_BYTES = 32 << 20


cdef class Finder:
    """Finds what matches clauses in one generation; *evaluator* finds rare leaves of a tree in Python."""

    def __init__(self, reader, evaluator, weights, max_bytes):
        self.evaluator, self.documents = evaluator, reader.count
        self.words, self.concepts = Words(reader, weights, max_bytes), RecentCache(CONCEPTS_BYTES)
        self.last = None, None
        self.everything = FoundNode(list_of_docs(reader.live), [], self.documents)
        self.everything.matches_all = True
        self.texts = [None if segment.postings.words is None else Texts(segment) for segment in reader.segments]
        self.bases = [segment.base for segment in reader.segments]
        self.positions = [
            None if segment.reader.postings.words is None else Positions(segment)
            for segment in self.words.lists.segments
        ]

    cdef Matches find(self, clause):
        """Return the documents that match a clause, not scored yet."""
        cdef list words = self.find_words(clause)
        return Matches(self.tree_of(clause).find()) if words is None else self.match(clause, words)

    cdef int score(self, clause, Matches docs) except -1:
        """Set the scores of documents that match a clause."""
        cdef list words = self.find_words(clause)
        if words is None:
            return self.score_tree(self.tree_of(clause), docs)
        self.score_lists(clause, words, docs)
        return 0

    cdef list known_words(self, word, Py_ssize_t base, list docs):
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        They ascend. None if the query word was not searched lately.
        """
        cdef QueryWord found = self.words.cache.find(word)
        if found is None:
            return None
        if not has_any(found.matching, docs, <int32_t>base):
            return []
        return self.words.words_in(found, self.bases.index(base))

    cdef list find_words(self, clause):
        """Return the words of a clause, None if it is more than some words."""
        cdef QueryWord word
        cdef list found = []
        cdef int terms = 0
        kind = type(clause)
        if kind is Word:
            words = (clause,)
        elif kind is AllOf or kind is AnyOf:
            words = clause.clauses
        elif kind is Phrase and not clause.slop and clause.part is None:
            words = clause.words
        else:
            return None
        if not 0 < len(words) <= WORDS_MAX:
            return None
        for one in words:
            if type(one) is not Word or one.part is not None:
                return None
            word = self.words.find(one)
            terms += word.count
            found.append(word)
        return found if terms <= TERMS_MAX else None

    cdef Node tree_of(self, clause):
        """Return a clause as a tree."""
        asked, tree = self.last
        if tree is None or asked != clause:
            tree = self.plan(clause)
            self.last = clause, tree
        return tree

    cdef Node plan(self, clause):
        cdef Py_ssize_t documents = self.documents
        cdef DecodedList live = self.everything.found
        kind = type(clause)
        if kind is Word and clause.part is None:
            return WordNode(self.words.find(clause), documents)
        if kind is AllOf:
            required = [self.plan(one) for one in clause.clauses if type(one) is not Not]
            excluded = [self.plan(one.clause) for one in clause.clauses if type(one) is Not]
            return AllNode(required, excluded, live, documents)
        if kind is AnyOf:
            return AnyNode([self.plan(one) for one in clause.clauses], documents)
        if kind is Related:
            return self.plan_concept(clause)
        if kind is MostOf:
            return MostNode([self.plan(one) for one in clause.clauses], documents, clause.missing_max)
        if kind is Not:
            return NotNode(self.plan(clause.clause), live, documents)
        if kind is Everything:
            return self.everything
        return self.plan_leaf(clause)

    cdef Node plan_concept(self, clause):
        node = self.concepts.find(clause)
        if node is None:
            node = AnyNode([self.plan(one) for one in clause.clauses], self.documents, is_kept=True)
            node = self.concepts.keep(clause, node)
        return node

    cdef Node plan_leaf(self, clause):
        """Return a phrase; or else a prefix, wildcard or fuzzy word, or a word of a part, which NumPy finds."""
        cdef Matches docs
        cdef list words = []
        if type(clause) is Phrase:
            words = self.find_words(clause)
            if words is not None:
                docs = self.match(clause, words)
                return FoundNode(docs.list(), words, self.documents)
            words = [self.words.find(word) for word in clause.words]
        elif type(clause) is Word:
            words = [self.words.find(clause)]
        found = list_of_docs(self.evaluator.match(clause).docs)
        return FoundNode(found, words, self.documents)

    cdef Matches match(self, clause, list words):
        """Return the documents that match, not scored yet."""
        cdef QueryWord word
        cdef Matches found
        cdef list rarest_first
        if type(clause) is AnyOf:
            found = Matches(union_of([(<QueryWord>one).matching for one in words]))
        else:
            rarest_first = sorted(words, key=size_of)
            found = Matches((<QueryWord>rarest_first[0]).matching)
            for word in rarest_first[1:]:
                found.intersect(word.matching)
        if type(clause) is Phrase and len(words) > 1:
            self.keep_adjacent(words, found)
        return found

    cdef void score_lists(self, clause, list words, Matches docs) except *:
        """Set the scores of the documents; their sums are in the order in which the modules in Python add."""
        is_any = type(clause) is AnyOf
        ordered = sorted(words, key=most_of if is_any else size_of, reverse=is_any)
        # If the documents are those of a list itself, nothing is looked up.
        score(ordered, docs.whole.docs if docs.count == docs.whole.count else docs.docs, docs.count, docs.scores)

    cdef int score_tree(self, Node tree, Matches docs) except -1:
        """Set the scores of documents that match a tree."""
        memset(docs.scores, 0, 8 * docs.count)
        return tree.add(candidates_of(docs.docs, docs.count, self.documents), docs.scores)

    cdef void keep_adjacent(self, list words, Matches found) except *:
        """Keep the documents that have the words of a phrase one after another."""
        cdef Segment segment
        cdef Py_ssize_t first = 0, end, kept = 0
        cdef int rarest = words.index(min(words, key=size_of))
        for number, segment in enumerate(self.words.lists.segments):
            end = first_from(found.docs, found.count, first, <int32_t>(segment.base + segment.count))
            if end > first:
                kept += keep_phrase(
                    self.positions[number], [self.words.words_in(word, number) for word in words], rarest,
                    found.docs + first, end - first, <int32_t>segment.base, found.docs + kept,
                )
            first = end
        found.count = kept

    cdef AdjacentWords adjacent(self, run):
        """Return what looks for adjacent words of a run."""
        words = [self.words.find(word) for word in run]
        return AdjacentWords(
            self.texts, self.bases, [[self.words.words_in(word, row) for row in range(len(self.bases))] for word in words]
        )

cdef bint has_any(DecodedList found, list docs, int32_t base):
    """Return whether any of *docs* of a segment is in a list."""
    cdef Py_ssize_t row
    for doc in docs:
        row = first_from(found.docs, found.count, 0, <int32_t>doc + base)
        if row < found.count and found.docs[row] == <int32_t>doc + base:
            return True
    return False


cdef list find_runs(clause):
    """Return each run of adjacent words of which neighbours raise a score; None if NumPy must look for them.

    Runs are cut where they have more than WORDS_MAX words, each of which needs a bit; the next begins with the same word.
    """
    cdef list runs = [], inner, run = []
    kind = type(clause)
    if kind is not AllOf and kind is not MostOf:
        return runs
    for one in clause.clauses:
        if type(one) is Word:
            if len(run) == WORDS_MAX:
                runs.append(run)
                run = run[WORDS_MAX - 1 :]
            run.append(one)
            continue
        runs.append(run)
        run = []
        inner = find_runs(one)
        if inner is None:
            return None
        runs += inner
    runs = [some for some in (*runs, run) if len(some) > 1]
    return None if any([word.part is not None for some in runs for word in some]) else runs


def size_of(QueryWord word):
    """Return an upper estimate of the number of documents of a word."""
    return word.size


def most_of(QueryWord word):
    """Return the largest score of a word."""
    return word.most
