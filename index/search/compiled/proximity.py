"""The boost of adjacent words: documents are searched for them in reading order, in the forward index.

What is looked at for each document is chained rather than listed: C follows a chain without Python's lock.
"""

from collections.abc import Sequence

from index.compiled import bits, memory
from index.compiled.whole_numbers import WholeNumbers
from index.layout import Stream, part_at
from index.query import AllOf, Clause, MostOf, Word
from index.segment.array_file import ArrayFile

# The most words of a phrase or a run, each of which has a bit.
WORDS_MAX = 30

ONE = 1
LOW_BITS = (1 << 32) - 1
# Words of 64 bits: a bit for each value of the low 16 bits of a word.
SIEVE = 1 << 10


class PartSizes:
    """The number of tokens of a part in each document, and *others*: those of the parts after it."""

    def __init__(self, counts: WholeNumbers, others: "PartSizes | None") -> None:
        self.counts, self.others = counts, others

    def find_ends(self, part: int, doc: int, token: int, end: int, ends: memoryview) -> int:
        """Set *ends* to the end of each part from *part* on, which begins at a *token* of a document."""
        count = self.counts.at(doc)
        if not 0 <= count <= end - token:
            raise ValueError("a text longer than its tokens")
        ends[part] = token + count
        if self.others is not None:
            self.others.find_ends(part + 1, doc, token + count, end, ends)
        return 0


class Texts:
    """The words of each of so many *documents* of a segment, in reading order, part by part."""

    def __init__(self, arrays: ArrayFile, documents: int) -> None:
        self.starts = WholeNumbers(arrays["span/starts"])
        self.low, self.high = WholeNumbers(arrays["span/words"]), WholeNumbers(arrays["span/words_high"])
        self.bases = [base for base, _ in arrays.meta["parts"]]
        self.documents, self.parts = documents, len(self.bases)
        self.counts: PartSizes | None = None
        for base in reversed(self.bases):
            counts = WholeNumbers(arrays[f"part/{base}"])
            if counts.length != documents:
                raise ValueError("the parts of texts have a wrong number of documents")
            self.counts = PartSizes(counts, self.counts)
        if self.starts.length != documents + 1:
            raise ValueError("texts with a wrong number of documents")
        if self.low.length and (self.low.size != 2 or self.high.size != 1):
            raise ValueError("words of texts in a wrong type")

    def find_ends(self, doc: int, ends: memoryview) -> int:
        """Set *ends* to the end of each part of a document, after checking that all are inside the arrays."""
        token, end = self.starts.at(doc), self.starts.at(doc + 1)
        if not 0 <= token <= end <= min(self.low.length, self.high.length):
            raise ValueError("a text outside its array")
        if self.counts is not None:
            self.counts.find_ends(0, doc, token, end, ends)
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
        self.sieve = memory.new_words(SIEVE)
        self.words = memory.new_words(len(places))
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
    """Looks for adjacent words of a query, up to 32, in a segment and those before; for one thread.

    *texts* are those of the segment, which begins at the document *base*; None if it has no words. *words*
    has, for each word of the query, those of the segment; *limits* the part that it must be in, None for any.
    *before* looks in the segments before.
    """

    def __init__(
        self,
        texts: Texts | None,
        base: int,
        words: list[list[int]],
        limits: list[Stream | None],
        before: "AdjacentWords | None",
    ) -> None:
        self.texts, self.base, self.words, self.limits, self.before = texts, base, words, limits, before
        self.is_open = False
        self.ends = memory.new_longs(0 if texts is None else texts.parts)

    def __dealloc__(self) -> None:
        memory.release(self.ends)

    def open(self, texts: Texts) -> int:
        """Arrange the words before the first text, as not every segment has candidates."""
        allowed = [places_in(part_at(base), self.limits) for base in texts.bases]
        self.wanted = WantedWords(self.words, allowed)
        self.is_open = True
        return 0

    def pairs(self, doc: int) -> int:
        """Return a bit for each pair of adjacent words of the query that are adjacent in a document."""
        if doc < self.base and self.before is not None:
            return self.before.pairs(doc)
        if self.texts is None:
            return 0
        if not self.is_open:
            self.open(self.texts)
        self.texts.find_ends(doc - self.base, self.ends)
        return find_pairs(self.texts, self.wanted, self.texts.starts.at(doc - self.base), self.ends)


class Neighbours:
    """The boost of the words that are adjacent in *runs* of a query: *most* if all *pairs* are."""

    def __init__(self, runs: list[AdjacentWords], most: float, pairs: float) -> None:
        self.run, self.most, self.pairs = runs[0], most, pairs
        self.others = Neighbours(runs[1:], most, pairs) if len(runs) > 1 else None

    def count(self, doc: int) -> int:
        """Return the number of pairs that are adjacent in a document."""
        found = bits.bit_count(self.run.pairs(doc))
        return found if self.others is None else found + self.others.count(doc)

    def boost(self, doc: int) -> float:
        """Return the factor of a document's score."""
        return 1 + self.most * (self.count(doc) / self.pairs)


def places_in(part: Stream, limits: list[Stream | None]) -> int:
    """Return a bit for each place of a query whose word may be in a part."""
    return sum([1 << place for place, limit in enumerate(limits) if limit is None or limit == part])


def adjacent_words(
    texts: list[Texts | None], bases: list[int], words: list[list[list[int]]], limits: list[Stream | None]
) -> AdjacentWords | None:
    """Return what looks for adjacent words in all segments.

    *texts* and *bases* have an item for each segment; *words*, for each word of the query, those of each.
    """
    found = None
    for row, base in enumerate(bases):
        found = AdjacentWords(texts[row], base, [some[row] for some in words], limits, found)
    return found


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


def find_runs(clause: Clause) -> list[list[Word]]:
    """Return each run of adjacent words of which neighbours raise a score.

    Runs are cut where they have more than WORDS_MAX words, each of which needs a bit; the next begins with
    the same word.
    """
    if not isinstance(clause, AllOf | MostOf):
        return []
    runs: list[list[Word]] = []
    run: list[Word] = []
    for one in clause.clauses:
        if isinstance(one, Word):
            if len(run) == WORDS_MAX:
                runs.append(run)
                run = run[WORDS_MAX - 1 :]
            run.append(one)
            continue
        runs.append(run)
        run = []
        runs += find_runs(one)
    return [some for some in (*runs, run) if len(some) > 1]
