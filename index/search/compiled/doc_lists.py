"""Reads the document lists that `index/segment/doc_lists.py` describes."""

from index.compiled.whole_numbers import WholeNumbers
from index.segment import doc_lists
from index.segment.array_file import ArrayFile

# More than the low part of any document number.
LOW_MAX = 1 << 16


class DocListArrays:
    """The document lists of a segment of so many *documents*; *lists* are the same ones in NumPy.

    A file may be damaged, so what is read is checked.
    """

    def __init__(self, arrays: ArrayFile, name: str, lists: doc_lists.DocLists, documents: int) -> None:
        self.documents, self.blocks = documents, doc_lists.block_count(documents)
        self.block_bits, self.row_pays_at = doc_lists.BLOCK_BITS, doc_lists.ROW_PAYS_AT
        self.starts, self.low = WholeNumbers(arrays[f"{name}/starts"]), WholeNumbers(arrays[f"{name}/low"])
        if not self.starts.length or (self.low.length and self.low.size != 2):
            raise ValueError(f"{name}: document lists without extents, or of a wrong type")
        if self.blocks > 1:
            self.high, self.rows = WholeNumbers(arrays[f"{name}/high"]), WholeNumbers(arrays[f"{name}/rows"])
            postings_before, rows_before = lists.before
            self.high_starts, self.row_numbers = WholeNumbers(postings_before), WholeNumbers(rows_before)

    def __len__(self) -> int:
        return self.starts.length - 1

    def first(self, number: int) -> int:
        """Return the first posting of a list."""
        return self.starts.at(number)

    def size(self, number: int) -> int:
        """Return the number of postings of a list."""
        first, end = self.starts.at(number), self.starts.at(number + 1)
        if not 0 <= first <= end <= self.low.length:
            raise ValueError("a posting list outside its array")
        return end - first

    def read(self, number: int, base: int, docs: memoryview, place: int) -> int:
        """Set *docs* from *place* on to the documents of a list, each plus *base*; return how many."""
        size, first = self.size(number), self.first(number)
        # Loops as plain as these are compiled to instructions for many numbers at a time.
        is_ascending = True
        if self.blocks > 1:
            self.read_blocks(number, size, base, docs, place)
        else:
            for row in range(size):
                docs[place + row] = base + self.low.twos[first + row]
        for row in range(place + 1, place + size):
            is_ascending &= docs[row - 1] < docs[row]
        is_inside = not size or (docs[place] >= base and docs[place + size - 1] < base + self.documents)
        if not (is_ascending and is_inside):
            raise ValueError("documents of a term that do not ascend")
        return size

    def blocks_of(self, number: int, size: int) -> int:
        """Return where the blocks of a list begin: each posting's or, if it is long, the end of each."""
        if size < self.row_pays_at * self.blocks:
            place = self.high_starts.at(number)
            if place + size > self.high.length:
                raise ValueError("blocks of documents outside their array")
        else:
            place = self.row_numbers.at(number) * (self.blocks + 1)
            if place + self.blocks >= self.rows.length:
                raise ValueError("blocks of documents outside their array")
        return place

    def read_blocks(self, number: int, size: int, base: int, docs: memoryview, place: int) -> int:
        """Set *docs* as ``read`` does, of a segment with several blocks, and not checked."""
        first, blocks = self.first(number), self.blocks_of(number, size)
        if size < self.row_pays_at * self.blocks:
            for row in range(size):
                before = base + (self.high.at(blocks + row) << self.block_bits)
                docs[place + row] = before + self.low.twos[first + row]
            return 0
        begin = 0
        for block in range(self.blocks):
            end, before = self.rows.at(blocks + block + 1), base + (block << self.block_bits)
            if not begin <= end <= size:
                raise ValueError("blocks of documents that do not ascend")
            for row in range(begin, end):
                docs[place + row] = before + self.low.twos[first + row]
            begin = end
        if begin != size:
            raise ValueError("blocks of documents that end before their list")
        return 0

    def find(self, number: int, wanted: memoryview, rows: memoryview, docs: memoryview) -> int:
        """Set *rows* and *docs* to those postings of a list whose documents are wanted, and return how many.

        *wanted* has ``wanted_bits`` bits, one for each document. *rows* and *docs* have room for the list.
        """
        size, first = self.size(number), self.first(number)
        if self.blocks == 1:
            return find_in_block(self, first, 0, size, 0, wanted, rows, docs, 0)
        blocks, found, begin = self.blocks_of(number, size), 0, 0
        if size < self.row_pays_at * self.blocks:
            for row in range(size):
                block = self.high.at(blocks + row)
                if block >= self.blocks:
                    raise ValueError("a document in an unknown block")
                before = block << self.block_bits
                found = find_in_block(self, first, row, row + 1, before, wanted, rows, docs, found)
            return found
        for block in range(self.blocks):
            end = self.rows.at(blocks + block + 1)
            if not begin <= end <= size:
                raise ValueError("blocks of documents that do not ascend")
            found = find_in_block(
                self, first, begin, end, block << self.block_bits, wanted, rows, docs, found
            )
            begin = end
        return found

    def wanted_bits(self) -> int:
        """Return how many documents there may be in a list, as far as ``find`` checks it."""
        return (self.blocks << self.block_bits) + LOW_MAX


def find_in_block(
    lists: DocListArrays,
    first: int,
    row: int,
    end: int,
    before: int,
    wanted: memoryview,
    rows: memoryview,
    docs: memoryview,
    found: int,
) -> int:
    """Append the wanted ones of some rows of a list, which begins at *first*; *before* is their block."""
    # Without a branch, which the processor would often mispredict.
    while row < end:
        doc = before + lists.low.twos[first + row]
        rows[found], docs[found] = row, doc
        found += wanted[doc >> 6] >> (doc & 63) & 1
        row += 1
    return found
