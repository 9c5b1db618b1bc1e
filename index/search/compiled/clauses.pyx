# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The clauses of a query as a tree: each node finds the documents that match it, and adds its scores to those of candidates.

Sets of documents are combined as bits. A node looks its documents up once; those of a concept's words are kept
for later queries.
"""

from libc.stdint cimport int32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

from index.compiled.doc_bits cimport keep_docs, mark_all, mark_docs, new_bits
from index.search.compiled.posting_lists cimport DecodedList, first_from, list_of_bits
from index.search.compiled.words cimport QueryWord, Term

from index import deadline
from index.search.ranking import COVERAGE_POWER

# Candidates from which on a table of the rows of documents pays, and postings for each candidate up to which
# all of a list are looked up in it.
cdef Py_ssize_t MANY = 64, DENSE = 16
NODE_BYTES = 500


cdef class Candidates:
    """Ascending documents to be scored."""

    def __dealloc__(self):
        free(self.row_of)
        free(self.best)


cdef Candidates candidates_of(const int32_t* docs, Py_ssize_t count, Py_ssize_t documents):
    """Return candidates; *docs* must outlive them."""
    cdef Candidates made = Candidates()
    cdef Py_ssize_t row
    made.docs, made.count = docs, count
    made.best = <double*>calloc(count + 1, 8)
    if made.best == NULL:
        raise MemoryError
    if count >= MANY:
        made.row_of = <int32_t*>calloc(documents, 4)
        if made.row_of == NULL:
            raise MemoryError
        for row in range(count):
            made.row_of[docs[row]] = <int32_t>row + 1
    return made


cdef class Node:
    """A clause; ``size`` is an upper estimate of its documents.

    ``is_exact`` says that it adds nothing to the score of a document that does not match.
    """

    cdef DecodedList find(self):
        """Return the documents that match."""
        if self.found is None:
            deadline.check()
            self.found = self.look_up()
        return self.found

    cdef DecodedList look_up(self):
        cdef uint64_t* bits = new_bits(self.documents)
        try:
            self.mark(bits)
            return list_of_bits(bits, self.documents)
        finally:
            free(bits)

    cdef int mark(self, uint64_t* bits) except -1:
        """Add the documents that match to a set."""
        cdef DecodedList found = self.find()
        mark_docs(bits, found.docs, found.count)
        return 0

    cdef int add(self, Candidates to, double* scores) except -1:
        """Add the scores of candidates that match; also of others, if the clause is not exact."""
        return 0


cdef class WordNode(Node):
    """A word anywhere in a text."""

    def __init__(self, QueryWord word, documents):
        self.word, self.documents = word, documents
        self.size, self.found, self.is_exact = word.size, word.matching, word.has_only_matching
        self.most = word.most

    cdef int add(self, Candidates to, double* scores) except -1:
        add_word(self.word, to, scores)
        return 0


cdef class FoundNode(Node):
    """Documents that were found before, which score by *words*."""

    def __init__(self, DecodedList found, list words, documents):
        self.found, self.words, self.documents = found, words, documents
        self.size, self.is_exact = found.count, not words
        self.most = sum([(<QueryWord>word).most for word in words])

    @property
    def nbytes(self):
        """The approximate size of the clause in bytes, if it is kept."""
        return NODE_BYTES + self.found.nbytes + sum([(<QueryWord>word).nbytes for word in self.words])

    cdef int add(self, Candidates to, double* scores) except -1:
        for word in self.words:
            add_word(word, to, scores)
        return 0


cdef class AllNode(Node):
    """All of the clauses *required*, and none of those *excluded*."""

    def __init__(self, list required, list excluded, DecodedList live, documents):
        self.required, self.excluded = sorted(required, key=size_of), excluded
        self.live, self.documents = live, documents
        self.size = min([clause.size for clause in required], default=live.count)
        self.most = sum([(<Node>clause).most for clause in required])
        self.matches_all = not excluded and all([(<Node>clause).matches_all for clause in required])

    cdef DecodedList look_up(self):
        cdef DecodedList found = None
        cdef Node clause
        for clause in self.required:
            if not clause.matches_all:
                found = clause.find() if found is None else those_in(clause, found, True)
                if not found.count:
                    return found
        if found is None:
            found = self.live
        for clause in self.excluded:
            found = those_in(clause, found, False)
        return found

    cdef int add(self, Candidates to, double* scores) except -1:
        cdef Node clause
        for clause in self.required:
            clause.add(to, scores)
        return 0


cdef class AnyNode(Node):
    """Any of the clauses; with *is_kept*, the documents are kept as bits for other queries."""

    def __init__(self, list clauses, documents, *, is_kept=False):
        self.clauses, self.documents, self.is_kept = clauses, documents, is_kept
        self.size = sum([(<Node>clause).size for clause in clauses])
        self.most = sum([(<Node>clause).most for clause in clauses])
        self.matches_all = any([(<Node>clause).matches_all for clause in clauses])
        self.is_exact = all([(<Node>clause).is_exact for clause in clauses])

    def __dealloc__(self):
        free(self.bits)

    @property
    def nbytes(self):
        """The approximate size of a kept clause in bytes."""
        return NODE_BYTES * (1 + len(self.clauses)) + self.documents // 8 + 4 * self.size

    cdef int mark(self, uint64_t* bits) except -1:
        cdef Node clause
        cdef uint64_t* mine
        deadline.check()
        if self.is_kept and self.bits == NULL:
            mine = new_bits(self.documents)
            try:
                for clause in self.clauses:
                    clause.mark(mine)
                if self.bits == NULL:  # another thread may have been faster
                    self.bits, mine = mine, NULL
            finally:
                free(mine)
        if self.bits != NULL:
            mark_all(bits, self.bits, self.documents)
            return 0
        for clause in self.clauses:
            clause.mark(bits)
        return 0

    cdef int add(self, Candidates to, double* scores) except -1:
        cdef Node clause
        for clause in self.clauses:
            self.add_clause(clause, to, scores)
        return 0

    cdef int add_clause(self, Node clause, Candidates to, double* scores) except -1:
        """Add the scores of a clause that some candidates may not match; a word's stem scores even then."""
        if clause.is_exact or isinstance(clause, WordNode):
            return clause.add(to, scores)
        return add_where_found(clause, to, scores)


