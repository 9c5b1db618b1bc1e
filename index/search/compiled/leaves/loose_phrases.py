"""Finds phrases with other words between, or of a part, and words of a part, by the places of the words."""

from index.layout import Stream
from index.query import Phrase
from index.search.compiled import matches, posting_lists
from index.search.compiled.leaves import word_places
from index.search.compiled.leaves.phrases import Positions
from index.search.compiled.leaves.word_places import SegmentPlaces, WordPlaces
from index.search.compiled.matches import Matches
from index.search.compiled.posting_lists import DecodedList, Segment
from index.search.compiled.recent import RecentCache
from index.search.compiled.words import QueryWord, Words

# The size of the cache of places, and of those of a word without the places.
PLACES_BYTES, SHARED_BYTES = 16 << 20, 500


class SharedPlaces:
    """The documents that have all of some words, and where each is in those of each segment.

    They are shared by phrases of the same words in any order and at any distance.
    """

    def __init__(self, docs: DecodedList, by_word: dict[object, list[WordPlaces]]) -> None:
        self.docs, self.by_word = docs, by_word

    @property
    def nbytes(self) -> int:
        """The approximate size in bytes."""
        places = [some.nbytes for of_word in self.by_word.values() for some in of_word]
        return SHARED_BYTES * len(self.by_word) + self.docs.nbytes + sum(places)


class LoosePhrases:
    """Finds phrases in one generation, whose *words* are looked up; the places of their words are kept."""

    def __init__(self, words: Words) -> None:
        self.words, self.shared = words, RecentCache(PLACES_BYTES)
        self.places = [places_of(segment) for segment in self.words.lists.segments]

    def shared_places(self, clause: Phrase, asked: list[QueryWord]) -> SharedPlaces:
        """Return where the words of a phrase are in the documents that have them all; kept."""
        key = frozenset(keys_of(clause, asked))
        shared: SharedPlaces | None = self.shared.find(key)
        if shared is None:
            shared = self.shared.keep(key, self.places_in(clause, asked, matches.match_all(asked).list()))
        return shared

    def places_in(self, clause: Phrase, asked: list[QueryWord], docs: DecodedList) -> SharedPlaces:
        """Return where the words of a phrase are in *docs*."""
        keys = keys_of(clause, asked)
        by_word: dict[object, list[WordPlaces]] = {key: [] for key in keys}
        words = dict(zip(keys, asked, strict=True))
        parts, first = [part for _, part in words], 0
        for row, segment in enumerate(self.words.lists.segments):
            end = posting_lists.first_from(docs.docs, docs.count, first, segment.base + segment.count)
            places = self.places[row]
            found = [WordPlaces() for _ in words]
            if places is not None and end > first:
                some = [self.words.words_in(word, row) for word in words.values()]
                found = places.find(some, parts, docs.docs, first, end - first, segment.base)
            for of_word, one in zip(by_word.values(), found, strict=True):
                of_word.append(one)
            first = end
        return SharedPlaces(docs, by_word)

    def in_order(
        self, clause: Phrase, asked: list[QueryWord], shared: SharedPlaces, limits: tuple[int, int]
    ) -> DecodedList:
        """Return the documents that have the words of a phrase in order between the positions *limits*."""
        by_word = [shared.by_word[key] for key in keys_of(clause, asked)]
        found, first, kept = Matches(shared.docs), 0, 0
        for row, segment in enumerate(self.words.lists.segments):
            end = posting_lists.first_from(found.docs, found.count, first, segment.base + segment.count)
            places = [of_word[row] for of_word in by_word]
            kept += word_places.keep_in_order(places, clause.slop, limits, found.docs, first, kept)
            first = end
        found.count = kept
        return found.list()

    def keep_word(self, by_segment: list[list[int]], limits: tuple[int, int], found: Matches) -> int:
        """Keep the documents that have a word between the positions *limits*.

        *by_segment* are the words of each segment that match it.
        """
        first, kept = 0, 0
        for row, segment in enumerate(self.words.lists.segments):
            end = posting_lists.first_from(found.docs, found.count, first, segment.base + segment.count)
            places = self.places[row]
            if places is not None and end > first:
                count, base = end - first, segment.base
                kept += places.keep_word(by_segment[row], limits, found.docs, first, count, base, kept)
            first = end
        found.count = kept
        return 0


def keys_of(clause: Phrase, asked: list[QueryWord]) -> list[tuple[object, Stream | None]]:
    """Return what each word of a phrase is known by, whatever its weight: what it matches, and its part."""
    return [(word.found, one.part) for word, one in zip(asked, clause.words, strict=True)]


def places_of(segment: Segment) -> SegmentPlaces | None:
    """Return where the words of a segment are, None if it has none."""
    if not segment.terms.has_words:
        return None
    arrays = segment.reader.postings.arrays
    return SegmentPlaces(Positions(arrays, segment.terms.words), arrays.meta["holes"].get("word", []))
