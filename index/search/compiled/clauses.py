"""The clauses of a query as a tree: each node finds its documents, and adds its scores to candidates.

Sets of documents are combined as bits. A node looks its documents up once; those of concepts are kept.
"""

from collections.abc import Sequence
from typing import Any

from index import deadline
from index.compiled import doc_bits, memory
from index.search.compiled import posting_lists
from index.search.compiled.matches import Matches
from index.search.compiled.posting_lists import DecodedList
from index.search.compiled.words import QueryWord, ScoredTerm
from index.search.ranking import COVERAGE_POWER

# Candidates from which on a table of the rows of documents pays, and postings for each candidate up to which
# all of a list are looked up in it.
MANY, DENSE = 64, 16
NODE_BYTES = 500


class Candidates:
    """Ascending documents to be scored; *docs* must outlive them, and *documents* are all of the index."""

    row_of: memoryview
    best: "memoryview[Any]"

    def __dealloc__(self) -> None:
        memory.release(self.row_of)
        memory.release(self.best)

    def take(self, docs: memoryview, count: int, documents: int) -> int:
        """Take documents."""
        self.docs, self.count, self.has_rows = docs, count, count >= MANY
        self.best = memory.new_doubles(count)
        if self.has_rows:
            self.row_of = memory.new_ints(documents)
            for row in range(count):
                self.row_of[docs[row]] = row + 1
        return 0


