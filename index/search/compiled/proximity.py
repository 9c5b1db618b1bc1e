"""The boost of adjacent words: documents are searched for them in reading order, in the forward index."""

from collections.abc import Sequence

from index.compiled import memory
from index.compiled.whole_numbers import WholeNumbers
from index.layout import Stream, part_at
from index.segment.array_file import ArrayFile

ONE = 1
LOW_BITS = (1 << 32) - 1
# Words of 64 bits: a bit for each value of the low 16 bits of a word.
SIEVE = 1 << 10


class Texts:
    """The words of each of so many *documents* of a segment, in reading order, part by part."""

    def __init__(self, arrays: ArrayFile, documents: int) -> None:
        self.starts = WholeNumbers(arrays["span/starts"])
        self.low, self.high = WholeNumbers(arrays["span/words"]), WholeNumbers(arrays["span/words_high"])
        self.bases = [base for base, _ in arrays.meta["parts"]]
        self.counts = [WholeNumbers(arrays[f"part/{base}"]) for base in self.bases]
        self.documents, self.parts = documents, len(self.bases)
        if any(counts.length != documents for counts in self.counts):
            raise ValueError("the parts of texts have a wrong number of documents")
        if self.starts.length != documents + 1:
            raise ValueError("texts with a wrong number of documents")
        if self.low.length and (self.low.size != 2 or self.high.size != 1):
            raise ValueError("words of texts in a wrong type")

    def find_ends(self, doc: int, ends: memoryview) -> int:
        """Set *ends* to the end of each part of a document, after checking that all are inside the arrays."""
        token, end = self.starts.at(doc), self.starts.at(doc + 1)
        if not 0 <= token <= end <= min(self.low.length, self.high.length):
            raise ValueError("a text outside its array")
        for part in range(self.parts):
            counts = self.counts[part]
            count = counts.at(doc)
            if not 0 <= count <= end - token:
                raise ValueError("a text longer than its tokens")
            token += count
            ends[part] = token
        return 0


class WantedWords:
    """The words of a segment that are looked for, each with a bit for every place in the query that it fits.

    *allowed* has, for each part of a text, a bit for every place whose word may be in it.
    """

    def __init__(self, words: Sequence[Sequence[int]], allowed: Sequence[int]) -> None:
        places: dict[int, int] = {}
        for place, numbers in enumerate(words):
            for number in numbers:
                places[number] = places.get(number, 0) | 1 << place
        self.sieve, self.words = memory.new_words(SIEVE), memory.new_words(len(places))
        self.allowed = memory.new_words(len(allowed))
        for part, mask in enumerate(allowed):
            self.allowed[part] = mask
        self.count = 0
        for number in sorted(places):
            self.set_word(number, places[number])

    def __dealloc__(self) -> None:
        memory.release(self.sieve)
        memory.release(self.words)
        memory.release(self.allowed)

    def set_word(self, number: int, places: int) -> None:
        """Append a word, which follows the others, with its places."""
        self.words[self.count] = number << 32 | places
        self.sieve[(number & 0xFFFF) >> 6] |= ONE << (number & 63)
        self.count += 1

    def places_of(self, word: int) -> int:
        """Return the places that a word fits."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) >> 1
            if self.words[middle] >> 32 < word:
                low = middle + 1
            else:
                high = middle
        return self.words[low] & LOW_BITS if low < self.count and self.words[low] >> 32 == word else 0


class AdjacentWords:
    """Looks for adjacent words of one query, up to 32, in documents of any segment; for one thread.

    *texts* are those of each segment, None if it has no words, and *bases* the first documents. *words* has,
    for each word of the query, those of each segment; *limits* the part that it must be in, None for any.
    """

    def __init__(
        self,
        texts: list[Texts | None],
        bases: list[int],
        words: list[list[list[int]]],
        limits: list[Stream | None],
    ) -> None:
        self.texts, self.words, self.limits = texts, words, limits
        self.wanted: list[WantedWords | None] = [None] * len(texts)
        self.bases = memory.new_longs(len(texts))
        for segment, base in enumerate(bases):
            self.bases[segment] = base
        self.ends = memory.new_longs(max([some.parts for some in texts if some is not None], default=0))

    def __dealloc__(self) -> None:
        memory.release(self.bases)
        memory.release(self.ends)

    def open(self, segment: int, texts: Texts) -> WantedWords:
        """Return the words that are looked for in a segment."""
        found = self.wanted[segment]
        if found is None:
            allowed = [
                sum(
                    [
                        1 << place
                        for place, limit in enumerate(self.limits)
                        if limit is None or limit == part_at(base)
                    ]
                )
                for base in texts.bases
            ]
            found = WantedWords([words[segment] for words in self.words], allowed)
            self.wanted[segment] = found
        return found

    def pairs(self, doc: int) -> int:
        """Return a bit for each pair of adjacent words of the query that are adjacent in a document."""
        segment = len(self.texts) - 1
        while self.bases[segment] > doc:
            segment -= 1
        texts = self.texts[segment]
        if texts is None:
            return 0
        row = doc - self.bases[segment]
        texts.find_ends(row, self.ends)
        return find_pairs(texts, self.open(segment, texts), texts.starts.at(row), self.ends)


def find_pairs(texts: Texts, wanted: WantedWords, token: int, ends: memoryview) -> int:
    """Return the pairs in a text, which begins at a *token*; *ends* are those of its parts."""
    found = 0
    for part in range(texts.parts):
        before = 0
        while token < ends[part]:
            low, places = texts.low.twos[token], 0
            if wanted.sieve[low >> 6] >> (low & 63) & 1:
                word = texts.high.ones[token] << 16 | low
                places = wanted.places_of(word) & wanted.allowed[part]
                found |= before & (places >> 1)
            before = places
            token += 1
    return found
