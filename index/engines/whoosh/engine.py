"""The engine on an embedded Whoosh index."""

import time
import typing
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from whoosh.index import EmptyIndexError

from index import deadline
from index.analysis import Analyzer, default_analyzer
from index.codec import open_dir
from index.codec.index_writer import newest_generation
from index.engines.whoosh import passages
from index.engines.whoosh.schema import schema
from index.errors import DamagedError, DamagedIndexError, EngineError
from index.query import AnyOf, Clause, Everything, Filters, Phrase, Query, Word
from index.query.rewrite import nearer, refuses, wider
from index.results import Explanation, Hit, IndexInfo, Results
from index.search import Searcher, TopDocs, ranking
from index.search.cursor import Cursor
from index.search.match_offsets import MatchOffset, leaves
from index.suggest import Completer, Suggester
from index.suggest.files import Hints

# A release is described by so many words, and is like none if it has fewer than so many.
_TELLING_WORDS, _ALIKE_WORDS = 20, 5
_READ_CHARS = 20_000
EXPLAINED_WORDS, _LONG_CHARS = 500, 64
"""Words that all explanations of an answer tell of, together; a word counts once for so many letters."""
# Where fewer releases have every word, those that have some of them fill the page up to this many hits.
_FILLED_UP_TO = 10

Shown = Mapping[str, typing.Any]
"""What is stored of a document to be shown, less what is empty: strings, a language, flags."""


