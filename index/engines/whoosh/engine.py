"""The engine on an embedded Whoosh index."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from whoosh.index import EmptyIndexError

from index.analysis import Analyzer
from index.codec import open_dir
from index.codec.index_writer import newest_generation
from index.engines.answers import Answerer
from index.engines.answers.broadening import Broadening
from index.engines.answers.listing import list_answers
from index.engines.takedowns import name_commit
from index.engines.whoosh.listing import WhooshListing, list_among
from index.engines.whoosh.past_texts import PAST, open_past
from index.engines.whoosh.schema import schema
from index.engines.whoosh.similarity import similar_docs
from index.errors import DamagedError, DamagedIndexError, EngineError, unreadable
from index.query import COMPLETED, Everything, Query, parse
from index.query.words import without_scores
from index.results import IndexInfo, ListedRelease
from index.search import IndexReader, Searcher, ranking
from index.segment import ArrayFile
from index.segment.doc_lists import Docs
from index.suggest import Completer, Suggester
from index.suggest.suggester_data import SuggesterData

# The releases searched for by their titles before an engine takes over from another, and the words used of
# each. Whole titles take three times as long, in which requests wait, and make the next searches no faster.
_WARMING, _WARMING_WORDS = 3, 3
# The most documents read to complete a word after others.
_CONTEXT_DOCS = 200
# Parsing needs a day for relative dates, and completions have none, so any day will do.
_ANY_DAY = date(2000, 1, 1)


_Opened = tuple[Searcher, SuggesterData, IndexReader]
"""The searcher of the present texts, the data of suggestions, and the earlier texts."""


class WhooshEngine(Answerer[Searcher]):
    """The index in the folder *path* as it was when opened; immutable, and safe to share between threads.

    *analyzer* must be the one that the index was built with.

    Raises:
        EngineError: there is no index, or it is damaged.
    """

    def __init__(
        self,
        path: Path,
        analyzer: Analyzer | None = None,
        *,
        opened: _Opened | None = None,
        hidden: Collection[str] = (),
    ) -> None:
        self._path = path
        self._last_among: tuple[Searcher, frozenset[str], Docs] | None = None
        searcher, self._suggester_data, self._past = opened or _open(path)
        commit = f"{path.name}.{searcher.reader.generation}"
        super().__init__(
            searcher,
            partial(searcher.followed_by, self._past),
            name_commit(commit, hidden),
            analyzer,
        )
        meta = searcher.reader.meta
        self._info = IndexInfo(
            generation=path.name,
            documents=searcher.reader.live_count,
            number=meta.get("number", 0),
            fingerprint=meta.get("fingerprint", ""),
            hidden=tuple(sorted(hidden)),
        )

    def without(self, ids: Collection[str]) -> "WhooshEngine":
        """Return the engine with the releases *ids* counted as deleted; this one if it has none of them."""
        searcher = self._searcher.without(ids)
        if searcher.reader.live_count == self._searcher.reader.live_count:
            return self
        suggester_data = SuggesterData(searcher.reader, self._suggester_data.files)
        opened = searcher, suggester_data, self._past.without(ids, "release")
        return WhooshEngine(
            self._path, self._given_analyzer, opened=opened, hidden={*self._info.hidden, *ids}
        )

    def warm(self) -> None:
        """Search for some of the releases: that reads what all searches need, and keeps it for the next."""
        self.coverage()
        everything = Query(text="", clause=Everything(), reading="", per_page=_WARMING)
        for hit in self.search(everything).hits:
            text = " ".join(hit.title.text.split()[:_WARMING_WORDS])
            self.search(parse(text, analyzer=self._analyzer, today=_ANY_DAY))
            self.completer().complete(text)

    def listing(self, query: Query) -> WhooshListing:
        """Return all releases that `search` finds, in its order; pages and cursors do not count."""
        scope = self._scope(query)
        return list_answers(scope.broadening, query, partial(WhooshListing, scope.searcher))

    def among(self, query: Query, ids: frozenset[str]) -> Iterator[ListedRelease]:
        """Return those of the releases *ids* that `listing` has, in its order."""
        scope = self._scope(query)
        answered = scope.broadening.find_answered(query)
        known = self._last_among
        # The same releases are looked for by many queries in a row.
        if known is None or known[0] is not scope.searcher or known[1] != ids:
            known = self._last_among = scope.searcher, ids, scope.searcher.docs_of(ids)
        return list_among(scope.searcher, answered, known[2])

    def _find_similar(
        self, doc: int, frequencies: Mapping[str, float], excluded: Sequence[int], limit: int
    ) -> list[tuple[int, float]]:
        with self._searcher.verify_on_error():
            return similar_docs(self._searcher, doc, frequencies, excluded=excluded, limit=limit)

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases."""
        return frozenset(self._searcher.reader.ids())

    @property
    def number(self) -> int:
        """Every change to the store up to this number is in the index."""
        return self._info.number

    def info(self) -> IndexInfo:
        """Return facts about the index."""
        return self._info

    def suggester(self) -> Suggester:
        """Return the spelling corrector, which knows the word forms of the index."""
        return self._suggester_data.suggester()

    def completer(self) -> Completer:
        """Return the autocompletion, which knows the words, institutions and titles of the index."""
        return self._completer

    @cached_property
    def _completer(self) -> Completer:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        facets = self.search(everything).facets
        return self._suggester_data.completer(
            {name: [one.value for one in facets[name]] for name in COMPLETED if name in facets},
            # A method would refer back to the engine, and keep its files open until a garbage collection.
            partial(_find_some, self._searcher, self._broadening, self._analyzer),
            self._analyzer,
        )

    def verify_on_disk(self) -> None:
        """Compare the files of the index, as they are on disk now, with their checksums.

        Raises:
            DamagedIndexError: a file is missing, unreadable or not the file that was opened.
        """
        reader = self._searcher.reader
        try:
            open_dir(self._path, schema())  # checks the table of contents
            open_past(self._path, reader)
            # Those that changed first: their damage is found at once.
            for file in sorted(self._array_files(), key=lambda file: not file.has_changed()):
                file.verify_on_disk()
        except (DamagedError, EmptyIndexError, OSError) as error:
            opened = reader.generation, self._past.generation
            if any((new or 0) > old for new, old in zip(_newest(self._path), opened, strict=True)):
                return  # a later commit removed them
            raise DamagedIndexError(f"{self._path}: {error}; run `reindex --full`") from error

    def has_changed(self) -> bool:
        """Return whether a mapped file was written to since it was opened, or last verified on disk."""
        return any(file.has_changed() for file in self._array_files())

    def is_harmed(self) -> bool:
        """Return whether a mapped file is not what was written, so that answers may be wrong."""
        return any(file.is_harmed() for file in self._array_files())

    def _array_files(self) -> Iterator[ArrayFile]:
        for segment in (*self._searcher.reader.segments, *self._past.segments):
            yield from segment.files
        yield from self._suggester_data.files

    @property
    def unchanged_files(self) -> frozenset[Path]:
        """The array files that nothing wrote to since they were opened, or last verified on disk."""
        return frozenset(file.path for file in self._array_files() if not file.has_changed())

    def verify(self, *, sound: Container[Path] = ()) -> None:
        """Compare all files of the index with their checksums, except files known to be *sound*.

        Raises:
            DamagedIndexError: a file is not what was written.
        """
        try:
            for file in self._array_files():
                if file.path not in sound:
                    file.verify()
        except DamagedError as error:
            raise DamagedIndexError(f"{error}; run `reindex --full`") from error


