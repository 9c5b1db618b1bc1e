# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Finds and scores the documents that match a clause.

Words, phrases, and all or any of some words are found list by list; all other clauses as a tree.
"""

from libc.stdint cimport int32_t

from index.search.compiled cimport clauses
from index.search.compiled.clauses cimport Node
from index.search.compiled.matches cimport Matches
from index.search.compiled.leaves.open_words cimport docs_of_words, words_matching
from index.search.compiled.leaves.phrases cimport Positions, keep_phrase
from index.search.compiled.posting_lists cimport DecodedList, Segment, first_from, list_of_docs, union_of
from index.search.compiled.proximity cimport AdjacentWords, adjacent_words
from index.search.compiled.recent cimport RecentCache
from index.search.compiled.leaves.word_places cimport SegmentPlaces
from index.search.compiled.words cimport QueryWord, Words, score

from index.query import AllOf, AnyOf, Everything, Fuzzy, MostOf, Not, Phrase, Prefix, Related, Wildcard, Word
from index.search.compiled.clauses import AllNode, AnyNode, FoundNode, MostNode, NotNode, WordNode
from index.search.compiled.proximity import Texts

# The most words of a phrase or a run, each of which has a bit.
WORDS_MAX = 30
# The sizes of the caches of concepts, and of phrases and other leaves that are looked for in texts.
CONCEPTS_BYTES, LEAVES_BYTES = 32 << 20, 16 << 20


cdef class Planner:
    """Makes trees of clauses about so many *documents*, of which some are *live*."""

    def __init__(self, documents, live):
        self.documents, self.concepts = documents, RecentCache(CONCEPTS_BYTES)
        self.everything = FoundNode(list_of_docs(live), [], documents)
        self.everything.matches_all = True

    cdef QueryWord find_word(self, word):
        """Return a query word, wherever in a text it is."""
        raise NotImplementedError

    cdef Node plan_leaf(self, clause):
        """Return a phrase, a prefix, wildcard or fuzzy word, or a word of a part, with its documents."""
        raise NotImplementedError

    cdef Node plan(self, clause):
        cdef Py_ssize_t documents = self.documents
        cdef DecodedList live = self.everything.found
        kind = type(clause)
        if kind is Word and clause.part is None:
            return WordNode(self.find_word(clause), documents)
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

    cdef int score_tree(self, Node tree, Matches docs) except -1:
        """Set the scores of documents that match a tree."""
        return clauses.score(tree, docs)


cdef class Finder(Planner):
    """Finds what matches clauses in one generation."""

    def __init__(self, reader, weights, max_bytes):
        cdef Segment one
        super().__init__(reader.count, reader.live)
        self.words, self.leaves = Words(reader, weights, max_bytes), RecentCache(LEAVES_BYTES)
        self.last = None, None
        self.texts = [None if segment.postings.words is None else Texts(segment.postings.arrays, segment.count) for segment in reader.segments]
        self.bases = [segment.base for segment in reader.segments]
        self.positions = []
        for one in self.words.lists.segments:
            arrays, lists = one.reader.postings.arrays, one.terms.words
            self.positions.append(None if lists is None else Positions(arrays, lists))
        self.places = [
            positions and SegmentPlaces(positions, segment.postings.arrays.meta["holes"].get("word", []))
            for positions, segment in zip(self.positions, reader.segments)
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
        cdef list found = []
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
            found.append(self.words.find(one))
        return found

    cdef Node tree_of(self, clause):
        """Return a clause as a tree."""
        asked, tree = self.last
        if tree is None or asked != clause:
            tree = self.plan(clause)
            self.last = clause, tree
        return tree

    cdef Node plan_leaf(self, clause):
        node = self.leaves.find(clause)
        if node is None:
            node = self.leaves.keep(clause, self.find_leaf(clause))
        return node

    cdef QueryWord find_word(self, word):
        return self.words.find(word)

    cdef Node find_leaf(self, clause):
        cdef Matches found
        cdef QueryWord word
        kind = type(clause)
        if kind is Phrase:
            return self.find_phrase(clause)
        if kind is Prefix or kind is Wildcard or kind is Fuzzy:
            return self.find_open_word(clause)
        if kind is not Word:
            raise TypeError(f"{clause!r} is not a clause")
        word = self.words.find(clause)
        found = Matches(word.matching)
        self.keep_in_order([self.words_by_segment(word)], [clause.part], 0, None, found)
        return FoundNode(found.list(), [word], self.documents)

    cdef Node find_phrase(self, clause):
        cdef list words = [self.words.find(word) for word in clause.words]
        cdef list parts = [word.part for word in clause.words]
        cdef bint is_anywhere = clause.part is None and not any(parts)
        cdef Matches found
        if not words:
            return FoundNode(list_of_docs([]), [], self.documents)
        found = match_all(words)
        if is_anywhere and not clause.slop and len(words) <= WORDS_MAX:
            self.keep_adjacent(words, found)
        else:
            self.keep_in_order([self.words_by_segment(word) for word in words], parts, clause.slop, clause.part, found)
        return FoundNode(found.list(), words, self.documents)

    cdef Node find_open_word(self, clause):
        cdef list words = [words_matching(clause, segment) for segment in self.words.lists.segments]
        cdef Matches found = Matches(docs_of_words(self.words.lists, words, self.documents))
        if clause.part is not None:
            self.keep_in_order([words], [clause.part], 0, None, found)
        return FoundNode(found.list(), [], self.documents)

    cdef Matches match(self, clause, list words):
        """Return the documents that match, not scored yet."""
        cdef Matches found
        if type(clause) is AnyOf:
            return Matches(union_of([(<QueryWord>one).matching for one in words]))
        found = match_all(words)
        if type(clause) is Phrase:
            self.keep_adjacent(words, found)
        return found

    cdef void score_lists(self, clause, list words, Matches docs) except *:
        """Set the scores of the documents."""
        is_any = type(clause) is AnyOf
        ordered = sorted(words, key=most_of if is_any else size_of, reverse=is_any)
        score(ordered, docs.whole if docs.count == docs.whole.count else None, docs.docs, docs.count, docs.scores)

    cdef void keep_adjacent(self, list words, Matches found) except *:
        """Keep the documents that have the words of a phrase one after another."""
        cdef Segment segment
        cdef Py_ssize_t first = 0, end, kept = 0
        cdef int rarest = words.index(min(words, key=size_of))
        if len(words) == 1:
            return
        for number, segment in enumerate(self.words.lists.segments):
            end = first_from(found.docs, found.count, first, <int32_t>(segment.base + segment.count))
            if end > first:
                kept += keep_phrase(
                    self.positions[number], [self.words.words_in(word, number) for word in words], rarest,
                    found.docs, first, end - first, <int32_t>segment.base, kept,
                )
            first = end
        found.count = kept

    cdef void keep_in_order(self, list words, list parts, slop, part, Matches found) except *:
        """Keep the documents that have some words in order, with at most *slop* others between, each in its part, and all in *part*.

        *words* has, for each word, those of each segment that match it.
        """
        cdef Segment segment
        cdef SegmentPlaces places
        cdef Py_ssize_t first = 0, end, kept = 0
        for number, segment in enumerate(self.words.lists.segments):
            end = first_from(found.docs, found.count, first, <int32_t>(segment.base + segment.count))
            if end > first:
                places = self.places[number]
                kept += places.keep_in_order(
                    [some[number] for some in words], parts, slop, part,
                    found.docs, first, end - first, <int32_t>segment.base, kept,
                )
            first = end
        found.count = kept

    cdef list words_by_segment(self, QueryWord word):
        """Return the words of each segment that match a query word."""
        return [self.words.words_in(word, row) for row in range(len(self.bases))]

    cdef AdjacentWords adjacent(self, run):
        """Return what looks for adjacent words of a run."""
        words = [self.words_by_segment(self.words.find(word)) for word in run]
        return adjacent_words(self.texts, self.bases, words, [word.part for word in run])


cdef Matches match_all(list words):
    """Return the documents that match all of some words."""
    cdef QueryWord word
    cdef list rarest_first = sorted(words, key=size_of)
    cdef Matches found = Matches((<QueryWord>rarest_first[0]).matching)
    for word in rarest_first[1:]:
        found.intersect(word.matching)
    return found


cdef bint has_any(DecodedList found, list docs, int32_t base):
    """Return whether any of *docs* of a segment is in a list."""
    cdef Py_ssize_t row
    for doc in docs:
        row = found.first_from(0, <int32_t>doc + base)
        if row < found.count and found.docs[row] == <int32_t>doc + base:
            return True
    return False


cdef list find_runs(clause):
    """Return each run of adjacent words of which neighbours raise a score.

    Runs are cut where they have more than WORDS_MAX words, each of which needs a bit; the next begins with the same word.
    """
    cdef list runs = [], run = []
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
        runs += find_runs(one)
    return [some for some in (*runs, run) if len(some) > 1]


def size_of(QueryWord word):
    """Return an upper estimate of the number of documents of a word."""
    return word.size


def most_of(QueryWord word):
    """Return the largest score of a word."""
    return word.most