class WhooshEngine:
    """The index in the folder *path* as it was when opened; immutable, shared by all threads.

    *analyzer* is the one that the index was made by.

    Raises:
        EngineError: there is none, or it is damaged.
    """

    def __init__(self, path: Path, analyzer: Analyzer | None = None) -> None:
        self._path, self._analyzer = path, analyzer
        try:
            self._searcher, self._hints = _opened(path)
        except EmptyIndexError as error:
            raise EngineError(f"{path}: no index; run `reindex`") from error
        except (DamagedError, OSError) as error:
            raise DamagedIndexError(f"{path}: {error}; run `reindex --full`") from error
        self._commit = f"{path.name}.{self._searcher.reader.generation}"
        meta = self._searcher.reader.meta
        self._info = IndexInfo(
            generation=path.name,
            documents=self._searcher.reader.live_count,
            number=meta.get("number", 0),
            fingerprint=meta.get("fingerprint", ""),
        )

    def search(self, query: Query) -> Results:
        """Return the page of hits that *query* asks for; where none has all of it, what comes nearest.

        Raises:
            CursorError: the query cannot go on from its cursor.
        """
        started = time.perf_counter()
        begun = Cursor.read(query.cursor)
        after = begun.place if begun else None
        found = self._searcher.search(query, after=after)
        nearest = None if found.total else self._wider(query)
        if nearest is not None:
            query = nearest
            found = self._searcher.search(query, after=after)
        if begun is not None:
            begun.check(query, self._commit)
        hits = self._hits(query.clause, found)
        return Results(
            hits=hits,
            total=found.total,
            facets=found.facets,
            histogram=found.histogram,
            cursor=Cursor.at(found.last, query, self._commit).write() if found.last else None,
            widened=nearest is not None,
            nearest=self._filling(query, found, hits, widened=nearest is not None),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _wider(self, query: Query) -> Query | None:
        """Return the query that comes nearest where no release has all of it, whatever the filters."""
        if self._searcher.count(query.clause):
            return None
        clause = wider(query.clause, self._analyzer or default_analyzer(), self._searcher.count)
        return replace(query, clause=clause) if clause else None

    def _filling(
        self, query: Query, found: TopDocs, hits: tuple[Hit, ...], *, widened: bool
    ) -> tuple[Hit, ...]:
        """Return what fills a first page up on which few releases have all that *query* asks for."""
        room = min(query.per_page, _FILLED_UP_TO) - found.total
        is_first = query.page == 1 and query.cursor is None
        if not is_first or query.sort != "relevance" or not found.total or room <= 0:
            return ()
        translations = self._translations(query, found, hits)[:room]
        shown = {hit.id for hit in translations}
        others = () if widened else self._nearest(query, found, room)
        return (*translations, *(hit for hit in others if hit.id not in shown))[:room]

    def _translations(self, query: Query, found: TopDocs, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return the hits in other languages, unless the query says what must not be."""
        if query.filters != Filters() or refuses(query.clause):
            return ()
        ids = dict.fromkeys(id_ for hit in hits for id_ in hit.translations)
        docs = tuple(doc for id_ in ids if (doc := self._searcher.find(id_)) is not None)
        others = tuple(doc for doc in docs if doc not in found.docs)
        if not others:
            return ()
        clause = nearer(query.clause, self._analyzer or default_analyzer()) or query.clause
        shown = zip(
            others,
            self._searcher.scores(clause, others),
            self._searcher.match_offsets(clause, others),
            strict=True,
        )
        return tuple(self._hit(doc, score, (), marks) for doc, score, marks in shown)

    def _nearest(self, query: Query, found: TopDocs, room: int) -> tuple[Hit, ...]:
        """Return those that have some of what *query* asks for."""
        clause = nearer(query.clause, self._analyzer or default_analyzer())
        if clause is None:
            return ()
        asked = replace(query, clause=clause, per_page=room, histogram=None)
        shown = [*found.docs, *chain.from_iterable(found.folded)]
        others = self._searcher.search(asked, excluded=shown, faceted=False)
        near = sum(score >= ranking.NEAREST_SHARE * max(found.scores) for score in others.scores)
        return self._hits(clause, others.first(near))

    def _hits(self, clause: Clause, found: TopDocs) -> tuple[Hit, ...]:
        marks = self._searcher.match_offsets(clause, found.docs)
        shown = zip(found.docs, found.scores, found.folded, marks, strict=True)
        return tuple(self._hit(*one) for one in shown)

    def _hit(self, doc: int, score: float, folded: tuple[int, ...], marks: tuple[MatchOffset, ...]) -> Hit:
        deadline.check()
        stored = self._searcher.stored(doc)
        shown: Shown = stored["shown"]
        return Hit(
            id=stored["id"],
            url=shown["url"],
            title=passages.title(shown.get("title", ""), marks),
            passages=passages.passages(shown, marks),
            published=self._searcher.published(doc),
            site=shown["site"],
            ministry=shown["ministry"],
            language=shown["language"],
            score=score,
            also_published_by=self._others(folded, shown["ministry"]) if folded else (),
            gone=shown.get("gone", False),
            edited=shown.get("edited", False),
            translations=tuple(shown.get("translations", ())),
            machine_translated=shown.get("machine_translated", False),
        )

    def _others(self, folded: tuple[int, ...], ministry: str) -> tuple[str, ...]:
        """Return which ministries beside *ministry* published one of the releases *folded*."""
        others = {self._searcher.stored(other)["shown"]["ministry"] for other in folded}
        return tuple(sorted(others - {ministry}))

    def count(self, query: Query) -> int:
        """Return how many releases have all that *query* asks for."""
        return self._searcher.count(query.clause, query.filters)

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return why those of the releases *ids* that match *query* score what they do.

        Of the first of them only, where the query has many words: the longer it is, the more is told of each.
        """
        some = islice(ids, max(1, EXPLAINED_WORDS // _told(query.clause)))
        asked = {doc: id_ for id_ in some if (doc := self._searcher.find(id_)) is not None}
        query = query if self._searcher.count(query.clause) else self._wider(query) or query
        told = self._searcher.explain(query.clause, asked)
        others = asked.keys() - told.keys()
        nearest = nearer(query.clause, self._analyzer or default_analyzer()) if others else None
        if nearest:
            told |= self._searcher.explain(nearest, others)
        return {asked[doc]: explanation for doc, explanation in told.items()}

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most like the release *id_*, the most alike first."""
        doc = self._searcher.find(id_)
        if doc is None:
            return ()
        telling = self._telling(self._searcher.stored(doc)["shown"])
        if len(telling) < _ALIKE_WORDS:
            return ()
        asked = Query(text="", clause=AnyOf(telling), reading="", per_page=limit + 1)
        found = self._searcher.search(asked, faceted=False)
        least = ranking.SIMILAR_SHARE * max(found.scores, default=0.0)
        others = [
            (other, score)
            for other, score, folded in zip(found.docs, found.scores, found.folded, strict=True)
            # Neither itself nor a copy of it.
            if score >= least and doc != other and doc not in folded
        ]
        return tuple(self._hit(other, score, (), ()) for other, score in others[:limit])

    def _telling(self, shown: Shown) -> tuple[Word, ...]:
        """Return the words that tell a release from others: often in it, seldom elsewhere."""
        analyzer = self._analyzer or default_analyzer()
        title, lead, body = (shown.get(part, "") for part in ("title", "lead", "body"))
        text = "\n\n".join((title, title, lead, body[:_READ_CHARS]))
        tokens = analyzer.analyze(text, shown["language"])
        often = Counter(token.forms.lemma[:1] for token in tokens if token.forms.lemma)
        weighed = sorted(
            often, key=lambda lemma: (-often[lemma] * self._searcher.rarity("lemma", lemma[0]), lemma)
        )
        return tuple(Word(text=lemma[0], lemma=lemma) for lemma in weighed[:_TELLING_WORDS])

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases."""
        return frozenset(self._searcher.reader.ids())

    def is_present(self, id_: str) -> bool:
        """Tell whether the release *id_* is there and not shown as gone."""
        doc = self._searcher.find(id_)
        return doc is not None and not self._searcher.stored(doc)["shown"].get("gone", False)

    def info(self) -> IndexInfo:
        """Return what the index holds."""
        return self._info

    def suggester(self) -> Suggester:
        """Return what corrects words by the forms that stand in the index."""
        return self._hints.suggester()

    def completer(self) -> Completer:
        """Return what completes what is typed to words, institutions and titles of the index."""
        return self._completer

    @cached_property
    def _completer(self) -> Completer:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        facets = self.search(everything).facets
        return self._hints.completer(one.value for one in facets.get("ministry", ()))

    def verify_on_disk(self) -> None:
        """Compare the files of the index as they are on disk now with their checksums.

        Raises:
            DamagedIndexError: one is missing, unreadable or not what was opened.
        """
        reader = self._searcher.reader
        try:
            open_dir(self._path, schema())  # checks the table of contents
            for file in (
                *(file for segment in reader.segments for file in segment.files),
                *self._hints.files,
            ):
                file.verify_on_disk()
        except (DamagedError, EmptyIndexError, OSError) as error:
            if (newest_generation(self._path) or 0) > reader.generation:
                return  # a later commit removed them
            raise DamagedIndexError(f"{self._path}: {error}; run `reindex --full`") from error

    @property
    def files(self) -> frozenset[Path]:
        """The files of arrays; what is in one never changes."""
        return self._searcher.files | {file.path for file in self._hints.files}

    def verify(self, *, sound: Container[Path] = ()) -> None:
        """Compare every byte of the index with its checksum, less the files known to be *sound*.

        Raises:
            DamagedIndexError: one differs.
        """
        try:
            self._searcher.verify(sound=sound)
            for file in self._hints.files:
                if file.path not in sound:
                    file.verify()
        except DamagedError as error:
            raise DamagedIndexError(f"{error}; run `reindex --full`") from error


def _told(clause: Clause) -> int:
    """Return how many words an explanation tells of; very long ones count as several."""
    words = (
        word for leaf in leaves(clause) for word in (leaf.words if isinstance(leaf, Phrase) else (leaf,))
    )
    return sum(1 + len(word.text) // _LONG_CHARS for word in words) or 1


def _opened(path: Path) -> tuple[Searcher, Hints]:
    """Open what the newest commit made, be it one that meanwhile removes what the one before named."""
    while True:
        newest = newest_generation(path)
        try:
            searcher = Searcher(
                open_dir(path, schema()), recency=ranking.recency, together=ranking.PROXIMITY_BOOST
            )
            return searcher, Hints(searcher.reader)
        except FileNotFoundError:
            if newest_generation(path) == newest:
                raise
