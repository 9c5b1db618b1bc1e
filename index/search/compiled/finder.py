"""Finds and scores the documents that match a clause.

Words, phrases, and all or any of some words are found list by list; all other clauses as a tree.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from index.layout import ANYWHERE, OPENING, PART_RANGE, Stream
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.query.rewrite import in_opening, map_leaves
from index.search.compiled import clauses, matches, posting_lists, proximity
from index.search.compiled.clauses import AllNode, AnyNode, FoundNode, MostNode, Node, NotNode, WordNode
from index.search.compiled.leaves import open_words, phrases
from index.search.compiled.leaves.loose_phrases import LoosePhrases
from index.search.compiled.matches import Matches
from index.search.compiled.posting_lists import DecodedList
from index.search.compiled.proximity import AdjacentWords, Texts
from index.search.compiled.recent import RecentCache
from index.search.compiled.words import QueryWord, Words
from index.segment.doc_lists import Docs

if TYPE_CHECKING:
    from index.search.index_reader import IndexReader

# The sizes of the caches of alternatives, as of concepts, of leaves that are looked for in texts, and of what
# has most or enough of a query: the broader queries of one answer share it.
CONCEPTS_BYTES, LEAVES_BYTES, SHARES_BYTES = 32 << 20, 16 << 20, 4 << 20
SIZE = attrgetter("size")


class Planner:
    """Makes trees of clauses about so many *documents*, of which some are *live*."""

    def __init__(self, documents: int, live: Docs) -> None:
        self.documents = documents
        self.concepts, self.shares = RecentCache(CONCEPTS_BYTES), RecentCache(SHARES_BYTES)
        self.everything = FoundNode(posting_lists.list_of_docs(live), [], documents)
        self.everything.matches_all = True
        self.nothing = FoundNode(posting_lists.list_of_docs([]), [], documents)

    def find_word(self, word: Word) -> QueryWord:
        """Return a query word, wherever in a text it is."""
        raise NotImplementedError

    def plan_leaf(self, clause: Clause) -> Node:
        """Return a phrase, a prefix, wildcard or fuzzy word, or a word of a part, with its documents."""
        raise NotImplementedError

    def plan(self, clause: Clause) -> Node:  # noqa: PLR0911 - one case for each kind of clause
        """Return a clause as a tree."""
        documents, live = self.documents, self.everything.find()
        if isinstance(clause, Word) and clause.part is None:
            return WordNode(self.find_word(clause), documents)
        if isinstance(clause, AllOf):
            required = [self.plan(one) for one in clause.clauses if not isinstance(one, Not)]
            excluded = [self.plan(one.clause) for one in clause.clauses if isinstance(one, Not)]
            return AllNode(required, excluded, live, documents)
        if isinstance(clause, AnyOf | Related):
            return self.plan_any(clause)
        if isinstance(clause, EnoughOf | MostOf):
            return self.plan_share(clause)
        if isinstance(clause, InOpening):
            return AnyNode([self.plan_in_opening(clause.clause)], documents, is_scored=False)
        if isinstance(clause, Not):
            return NotNode(self.plan(clause.clause), live, documents)
        if isinstance(clause, Everything):
            return self.everything
        return self.plan_leaf(clause)

    def plan_share(self, clause: EnoughOf | MostOf) -> AnyNode:
        """Return what has enough or most of some clauses as a tree, which is kept for the same answer."""
        node: AnyNode | None = self.shares.find(clause)
        if node is None:
            parts = [self.plan(one) for one in clause.clauses]
            if isinstance(clause, MostOf):
                node = MostNode(parts, self.documents, clause.missing_max)
            else:
                combined = clause.combine(parts, self.all_of, self.any_of)
                node = AnyNode([combined], self.documents, is_scored=False)
            node = self.shares.keep(clause, node)
        return node

    def plan_any(self, clause: AnyOf | Related) -> AnyNode:
        """Return alternatives as a tree, which is kept: a query asks for them in several ways."""
        node: AnyNode | None = self.concepts.find(clause)
        if node is None:
            planned = [self.plan(one) for one in clause.clauses]
            node = self.concepts.keep(clause, self.kept_any_of(planned))
        return node

    def kept_any_of(self, parts: list[Node]) -> AnyNode:
        """Return what matches any of some trees, without those that match and score nothing; to be kept."""
        some = [one for one in parts if one is not self.nothing]
        node = AnyNode(some, self.documents, is_kept=True)
        node.parts = parts
        return node

    def all_of(self, parts: Sequence[Node]) -> AllNode:
        """Return what matches all of some trees."""
        return AllNode(parts, [], self.everything.find(), self.documents)

    def any_of(self, parts: Sequence[Node]) -> AnyNode:
        """Return what matches any of some trees."""
        return AnyNode([*parts], self.documents)

    def plan_in_opening(self, clause: Clause) -> Node:
        """Return what matches a clause in the title or lead, as a tree."""
        if isinstance(clause, AnyOf | Related):
            key = InOpening(clause)
            node: Node | None = self.concepts.find(key)
            if node is None:
                planned = [self.plan_in_opening(one) for one in clause.clauses]
                node = self.concepts.keep(key, self.kept_any_of(planned))
            return node
        if isinstance(clause, Word | Prefix | Wildcard | Fuzzy | Phrase):
            return self.plan(clause) if clause.part else self.plan_leaf_in_opening(InOpening(clause))
        if isinstance(clause, Everything | InOpening):
            return self.plan(clause)
        return self.plan(map_leaves(clause, InOpening))

    def plan_leaf_in_opening(self, clause: InOpening) -> Node:
        """Return what matches a leaf in the title or lead."""
        return self.plan(in_opening(clause.clause))


class Finder(Planner):
    """Finds what matches clauses in one generation."""

    def __init__(self, reader: "IndexReader", weights: Mapping[str, float], max_bytes: int) -> None:
        super().__init__(reader.count, reader.live)
        self.words, self.leaves = Words(reader, weights, max_bytes), RecentCache(LEAVES_BYTES)
        # A clause, and its tree: related words are counted, then searched.
        self.last: tuple[Clause | None, Node | None] = None, None
        self.texts = [
            None if segment.postings.words is None else Texts(segment.postings.arrays, segment.count)
            for segment in reader.segments
        ]
        self.bases = [segment.base for segment in reader.segments]
        self.loose = LoosePhrases(self.words)

    def find(self, clause: Clause) -> Matches:
        """Return the documents that match a clause, not scored yet."""
        found = self.find_words(clause)
        return Matches(self.tree_of(clause).find()) if found is None else self.match(clause, found)

    def score(self, clause: Clause, docs: Matches) -> int:
        """Set the scores of documents that match a clause."""
        found = self.find_words(clause)
        if found is None:
            return clauses.score(self.tree_of(clause), docs)
        return self.score_lists(clause, found, docs)

    def known_words(self, word: Word, base: int, docs: list[int]) -> list[int] | None:
        """Return the words that match a query word in *docs* of the segment whose first document is *base*.

        Both ascend. None if the query word was not searched lately.
        """
        found: QueryWord | None = self.words.cache.find(word)
        if found is None:
            return None
        if not has_any(found.matching, docs, base):
            return []
        return self.words.words_in(found, self.bases.index(base))

    def known_leaves(self, clause: Related, base: int, docs: list[int]) -> list[int] | None:
        """Return the numbers of the leaves of *clause*, from the left, that match any of *docs*, as above."""
        node: AnyNode | None = self.concepts.find(clause)
        if node is None:
            return None
        numbers: list[int] = []
        add_leaves(clause, node, docs, base, 0, numbers)
        return numbers

    def find_words(self, clause: Clause) -> list[QueryWord] | None:
        """Return the words of a clause, None if it is more than some words."""
        asked: Sequence[Clause] = ()
        if isinstance(clause, Word):
            asked = (clause,)
        elif isinstance(clause, AllOf | AnyOf):
            asked = clause.clauses
        elif isinstance(clause, Phrase) and not clause.slop and clause.part is None:
            asked = clause.words
        if not 0 < len(asked) <= proximity.WORDS_MAX:
            return None
        found = []
        for word in asked:
            if not isinstance(word, Word) or word.part is not None:
                return None
            found.append(self.words.find(word))
        return found

    def tree_of(self, clause: Clause) -> Node:
        """Return a clause as a tree."""
        asked, tree = self.last
        if tree is None or asked != clause:
            tree = self.plan(clause)
            self.last = clause, tree
        return tree

    def plan_leaf(self, clause: Clause) -> Node:
        """Return a leaf with its documents; it is kept."""
        node: Node | None = self.leaves.find(clause)
        if node is None:
            node = self.leaves.keep(clause, self.find_leaf(clause))
        return node

    def plan_leaf_in_opening(self, clause: InOpening) -> Node:
        """Return what matches a leaf in the title or lead; it is kept."""
        return self.plan_leaf(clause)

    def find_word(self, word: Word) -> QueryWord:
        """Return a query word, wherever in a text it is."""
        return self.words.find(word)

    def find_leaf(self, clause: Clause) -> Node:
        """Look a leaf up."""
        if isinstance(clause, Phrase):
            return self.find_phrase(clause)
        if isinstance(clause, Prefix | Wildcard | Fuzzy):
            return self.find_open_word(clause, limits_of(clause.part))
        if isinstance(clause, InOpening):
            return self.find_in_opening(clause.clause)
        if not isinstance(clause, Word):
            raise TypeError(f"{clause!r} is not a clause")
        return self.find_word_in(clause, limits_of(clause.part), [self.words.find(clause)])

    def find_in_opening(self, clause: Clause) -> Node:
        """Look up a leaf in the title or lead."""
        if isinstance(clause, Prefix | Wildcard | Fuzzy):
            return self.find_open_word(clause, OPENING)
        if isinstance(clause, Word):
            return self.find_word_in(clause, OPENING, [])
        if not isinstance(clause, Phrase):
            raise TypeError(f"{clause!r} is not a clause")
        phrase: Any = self.plan_leaf(clause)
        if not phrase.size:
            return self.nothing
        if clause.slop:
            shared = self.loose.shared_places(clause, phrase.words)
        else:  # few of the documents that have the words have the phrase
            shared = self.loose.places_in(clause, phrase.words, phrase.find())
        return FoundNode(self.loose.in_order(clause, phrase.words, shared, OPENING), [], self.documents)

    def find_word_in(self, clause: Word, limits: tuple[int, int], scored: list[QueryWord]) -> Node:
        """Look up a word between two positions, which scores by some words."""
        word = self.words.find(clause)
        found = Matches(word.matching)
        self.loose.keep_word(self.words_by_segment(word), limits, found)
        return FoundNode(found.list(), scored, self.documents)

    def find_phrase(self, clause: Phrase) -> Node:
        """Look a phrase up."""
        words_of_phrase: list[QueryWord] = []
        for word in clause.words:
            one = self.words.find(word)
            if not one.matching.count:
                return self.nothing
            words_of_phrase.append(one)
        if not words_of_phrase:
            return self.nothing
        is_anywhere = {clause.part, *[word.part for word in clause.words]} == {None}
        if is_anywhere and not clause.slop and len(words_of_phrase) <= proximity.WORDS_MAX:
            matching = matches.match_all(words_of_phrase)
            self.keep_adjacent(words_of_phrase, matching)
            found = matching.list()
        else:
            shared = self.loose.shared_places(clause, words_of_phrase)
            found = self.loose.in_order(clause, words_of_phrase, shared, limits_of(clause.part))
        return FoundNode(found, words_of_phrase, self.documents) if found.count else self.nothing

    def find_open_word(self, clause: Prefix | Wildcard | Fuzzy, limits: tuple[int, int]) -> Node:
        """Look up a word of which only some letters are given, between two positions."""
        lists = self.words.lists
        by_segment = [open_words.words_matching(clause, segment) for segment in lists.segments]
        found = Matches(open_words.docs_of_words(lists, by_segment, self.documents))
        if limits != ANYWHERE:
            self.loose.keep_word(by_segment, limits, found)
        return FoundNode(found.list(), [], self.documents)

    def match(self, clause: Clause, asked: list[QueryWord]) -> Matches:
        """Return the documents that match, not scored yet."""
        if isinstance(clause, AnyOf):
            return Matches(posting_lists.union_of([one.matching for one in asked]))
        found = matches.match_all(asked)
        if isinstance(clause, Phrase):
            self.keep_adjacent(asked, found)
        return found

    def score_lists(self, clause: Clause, asked: list[QueryWord], docs: Matches) -> int:
        """Set the scores of the documents.

        If any word is enough, those that may score most come first, else the rarest ones.
        """
        is_any = isinstance(clause, AnyOf)
        ordered = sorted(asked, key=most_of if is_any else SIZE, reverse=is_any)
        whole = docs.whole if docs.count == docs.whole.count else None
        return matches.score(ordered, whole, docs.docs, docs.count, docs.scores)

    def keep_adjacent(self, asked: list[QueryWord], found: Matches) -> int:
        """Keep the documents that have the words of a phrase one after another."""
        if len(asked) == 1:
            return 0
        rarest, first, kept = asked.index(min(asked, key=SIZE)), 0, 0
        for row, segment in enumerate(self.words.lists.segments):
            end = posting_lists.first_from(found.docs, found.count, first, segment.base + segment.count)
            places = self.loose.places[row]
            if places is not None and end > first:
                some = [self.words.words_in(word, row) for word in asked]
                count, base = end - first, segment.base
                kept += phrases.keep_phrase(
                    places.positions, some, rarest, found.docs, first, count, base, kept
                )
            first = end
        found.count = kept
        return 0

    def words_by_segment(self, word: QueryWord) -> list[list[int]]:
        """Return the words of each segment that match a query word."""
        return [self.words.words_in(word, row) for row in range(len(self.bases))]

    def adjacent(self, run: Sequence[Word]) -> AdjacentWords:
        """Return what looks for adjacent words of a run; nothing asks it if the index has no documents."""
        by_word = [self.words_by_segment(self.words.find(word)) for word in run]
        return proximity.adjacent_words(self.texts, self.bases, by_word, [word.part for word in run])  # type: ignore[return-value]


def limits_of(part: Stream | None) -> tuple[int, int]:
    """Return the positions of a part, or all."""
    return ANYWHERE if part is None else PART_RANGE[part]


def has_any(found: DecodedList, docs: list[int], base: int) -> bool:
    """Return whether any of *docs* of a segment, which ascend, is in a list."""
    row = 0
    for doc in docs:
        row = found.first_from(row, doc + base)
        if row < found.count and found.docs[row] == doc + base:
            return True
    return False


def add_leaves(
    clause: Clause, node: Node | None, docs: list[int], base: int, number: int, numbers: list[int]
) -> int:
    """Add the numbers, from *number* on, of the leaves that match any of *docs*; return the one after them.

    Without a *node*, any may match: a leaf of what must match as a whole is marked by itself.
    """
    if isinstance(clause, AnyOf | Related):
        some: AnyNode | None = node  # type: ignore[assignment]
        for row, one in enumerate(clause.clauses):
            part = None if some is None else some.parts[row]
            number = add_leaves(one, part, docs, base, number, numbers)
        return number
    if isinstance(clause, AllOf | MostOf):
        for one in clause.clauses:
            number = add_leaves(one, None, docs, base, number, numbers)
        return number
    if isinstance(clause, EnoughOf | InOpening | Not | Everything):
        return number
    if node is None or has_any(node.find(), docs, base):
        numbers.append(number)
    return number + 1


def most_of(word: QueryWord) -> float:
    """Return the largest score of a word."""
    word.scored()
    return word.most
