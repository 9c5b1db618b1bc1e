"""The phrases and names of a segment, mined when it is written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import numpy as np

from index.analysis.latvian.stopwords import stop_words
from index.segment import Array, ArrayFile, Postings
from index.segment.doc_lists import Docs
from index.segment.postings import WordField, WordPostings
from index.segment.stored_json import StoredJson
from index.suggest.collocations import Collocation, Tokens, collocations
from index.suggest.phrase_index import Entry
from index.suggest.proper_names import CountedNames

# Small segments are read whole, others by sample, one document of this number: a name worth offering is in
# several releases, a collocation in many. Names take 50 µs a release, a tenth of its indexing.
_READ_ALL = 2_500
_NAMES_EVERY, _COLLOCATIONS_EVERY = 6, 16
# At most about this number, which bounds the time and memory of segments of a million.
_NAMES_DOCS, _COLLOCATIONS_DOCS = 40_000, 16_000
# A collocation must occur twice, and once more for each 3,000 documents of the segment.
_DOCS_PER_OCCURRENCE = 3_000
# Only the most frequent names and collocations are kept, at most this number.
_NAMES_MAX, _COMPOUNDS_MAX, _COLLOCATIONS_MAX = 100_000, 20_000, 30_000
# A collocation begins with a capital if it does so inside a sentence in this share of its occurrences; others
# may begin a sentence.
_HEADED_SHARE = 0.3
# A collocation that continues alike in this share of its occurrences is only the beginning of a longer one.
_CONTINUED_SHARE = 0.8
# English function words; those of Latvian are the stop words of queries.
_ENGLISH = frozenset(
    "a an the of in on at to for from by with and or as is are was were be been has have had will this that"
    " these those its their his her it not than who which per into about".split()
)


def phrases(postings: Postings, documents: ArrayFile) -> Iterator[Entry]:
    """Yield the phrases and names of the segment with *postings* and *documents*, each once."""
    exact = postings.fields.get("exact")
    if not isinstance(exact, WordField) or postings.words is None:
        return
    docs = _sample(postings.documents, every=_NAMES_EVERY, most=_NAMES_DOCS)
    scale = postings.documents / len(docs)
    counted = CountedNames.of(_texts(documents, docs))
    names = _Names(counted, exact, scale)
    yield from islice(names.entries(), _NAMES_MAX)
    yield from islice(names.compounds(), _COMPOUNDS_MAX)
    docs = _sample(postings.documents, every=_COLLOCATIONS_EVERY, most=_COLLOCATIONS_DOCS)
    yield from _collocations(postings, postings.words, exact, docs, names)


def _sample(count: int, *, every: int, most: int) -> Docs:
    docs = np.arange(count)
    return np.concatenate((docs[:_READ_ALL], docs[_READ_ALL :: max(every, -(-count // most))]))


def _texts(documents: ArrayFile, docs: Docs) -> Iterator[str]:
    """Yield the texts of *docs*: their stored JSON from the title on, which is faster than to parse it."""
    stored = StoredJson(documents)
    for doc in docs.tolist():
        content = stored[doc]
        yield content[content.find(b'"title":') :].decode()


class _Names:
    """The names in the texts that were read: one text in *scale* of the segment."""

    def __init__(self, counted: CountedNames, exact: WordField, scale: float) -> None:
        self._counts, self._scale = Counter(counted.names), scale
        for name, count in counted.names.items():
            if " " in name:
                self._counts.update(dict.fromkeys(filter(str.istitle, name.split()), count))
        self._spellings: dict[str, str] = {}
        for name, count in self._counts.most_common():
            in_lower_case = _releases(exact, name.lower()) / scale - counted.capitalized[name.lower()]
            if " " in name or count >= in_lower_case:
                self._spellings.setdefault(name.lower(), name)
        self._headed, self._compounds = counted.headed, counted.compounds
        self._hyphenated = {compound.replace("-", ""): compound for compound in counted.compounds}

    def entries(self) -> Iterator[Entry]:
        """Yield the names, the most frequent first."""
        for name in self._spellings.values():
            yield Entry(name, self._releases(self._counts[name]), is_name=True)

    def compounds(self) -> Iterator[Entry]:
        """Yield the hyphenated words, which a word list leaves out, the most frequent first."""
        for compound, count in self._compounds.most_common():
            if compound not in self._spellings and compound[-1].isalpha():
                yield Entry(compound, self._releases(count), is_name=False)

    def _releases(self, count: int) -> int:
        return max(1, round(count * self._scale))

    def __contains__(self, text: str) -> bool:
        return text in self._spellings

    def write(self, words: list[str], count: int) -> tuple[str, bool]:
        """Return the spelling of lower-case *words* inside a sentence; they occur *count* times.

        Also return whether they begin with a capital that the first word alone would not have.
        """
        words = [self._hyphenated.get(word, word) for word in words]
        headed = self._headed[" ".join(words[:2])]
        is_headed = headed >= _HEADED_SHARE * count
        written = [self._spellings.get(word, word) for word in words]
        if is_headed:
            written[0] = written[0][:1].upper() + written[0][1:]
        return " ".join(written), is_headed


def _releases(exact: WordField, form: str) -> int:
    term = exact.terms.find(form.encode())
    return exact.size(term) if term >= 0 else 0


def _collocations(
    postings: Postings, words: WordPostings, exact: WordField, docs: Docs, names: _Names
) -> Iterator[Entry]:
    tokens = Tokens.read(words.sequences, postings.arrays["span/codes"], docs)
    found = list(
        collocations(
            tokens,
            _stems(postings, len(words)),
            _function_words(exact, len(words)),
            occurrences_min=2 + len(docs) // _DOCS_PER_OCCURRENCE,
        )
    )
    longest_form = cache(lambda word: _longest(exact.terms_of_word(word)))  # most words are in several
    for item in islice(_whole(found), _COLLOCATIONS_MAX):
        forms = [longest_form(word) for word in item.words]
        if " ".join(forms) in names or not (_has_letters(forms[0]) and _has_letters(forms[-1])):
            continue
        text, is_name = names.write(forms, item.occurrences)
        yield Entry(text, round(item.occurrences * postings.documents / len(docs)), is_name)


def _whole(found: Sequence[Collocation]) -> Iterator[Collocation]:
    """Yield the most frequent first, without those that nearly always continue."""
    continued = Counter[tuple[int, ...]]()
    for item in found:
        continued[item.stems[:-1]] += item.occurrences
    for item in sorted(found, key=lambda item: (-item.occurrences, item.words)):
        if continued[item.stems] < _CONTINUED_SHARE * item.occurrences:
            yield item


def _stems(postings: Postings, count: int) -> Array:
    """Return, by word, the number of its first stem."""
    numbers = np.zeros(count, np.int64)
    field = postings.fields.get("stem")
    if isinstance(field, WordField):
        terms, words = field.pairs()
        numbers[words[::-1]] = terms[::-1]
    return numbers


def _function_words(exact: WordField, count: int) -> Array:
    """Return, by word, whether it is a function word."""
    are = np.zeros(count, bool)
    for form in stop_words() | _ENGLISH:
        term = exact.terms.find(form.encode())
        if term >= 0:
            are[exact.words_of(term)] = True
    return are


def _longest(terms: list[bytes]) -> str:
    return max((term for term in terms if not term.startswith(b"^")), key=len, default=b"").decode()


def _has_letters(form: str) -> bool:
    return any(map(str.isalpha, form))