class Node:
    """A clause about an index of *documents*; ``size`` is an upper estimate of those that match.

    ``is_exact`` says that it adds nothing to the score of a document that does not match, and ``matches_all``
    that all documents match.
    """

    def __init__(self, documents: int, size: int) -> None:
        self.documents, self.size = documents, size
        self.matches_all = self.is_exact = False
        self.found: DecodedList | None = None

    def find(self) -> DecodedList:
        """Return the documents that match."""
        if self.found is None:
            deadline.check()
            self.found = self.look_up()
        return self.found

    def look_up(self) -> DecodedList:
        """Return the documents that match, newly looked up."""
        bits = doc_bits.new_bits(self.documents)
        try:
            self.mark(bits)
            return posting_lists.list_of_bits(bits, self.documents)
        finally:
            memory.release(bits)

    def mark(self, bits: memoryview) -> int:
        """Add the documents that match to a set."""
        found = self.find()
        doc_bits.mark_docs(bits, found.docs, found.count)
        return 0

    def add(self, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of candidates that match; also of others, if the clause is not exact."""
        return 0


class WordNode(Node):
    """A word anywhere in a text."""

    def __init__(self, word: QueryWord, documents: int) -> None:
        super().__init__(documents, word.size)
        self.word = word
        self.found, self.is_exact = self.word.matching, self.word.has_only_matching

    def add(self, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of candidates that match."""
        return add_word(self.word, to, scores)


class FoundNode(Node):
    """Documents that were found before, which score by *words*."""

    def __init__(self, found: DecodedList, words: list[QueryWord], documents: int) -> None:
        super().__init__(documents, found.count)
        self.found, self.words, self.is_exact = found, words, not words

    @property
    def nbytes(self) -> int:
        """The approximate size of the clause in bytes, if it is kept."""
        return NODE_BYTES + self.find().nbytes + sum([word.nbytes for word in self.words])

    def add(self, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of candidates that match."""
        for word in self.words:
            add_word(word, to, scores)
        return 0


class AllNode(Node):
    """All of the clauses *required*, and none of those *excluded*."""

    def __init__(
        self, required: Sequence[Node], excluded: list[Node], live: DecodedList, documents: int
    ) -> None:
        size = min([clause.size for clause in required], default=live.count)
        super().__init__(documents, size)
        self.required, self.excluded, self.live = sorted(required, key=size_of), excluded, live
        self.matches_all = not excluded and all(clause.matches_all for clause in required)

    def look_up(self) -> DecodedList:
        """Return the documents that match, newly looked up."""
        found = None
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

    def add(self, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of candidates that match."""
        for clause in self.required:
            clause.add(to, scores)
        return 0


class AnyNode(Node):
    """Any of the clauses, if *is_scored* with a score; with *is_kept*, the documents are kept as bits."""

    bits: memoryview

    def __init__(
        self, clauses: list[Node], documents: int, *, is_kept: bool = False, is_scored: bool = True
    ) -> None:
        super().__init__(documents, sum([clause.size for clause in clauses]))
        self.clauses, self.is_kept, self.has_bits, self.is_scored = clauses, is_kept, False, is_scored
        self.parts = clauses  # in the order of the query, also those that nothing matches
        self.matches_all = any(clause.matches_all for clause in clauses)
        self.is_exact = not is_scored or all(clause.is_exact for clause in clauses)

    def __dealloc__(self) -> None:
        memory.release(self.bits)

    @property
    def nbytes(self) -> int:
        """The approximate size of a kept clause in bytes."""
        return NODE_BYTES * (1 + len(self.clauses)) + self.documents // 8 + 4 * self.size

    def mark(self, bits: memoryview) -> int:
        """Add the documents that match to a set."""
        deadline.check()
        if self.is_kept and not self.has_bits:
            self.keep_bits()
        if self.has_bits:
            doc_bits.mark_all(bits, self.bits, self.documents)
            return 0
        for clause in self.clauses:
            clause.mark(bits)
        return 0

    def keep_bits(self) -> int:
        """Keep the documents as bits."""
        bits = doc_bits.new_bits(self.documents)
        try:
            for clause in self.clauses:
                clause.mark(bits)
        except BaseException:
            memory.release(bits)
            raise
        if self.has_bits:  # another thread was faster
            memory.release(bits)
        else:
            self.bits, self.has_bits = bits, True
        return 0

    def add(self, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of candidates that match."""
        for clause in self.clauses if self.is_scored else ():
            self.add_clause(clause, to, scores)
        return 0

    def add_clause(self, clause: Node, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of a clause that some candidates may not match; a word's stem scores even then."""
        is_added = clause.is_exact or isinstance(clause, WordNode)
        return clause.add(to, scores) if is_added else add_where_found(clause, to, scores)


class MostNode(AnyNode):
    """About as many of the clauses as the best document has: at most *missing_max* fewer."""

    def __init__(self, clauses: list[Node], documents: int, missing_max: int) -> None:
        super().__init__(clauses, documents)
        self.missing_max, self.matches_all, self.is_exact = missing_max, False, True

    def look_up(self) -> DecodedList:
        """Return the documents that match, newly looked up; frequencies are the clauses that each matches."""
        counts = memory.new_ints(self.documents)
        try:
            found = self.count_clauses(counts)
            most = 1.0
            for row in range(found.count):
                most = max(most, found.frequencies[row])
            least, kept = max(1.0, most - self.missing_max), 0
            for row in range(found.count):
                found.docs[kept], found.frequencies[kept] = found.docs[row], found.frequencies[row]
                kept += found.frequencies[row] >= least
            found.count = kept
            return found
        finally:
            memory.release(counts)

    def count_clauses(self, counts: memoryview) -> DecodedList:
        """Return the documents that match any clause, with the number of those that match as frequencies.

        *counts* has a zero for each document.
        """
        bits = doc_bits.new_bits(self.documents)
        try:
            for clause in self.clauses:
                mine = clause.find()
                doc_bits.mark_docs(bits, mine.docs, mine.count)
                for row in range(mine.count):
                    counts[mine.docs[row]] += 1
            found = posting_lists.list_of_bits(bits, self.documents)
        finally:
            memory.release(bits)
        found.frequencies, found.has_frequencies = memory.room_for_floats(found.count), True
        for row in range(found.count):
            found.frequencies[row] = counts[found.docs[row]]
        return found

    def mark(self, bits: memoryview) -> int:
        """Add the documents that match to a set."""
        return Node.mark(self, bits)

    def add(self, to: Candidates, scores: "memoryview[Any]") -> int:
        """Add the scores of candidates that match: the less, the more clauses a document lacks."""
        found, place, power, count = self.find(), 0, COVERAGE_POWER, len(self.clauses)
        mine = memory.new_doubles(to.count)
        try:
            AnyNode.add(self, to, mine)
            for row in range(to.count):
                place = found.first_from(place, to.docs[row])
                if place < found.count and found.docs[place] == to.docs[row]:
                    scores[row] += mine[row] * (found.frequencies[place] / count) ** power
        finally:
            memory.release(mine)
        return 0


class NotNode(Node):
    """All documents but those of a clause."""

    def __init__(self, clause: Node, live: DecodedList, documents: int) -> None:
        super().__init__(documents, live.count)
        self.clause, self.live, self.is_exact = clause, live, True

    def look_up(self) -> DecodedList:
        """Return the documents that match, newly looked up."""
        return those_in(self.clause, self.live, False)


def size_of(clause: Node) -> int:
    """Return an upper estimate of the number of documents of a clause."""
    return clause.size


def score(tree: Node, matches: Matches) -> int:
    """Set the scores of documents that match a tree."""
    for row in range(matches.count):
        matches.scores[row] = 0
    candidates = Candidates()
    candidates.take(matches.docs, matches.count, tree.documents)
    return tree.add(candidates, matches.scores)


def those_in(clause: Node, docs: DecodedList, are_wanted: int) -> DecodedList:
    """Return those of *docs* that match *clause*, or do not."""
    kept, other = DecodedList(), clause.found
    kept.docs = memory.room_for_ints(docs.count)
    if other is not None and other.count > DENSE * docs.count:
        place = 0
        for row in range(docs.count):
            place = other.first_from(place, docs.docs[row])
            is_in = place < other.count and other.docs[place] == docs.docs[row]
            kept.docs[kept.count] = docs.docs[row]
            kept.count += is_in == are_wanted
        return kept
    bits = doc_bits.new_bits(clause.documents)
    try:
        clause.mark(bits)
        kept.count = doc_bits.keep_docs(bits, are_wanted, docs.docs, docs.count, kept.docs)
        return kept
    finally:
        memory.release(bits)


def add_where_found(clause: Node, to: Candidates, scores: "memoryview[Any]") -> int:
    """Add the scores of *clause* in the candidates that match it."""
    found = clause.find()
    docs, rows = memory.room_for_ints(found.count), memory.room_for_ints(found.count)
    mine = memory.new_doubles(found.count)
    try:
        candidates, count = Candidates(), find_rows(found, to, docs, rows)
        candidates.take(docs, count, clause.documents)
        clause.add(candidates, mine)
        for i in range(count):
            scores[rows[i]] += mine[i]
    finally:
        memory.release(docs)
        memory.release(rows)
        memory.release(mine)
    return 0


def find_rows(found: DecodedList, to: Candidates, docs: memoryview, rows: memoryview) -> int:
    """Set *docs* and *rows* to the candidates that are in a list, and return their number."""
    count, row = 0, 0
    for place in range(found.count):
        doc = found.docs[place]
        if to.has_rows:
            row = to.row_of[doc] - 1
        else:
            while row < to.count and to.docs[row] < doc:  # few
                row += 1
            if row == to.count:
                break
            if to.docs[row] != doc:
                continue
        docs[count], rows[count] = doc, row
        count += row >= 0
    return count


def add_word(word: QueryWord, to: Candidates, scores: "memoryview[Any]") -> int:
    """Add the scores of a word: in each field, of its best term."""
    is_alternative = False
    for term in word.scored():
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


def add_term(term: ScoredTerm, to: Candidates, sums: "memoryview[Any]", is_best: bool) -> int:
    """Add the scores of a term, or keep those that are better."""
    if not to.count:
        return 0
    found, place = term.list, 0
    if not to.has_rows or found.count > DENSE * to.count:
        for row in range(to.count):
            place = found.first_from(place, to.docs[row])
            if place == found.count:
                return 0
            if found.docs[place] == to.docs[row]:
                add_score(term, found, place, sums, row, is_best)
        return 0
    place = found.first_from(0, to.docs[0])
    end = found.first_from(place, to.docs[to.count - 1] + 1)
    for i in range(place, end):
        row = to.row_of[found.docs[i]]
        if row:
            add_score(term, found, i, sums, row - 1, is_best)
    return 0


def add_score(
    term: ScoredTerm, found: DecodedList, place: int, sums: "memoryview[Any]", row: int, is_best: bool
) -> int:
    """Add the score of a term at a place of its list to the sum of a row, or keep the better one."""
    frequency = found.frequencies[place]
    value = frequency / (frequency + term.norms[found.docs[place]]) * term.most
    sums[row] = max(sums[row], value) if is_best else sums[row] + value
    return 0