cdef class MostNode(AnyNode):
    """About as many of the clauses as the best document has: at most *missing_max* fewer."""

    def __init__(self, list clauses, documents, missing_max):
        super().__init__(clauses, documents)
        self.missing_max, self.matches_all, self.is_exact = missing_max, False, True

    cdef DecodedList look_up(self):
        cdef DecodedList found, mine
        cdef Node clause
        cdef int32_t* counts = <int32_t*>calloc(self.documents + 1, 4)
        cdef uint64_t* bits = NULL
        cdef int32_t most = 0
        cdef Py_ssize_t i, kept = 0
        if counts == NULL:
            raise MemoryError
        try:
            bits = new_bits(self.documents)
            for clause in self.clauses:
                mine = clause.find()
                mark_docs(bits, mine.docs, mine.count)
                for i in range(mine.count):
                    counts[mine.docs[i]] += 1
            found = list_of_bits(bits, self.documents)
            found.frequencies = <float*>malloc(4 * (found.count + 1))
            if found.frequencies == NULL:
                raise MemoryError
            found.has_frequencies = True
            for i in range(found.count):
                most = max(most, counts[found.docs[i]])
            most = max(1, most - <int32_t>self.missing_max)
            for i in range(found.count):
                found.docs[kept], found.frequencies[kept] = found.docs[i], counts[found.docs[i]]
                kept += found.frequencies[kept] >= most
            found.count = kept
            return found
        finally:
            free(counts)
            free(bits)

    cdef int mark(self, uint64_t* bits) except -1:
        return Node.mark(self, bits)

    cdef int add(self, Candidates to, double* scores) except -1:
        cdef DecodedList found = self.find()
        cdef Py_ssize_t row, place = 0
        cdef double power = COVERAGE_POWER, count = len(self.clauses)
        cdef double* mine = <double*>calloc(to.count + 1, 8)
        if mine == NULL:
            raise MemoryError
        try:
            AnyNode.add(self, to, mine)
            for row in range(to.count):
                place = found.first_from(place, to.docs[row])
                if place < found.count and found.docs[place] == to.docs[row]:
                    scores[row] += mine[row] * (found.frequencies[place] / count) ** power
        finally:
            free(mine)
        return 0