def _find_some(searcher: Searcher, broadening: Broadening, analyzer: Analyzer, text: str) -> Docs:
    """Return documents that match all of *text*, ascending; an even sample if there are many."""
    query = parse(text, analyzer=analyzer, today=_ANY_DAY)
    clause = without_scores(broadening.settle_clause(query.clause))
    docs = searcher.matching(clause, query.filters)
    return docs[:: -(-len(docs) // _CONTEXT_DOCS) or 1]


def _open(path: Path) -> _Opened:
    try:
        return _open_newest(path)
    except EmptyIndexError as error:
        raise EngineError(f"{path}: no index; run `reindex`") from error
    except DamagedError as error:
        raise DamagedIndexError(f"{error}; run `reindex --full`") from error
    except PermissionError as error:
        raise unreadable(path, error) from error
    except OSError as error:
        raise DamagedIndexError(f"{path}: {error}; run `reindex --full`") from error


def _open_newest(path: Path) -> _Opened:
    """Open the newest commit; try again if a newer one removed its files meanwhile."""
    while True:
        newest = _newest(path)
        try:
            searcher = Searcher(
                open_dir(path, schema()), recency=ranking.recency, proximity=ranking.PROXIMITY_BOOST
            )
            return searcher, SuggesterData(searcher.reader), open_past(path, searcher.reader)
        except FileNotFoundError:
            if _newest(path) == newest:
                raise


def _newest(path: Path) -> tuple[int | None, int | None]:
    """Return the newest commits of the present texts and of the earlier ones."""
    return newest_generation(path), newest_generation(path, PAST)
