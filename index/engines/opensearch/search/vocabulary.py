"""The words of an index: how many releases have a term, and which words have it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from index.engines.opensearch.connection import Json
from index.engines.opensearch.documents import term_key, write_key
from index.engines.opensearch.mappings import PARTS, TEXT_FIELDS, words_field
from index.engines.opensearch.search.snapshot import Snapshot
from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
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
from index.search.index_reader import idf

Term = tuple[str, str]
"""A field and a text."""
Terms = tuple[str, ...]
"""A field and texts."""
TermT = TypeVar("TermT", bound=Terms)
# Terms cached with each kind of answer, and terms and words asked for at once.
_CACHED_MAX, _ASKED, _PAGE = 20_000, 1_000, 10_000

_PAGE_OF_WORDS: Json = {"size": _PAGE, "sort": ["key"]}


class IndexedWord(NamedTuple):
    """A word of the index: its number, and its exact terms."""

    key: int
    exact: tuple[str, ...]


class ClusterVocabulary:
    """The words of a *snapshot*; what was looked up is kept."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sizes: dict[Terms, int] = {}
        self._words: dict[Term, tuple[IndexedWord, ...]] = {}
        self._counts: dict[tuple[int, ...], int] = {}

    def size(self, field: str, *texts: str) -> int:
        """Return the number of releases with any of the terms *texts* in *field*."""
        while (size := self._sizes.get((field, *texts))) is None:  # another thread may empty the cache
            self.look_up_sizes([(field, *texts)])
        return size

    def idf(self, documents: int) -> float:
        """Return the inverse document frequency of a term that this many releases have."""
        return idf(self._snapshot.documents, documents)

    def words(self, field: str, text: str) -> tuple[IndexedWord, ...]:
        """Return the words that have the term *text* in *field*."""
        while (words := self._words.get((field, text))) is None:
            self.look_up_words([(field, text)])
        return words

    def look_up(self, terms: Iterable[Terms]) -> None:
        """Ask at once for the sizes of *terms*, and for the words that have any of their texts."""
        asked = list(dict.fromkeys(terms))
        sizes = [term for term in asked if term not in self._sizes]
        texts = dict.fromkeys((field, text) for field, *texts in asked for text in texts)
        words = [term for term in texts if term not in self._words]
        if not (0 < len(sizes) <= _ASKED and 0 < len(words) <= _ASKED):
            self.look_up_sizes(
                sizes
            )  # too many to ask at once; the words of those that match are asked for later
            return
        counts, answer = self._snapshot.count_with_words(
            [_any_of(*term) for term in sizes], {**_PAGE_OF_WORDS, "query": _any_term(words)}
        )
        self._sizes.update(zip(sizes, counts, strict=True))
        if len(hits := answer["hits"]["hits"]) < _PAGE:
            self._keep_words(words, (hit["_source"] for hit in hits))

    def look_up_sizes(self, terms: Iterable[Terms]) -> None:
        """Ask for the sizes of *terms* at once; of several texts in a field, for that of their union."""
        new = [term for term in dict.fromkeys(terms) if term not in self._sizes]
        if len(self._sizes) > _CACHED_MAX:
            self._sizes = {}
        for some in _slices(new, _ASKED):
            counts = self._snapshot.count_all([_any_of(*term) for term in some])
            self._sizes.update(zip(some, counts, strict=True))

    def look_up_words(self, terms: Iterable[Term]) -> None:
        """Ask for the words of *terms* at once."""
        new = [term for term in dict.fromkeys(terms) if term not in self._words]
        if len(self._words) > _CACHED_MAX:
            self._words = {}
        for some in _slices(new, _ASKED):
            self._keep_words(some, self._find(_any_term(some)))

    def _keep_words(self, terms: Sequence[Term], sources: Iterable[Json]) -> None:
        """Keep the words *sources*, which are all that have any of *terms*."""
        found: dict[Term, list[IndexedWord]] = {(field, term_key(text)): [] for field, text in terms}
        for source in sources:
            word = IndexedWord(int(source["key"], 16), tuple(source["exact"]))
            for field in (*TEXT_FIELDS, "fold"):
                for text in source[field]:
                    if (field, text) in found:
                        found[field, text].append(word)
        self._words.update({(field, text): tuple(found[field, term_key(text)]) for field, text in terms})

    def count_with(self, words: Iterable[IndexedWord]) -> int:
        """Return the number of releases that contain any of *words*."""
        keys = tuple(sorted(word.key for word in words))
        if keys not in self._counts:
            texts = list(map(write_key, keys))
            query = {"bool": {"should": [{"terms": {words_field(part): texts}} for part in PARTS]}}
            (self._counts[keys],) = self._snapshot.count_all([query])
        return self._counts[keys]

    def keys_matching(self, query: Json) -> list[str]:
        """Return the numbers of the words that match *query*, as terms."""
        return [source["key"] for source in self._find(query)]

    def _find(self, query: Json) -> Iterator[dict[str, Any]]:
        body: dict[str, Any] = {**_PAGE_OF_WORDS, "query": query}
        while True:
            hits = self._snapshot.search_words(body)["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < _PAGE:
                return
            body["search_after"] = hits[-1]["sort"]


def _any_of(field: str, *texts: str) -> Json:
    return {"terms": {field: list(map(term_key, texts))}}


def _any_term(terms: Sequence[Term]) -> Json:
    by_field: dict[str, list[str]] = {}
    for field, text in terms:
        by_field.setdefault(field, []).append(term_key(text))
    return {"bool": {"should": [{"terms": {field: texts}} for field, texts in by_field.items()]}}


def _slices(values: Sequence[TermT], size: int) -> Iterator[Sequence[TermT]]:
    return (values[first : first + size] for first in range(0, len(values), size))


def words_of(clause: Clause) -> Iterator[Word]:
    """Yield the words of a clause, also those of its phrases and of what it excludes."""
    match clause:
        case Word():
            yield clause
        case Phrase(words=inner):
            yield from inner
        case AllOf(inner) | AnyOf(inner) | MostOf(inner) | EnoughOf(inner) | Related(inner):
            for each in inner:
                yield from words_of(each)
        case Not(inner) | InOpening(inner):
            yield from words_of(inner)
        case Prefix() | Fuzzy() | Wildcard():
            pass


def terms_to_settle(clause: Clause) -> Iterator[Terms]:
    """Yield the terms whose sizes settle what the words of *clause* match, and weigh them."""
    for word in words_of(clause):
        lemmas = (*word.lemma, *word.unaccented, *((word.acronym,) if word.acronym else ()))
        yield from (("lemma", text) for text in lemmas)
        if word.pooled:
            yield "lemma", *word.lemma
        yield from (("exact", text) for text in word.exact)
        yield from (("fold", text) for text in word.fold)
        yield from (("stem", text) for text in word.stem)
