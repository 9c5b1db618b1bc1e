# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Chooses the passages of hits as `passages` does, which says why; rare cases are left to it.

Marks come from files that may be damaged: marks outside of their text, or not ascending, are left to `passages`,
and all others are checked before they become places in a text.
"""

import re

from cpython.unicode cimport Py_UNICODE_ISALNUM, Py_UNICODE_ISDECIMAL, Py_UNICODE_ISSPACE
from libc.math cimport log
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.stdlib cimport free, malloc

from index.analysis import sentences
from index.engines.answers import passages
from index.results import Passage

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    Py_UCS4 PyUnicode_READ(int, void*, Py_ssize_t) nogil

cdef enum:
    LETTERS = 0x2100  # all characters in the tables of `sentences` are below
    LEAVES = 64  # more leaves are left to `passages`
    END = 1
    CLOSING = 2
    OPENING = 4
    GAP = 8
    BEGINNING = 16
    INITIAL = 32
    PLAIN = 64  # matches in a pattern that ignores case what ``str.lower`` makes of it

cdef uint8_t[LETTERS] _KINDS
cdef frozenset _ABBREVIATIONS = frozenset(sentences.BEFORE_CAPITALS)
cdef Py_ssize_t _LONGEST = max(map(len, sentences.BEFORE_CAPITALS))
cdef object _may_end = sentences.may_end
cdef tuple _SHOWN = passages.SHOWN
cdef Py_ssize_t _READ_CHARS = passages.READ_CHARS, _SENTENCE_CHARS = passages.SENTENCE_CHARS
cdef Py_ssize_t _ENOUGH_CHARS = passages.ENOUGH_CHARS, _TITLE_CHARS = passages.TITLE_CHARS
cdef int _PASSAGES_MAX = passages.PASSAGES_MAX
cdef int64_t _WORD_WEIGHT = passages.WORD_WEIGHT, _REPEATED_SHARE = passages.REPEATED_SHARE
cdef int64_t _ADJACENT_BONUS = passages.ADJACENT_BONUS, _MATCH_BONUS = passages.MATCH_BONUS


cdef _fill_kinds():
    letters = "".join(map(chr, range(LETTERS)))
    for kind, characters in (
        (END, sentences.ENDS), (CLOSING, sentences.CLOSING), (OPENING, sentences.OPENING), (GAP, sentences.GAPS),
        (BEGINNING, sentences.BEGINNINGS), (INITIAL, sentences.CAPITALS),
    ):
        for letter in re.findall(f"[{characters}]", letters):
            _KINDS[ord(letter)] |= kind
    used = "".join(sentences.BEFORE_CAPITALS)
    for letter in letters:
        _KINDS[ord(letter)] |= PLAIN
    for letter in re.findall(f"(?i)[{used}]", letters):
        if letter.lower() not in used:
            _KINDS[ord(letter)] &= ~PLAIN

_fill_kinds()


cdef struct Text:
    int kind
    void* characters
    Py_ssize_t length


cdef struct Mark:
    Py_ssize_t start, end
    int64_t leaf


cdef struct Sentence:
    Py_ssize_t text  # its place in the list of the texts
    Py_ssize_t start, end
    Py_ssize_t first, last  # its marks
    int64_t density
    uint64_t leaves
    bint is_chosen


class _Rare(Exception):
    """A case that is left to `passages`."""


cdef Text _text_of(str text):
    """Return the characters of *text*, which must be kept while they are read."""
    cdef Text characters
    if text is None:
        raise TypeError("a text is missing")
    characters.kind, characters.characters = PyUnicode_KIND(text), PyUnicode_DATA(text)
    characters.length = len(text)
    return characters


cdef inline Py_UCS4 _at(Text* text, Py_ssize_t place) noexcept nogil:
    return PyUnicode_READ(text.kind, text.characters, place)


cdef inline int _kind(Py_UCS4 character) noexcept nogil:
    return _KINDS[character] if character < LETTERS else 0


cdef inline Py_ssize_t _skip(Text* text, int kind, Py_ssize_t place, Py_ssize_t last) noexcept nogil:
    """Return the first place from *place* to *last* whose character is not of a *kind*."""
    while place < last and _kind(_at(text, place)) & kind:
        place += 1
    return place


cdef bint _may_end_at(Text* text, str whole, Py_ssize_t place) except -1:
    """Return whether the sign at *place* may end a sentence, whatever follows."""
    cdef Py_ssize_t first = place, size
    cdef bint is_plain = True
    cdef Py_UCS4 letter
    if _at(text, place) != u".":
        return True
    while first and place - first <= _LONGEST and Py_UNICODE_ISALNUM(_at(text, first - 1)):
        first -= 1
        is_plain = is_plain and _kind(_at(text, first)) & PLAIN
    size = place - first
    if not size or size > _LONGEST:
        return True
    letter = _at(text, first)
    if (
        not is_plain
        or (size == 1 and _kind(letter) & INITIAL)
        or (size <= 2 and Py_UNICODE_ISDECIMAL(letter) and Py_UNICODE_ISDECIMAL(_at(text, place - 1)))
        or whole[first:place].lower() in _ABBREVIATIONS
    ):
        return _may_end(whole, place + 1) is not None
    return True


cdef int _next_break(
    Text* text, str whole, Py_ssize_t start, Py_ssize_t last, Py_ssize_t* end, Py_ssize_t* following
) except -1:
    """Set the end of the sentence from *start*, and the start of the next one: *last* if there is none."""
    cdef Py_ssize_t place, gap, letter
    cdef Py_UCS4 sign
    for place in range(start, last):
        sign = _at(text, place)
        if sign == u"\n":
            end[0] = following[0] = place
            while following[0] < last and _at(text, following[0]) == u"\n":
                following[0] += 1
            return 0
        if not _kind(sign) & END or (place and _kind(_at(text, place - 1)) & END):
            continue
        gap = _skip(text, CLOSING, _skip(text, END, place + 1, last), last)
        letter = _skip(text, GAP, gap, last)
        if letter == gap or letter == last:
            continue
        end[0], following[0] = gap, letter
        letter += _kind(_at(text, letter)) & OPENING != 0
        if letter < last and _kind(_at(text, letter)) & BEGINNING and _may_end_at(text, whole, place):
            return 0
    end[0] = following[0] = last
    return 0


cdef Py_ssize_t _read_marks(Mark* read, marks, str part, Py_ssize_t length) except -1:
    """Read the marks of a part into *read*, which has room for all *marks*; return how many there are."""
    cdef Py_ssize_t count = 0
    for name, start, end, leaf in marks:
        if name != part:
            continue
        read[count].start, read[count].end, read[count].leaf = start, end, leaf
        if read[count].start < (read[count - 1].start if count else 0):
            raise _Rare
        if read[count].end < read[count].start or read[count].end > length:
            raise _Rare
        if read[count].leaf < 0 or read[count].leaf >= LEAVES:
            raise _Rare
        count += 1
    return count


cdef tuple _merge(Text* text, const Mark* marks, Py_ssize_t count, Py_ssize_t first, Py_ssize_t last):
    """Return the marks from *first* to *last*, counted from there; those separated only by space are joined."""
    cdef Py_ssize_t row, start = -1, end = -1
    cdef list joined = []
    for row in range(count):
        if marks[row].end > last:
            continue
        if start >= 0 and _is_gap(text, end, marks[row].start):
            end = max(end, marks[row].end)
            continue
        if start >= 0:
            joined.append((start - first, end - first))
        start, end = marks[row].start, marks[row].end
    if start >= 0:
        joined.append((start - first, end - first))
    return tuple(joined)


cdef inline bint _is_gap(Text* text, Py_ssize_t first, Py_ssize_t last) noexcept nogil:
    """Return whether only spaces are from *first* to *last*, if anything is."""
    cdef Py_ssize_t place
    for place in range(first, last):
        if _at(text, place) != u" " and _at(text, place) != 0xA0:
            return False
    return True


cdef Py_ssize_t _add_sentences(
    Sentence* found, Py_ssize_t number, Text* text, str whole, const Mark* marks, Py_ssize_t count
) except -1:
    """Add the sentences that contain one of *marks* to *found*; return how many there are."""
    cdef Py_ssize_t first = 0, last, start, end, following = 0, at = 0, added = 0, place
    cdef Sentence* sentence
    if text.length > _READ_CHARS:
        first = max(0, marks[0].start - _READ_CHARS // 10)
    last = min(first + _READ_CHARS, text.length)
    start = end = first
    while at < count and marks[at].start < last:
        # Sentences end at line ends, so the lines before are not split.
        for place in range(marks[at].start - 1, start - 1, -1):
            if _at(text, place) == u"\n":
                start = place + 1
                break
        _next_break(text, whole, start, last, &end, &following)
        while end <= marks[at].start:
            start = following
            _next_break(text, whole, start, last, &end, &following)
        sentence = &found[added]
        sentence.text, sentence.start, sentence.end = number, start, end
        while sentence.start < sentence.end and Py_UNICODE_ISSPACE(_at(text, sentence.start)):
            sentence.start += 1
        while sentence.start < sentence.end and Py_UNICODE_ISSPACE(_at(text, sentence.end - 1)):
            sentence.end -= 1
        if marks[at].start < sentence.start or marks[at].start >= sentence.end:
            raise _Rare
        at = _take_marks(sentence, marks, at, count)
        if at < count and marks[at].start < end:
            raise _Rare
        start = following
        added += 1
    return added


cdef Py_ssize_t _take_marks(Sentence* sentence, const Mark* marks, Py_ssize_t at, Py_ssize_t count) noexcept:
    """Set the marks of a sentence, from *at* on, and what follows from them; return the next mark."""
    cdef int64_t adjacent = 0
    sentence.first, sentence.leaves, sentence.is_chosen = at, <uint64_t>1 << marks[at].leaf, False
    at += 1
    while at < count and marks[at].start < sentence.end:
        sentence.leaves |= <uint64_t>1 << marks[at].leaf
        adjacent += marks[at - 1].end + 1 == marks[at].start
        at += 1
    sentence.last = at
    sentence.density = _ADJACENT_BONUS * min(adjacent, 3) + _MATCH_BONUS * min(at - sentence.first, 5)
    return at


cdef void _weigh(const Sentence* found, Py_ssize_t count, const Mark* marks, int64_t* worth) noexcept:
    """Set the weight of each leaf; rare words weigh more."""
    cdef Py_ssize_t number, row
    for row in range(LEAVES):
        worth[row] = 0
    for number in range(count):
        for row in range(found[number].first, found[number].last):
            worth[marks[row].leaf] += 1
    for row in range(LEAVES):
        if worth[row]:
            worth[row] = <int64_t>(_WORD_WEIGHT / (1 + log(<double>worth[row])))


cdef Sentence* _best(Sentence* found, Py_ssize_t count, const int64_t* worth) noexcept:
    """Return the sentence that adds most to those already chosen."""
    cdef Sentence* best = NULL
    cdef int64_t gain, most = -1
    cdef Py_ssize_t number
    cdef int leaf
    for number in range(count):
        if found[number].is_chosen:
            continue
        gain = found[number].density
        for leaf in range(LEAVES):
            if not found[number].leaves >> leaf:
                break
            if found[number].leaves >> leaf & 1:
                gain += worth[leaf]
        if gain > most:
            best, most = &found[number], gain
    return best


cdef list _choose(Sentence* found, Py_ssize_t count, const Mark* marks, list texts, all_marks):
    """Return the passages of the best sentences."""
    cdef int64_t[LEAVES] worth
    cdef uint64_t shown = 0
    cdef Py_ssize_t chars = 0
    cdef int leaf
    cdef Sentence* best
    cdef list chosen = []
    _weigh(found, count, marks, worth)
    while len(chosen) < min(_PASSAGES_MAX, count) and chars < _ENOUGH_CHARS:
        best = _best(found, count, worth)
        best.is_chosen = True
        chosen.append(_passage(best, marks, texts, all_marks))
        chars += best.end - best.start
        for leaf in range(LEAVES):
            if (best.leaves & ~shown) >> leaf & 1:
                worth[leaf] //= _REPEATED_SHARE
        shown |= best.leaves
    return chosen


cdef object _passage(const Sentence* sentence, const Mark* marks, list texts, all_marks):
    cdef str whole = texts[sentence.text][1]
    cdef Text text = _text_of(whole)
    cdef Py_ssize_t first = sentence.start, end = sentence.end
    if end - first > _SENTENCE_CHARS:
        part, _, before = texts[sentence.text]
        own = [mark for mark in all_marks if mark[0] == part]
        own = own[sentence.first - <Py_ssize_t>before : sentence.last - <Py_ssize_t>before]
        return passages.cut_passage(whole, (first, end), own)
    spans = _merge(&text, &marks[sentence.first], sentence.last - sentence.first, first, end)
    return Passage(whole[first:end], spans)


cdef tuple _passages(texts, tuple marks):
    cdef Py_ssize_t room = len(marks), count = 0, read = 0, own, row, number
    cdef Mark* read_marks = <Mark*>malloc((room + 1) * sizeof(Mark))
    cdef Sentence* found = <Sentence*>malloc((room + 1) * sizeof(Sentence))
    cdef Text text
    cdef str part, whole
    cdef list shown = []
    try:
        if read_marks == NULL or found == NULL:
            raise MemoryError
        for part in _SHOWN:
            whole = texts.get(part, "")
            text = _text_of(whole)
            own = _read_marks(&read_marks[read], marks, part, text.length)
            if not own:
                continue
            shown.append((part, whole, read))
            number = _add_sentences(&found[count], len(shown) - 1, &text, whole, &read_marks[read], own)
            for row in range(count, count + number):
                found[row].first += read
                found[row].last += read
            read += own
            count += number
        return tuple(_choose(found, count, read_marks, shown, marks)) if count else passages.take_beginning(texts)
    finally:
        free(read_marks)
        free(found)


def mark_title(str text not None, marks):
    """Return the title with those of *marks* that are in it; *marks* are in reading order."""
    cdef list own = [mark for mark in marks if mark[0] == "title"]
    if len(text) <= _TITLE_CHARS:
        try:
            return _whole(text, own)
        except _Rare:
            pass
    return passages.mark_title(text, own)


cdef object _whole(str text, list marks):
    """Return the whole *text* of a title as a passage."""
    cdef Text characters = _text_of(text)
    cdef Mark* read = <Mark*>malloc((len(marks) + 1) * sizeof(Mark))
    try:
        if read == NULL:
            raise MemoryError
        count = _read_marks(read, marks, "title", characters.length)
        return Passage(text, _merge(&characters, read, count, 0, characters.length))
    finally:
        free(read)


def choose_passages(texts, marks):
    """Return up to three passages of *texts* (by part), best first; without matches, how the text begins."""
    try:
        return _passages(texts, tuple(marks))
    except _Rare:
        pass
    return passages.choose_passages(texts, marks)