cdef class NotNode(Node):
    """All documents but those of a clause."""

    def __init__(self, Node clause, DecodedList live, documents):
        self.clause, self.live, self.documents = clause, live, documents
        self.size, self.is_exact = live.count, True

    cdef DecodedList look_up(self):
        return those_in(self.clause, self.live, False)


def size_of(Node clause):
    """Return an upper estimate of the number of documents of a clause."""
    return clause.size


cdef DecodedList those_in(Node clause, DecodedList docs, bint are_wanted):
    """Return those of *docs* that match *clause*, or do not."""
    cdef DecodedList kept = DecodedList(), other = clause.found
    cdef uint64_t* bits = NULL
    cdef Py_ssize_t i, place = 0
    cdef bint is_in
    kept.docs = <int32_t*>malloc(4 * (docs.count + 1))
    if kept.docs == NULL:
        raise MemoryError
    if other is not None and other.count > DENSE * docs.count:
        for i in range(docs.count):
            place = other.first_from(place, docs.docs[i])
            is_in = place < other.count and other.docs[place] == docs.docs[i]
            kept.docs[kept.count] = docs.docs[i]
            kept.count += is_in == are_wanted
        return kept
    bits = new_bits(clause.documents)
    try:
        clause.mark(bits)
        kept.count = keep_docs(bits, are_wanted, docs.docs, docs.count, kept.docs)
        return kept
    finally:
        free(bits)


cdef int add_where_found(Node clause, Candidates to, double* scores) except -1:
    """Add the scores of *clause* in the candidates that match it."""
    cdef DecodedList found = clause.find()
    cdef Py_ssize_t i, row = 0, count = 0
    cdef int32_t* docs = <int32_t*>malloc(4 * (found.count + 1))
    cdef int32_t* rows = <int32_t*>malloc(4 * (found.count + 1))
    cdef double* mine = NULL
    try:
        if docs == NULL or rows == NULL:
            raise MemoryError
        for i in range(found.count):
            if to.row_of != NULL:
                row = to.row_of[found.docs[i]] - 1
            else:
                row = first_from(to.docs, to.count, row, found.docs[i])
                if row == to.count:
                    break
                if to.docs[row] != found.docs[i]:
                    continue
            docs[count], rows[count] = found.docs[i], <int32_t>row
            count += row >= 0
        mine = <double*>calloc(count + 1, 8)
        if mine == NULL:
            raise MemoryError
        clause.add(candidates_of(docs, count, clause.documents), mine)
        for i in range(count):
            scores[rows[i]] += mine[i]
    finally:
        free(docs)
        free(rows)
        free(mine)
    return 0


cdef int add_word(QueryWord word, Candidates to, double* scores) except -1:
    """Add the scores of a word: in each field, of its best term."""
    cdef Term term
    cdef Py_ssize_t row
    cdef bint is_alternative = False
    for term in word.terms:
        if not (term.is_alternative or is_alternative):
            add_term(term, to, scores, False)
            continue
        add_term(term, to, to.best, True)
        is_alternative = term.is_alternative
        if not is_alternative:
            for row in range(to.count):
                scores[row] += to.best[row]
                to.best[row] = 0
    return 0


cdef void add_term(Term term, Candidates to, double* sums, bint is_best) noexcept:
    """Add the scores of a term, or keep those that are better."""
    cdef Py_ssize_t i, row, place = 0, end
    if not to.count:
        return
    if to.row_of == NULL or term.list.count > DENSE * to.count:
        for row in range(to.count):
            place = term.list.first_from(place, to.docs[row])
            if place == term.list.count:
                return
            if term.list.docs[place] == to.docs[row]:
                add_score(term, place, &sums[row], is_best)
        return
    place = term.list.first_from(0, to.docs[0])
    end = term.list.first_from(place, to.docs[to.count - 1] + 1)
    for i in range(place, end):
        row = to.row_of[term.list.docs[i]]
        if row:
            add_score(term, i, &sums[row - 1], is_best)


cdef inline void add_score(Term term, Py_ssize_t place, double* total, bint is_best) noexcept:
    cdef double frequency = term.list.frequencies[place]
    cdef double value = frequency / (frequency + term.norms[term.list.docs[place]]) * term.most
    total[0] = max(total[0], value) if is_best else total[0] + value
