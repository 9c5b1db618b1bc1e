"""The engine on an embedded Whoosh index."""

import time
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

from whoosh.index import EmptyIndexError

from index import deadline
from index.analysis import Analyzer, default_analyzer
from index.codec import open_dir
from index.codec.index_writer import newest_generation
from index.engines.whoosh.passages import choose_passages, mark_title
from index.engines.whoosh.schema import schema
from index.errors import DamagedError, DamagedIndexError, EngineError
from index.query import AnyOf, Clause, Everything, Filters, Phrase, Query, Word
from index.query.relaxation import relax, relax_to_any
from index.query.rewrite import has_negation
from index.results import Explanation, Hit, IndexInfo, Results
from index.search import Searcher, TopDocs, ranking
from index.search.cursor import Cursor
from index.search.match_offsets import MatchOffset, leaves
from index.suggest import Completer, Suggester
from index.suggest.files import Hints

# Terms that "more like this" searches for, and the fewest that a release needs for it.
_TERMS_MAX, _TERMS_MIN = 20, 5
# Characters of the body that "more like this" reads.
_READ_CHARS = 20_000
EXPLAINED_WORDS, _LONG_CHARS = 500, 64
"""The most words in all explanations of an answer; a word counts once more for every 64 characters."""
# If fewer releases match the whole query, partial matches fill the page up to this number.
_FILLED_UP_TO = 10

StoredTexts = Mapping[str, Any]
"""The stored fields of a document that a hit shows; empty ones are left out."""


class WhooshEngine:
    """The index in the folder *path* as it was when opened; immutable, and safe to share between threads.

    *analyzer* is the one that made the index.

    Raises:
        EngineError: there is no index, or it is damaged.
    """

    def __init__(self, path: Path, analyzer: Analyzer | None = None) -> None:
        self._path, self._analyzer = path, analyzer
        try:
            self._searcher, self._hints = _open_newest(path)
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
        """Return the page of hits that *query* asks for; if nothing matches, the hits of a relaxed query.

        Raises:
            CursorError: the cursor belongs to another query, or to an index that has changed since.
        """
        started = time.perf_counter()
        cursor = Cursor.read(query.cursor)
        after = cursor.place if cursor else None
        found = self._searcher.search(query, after=after)
        relaxed = None if found.total else self._relax(query)
        if relaxed is not None:
            query = relaxed
            found = self._searcher.search(query, after=after)
        if cursor is not None:
            cursor.check(query, self._commit)
        hits = self._make_hits(query.clause, found)
        return Results(
            hits=hits,
            total=found.total,
            facets=found.facets,
            histogram=found.histogram,
            cursor=Cursor.at(found.last, query, self._commit).write() if found.last else None,
            widened=relaxed is not None,
            nearest=self._fill_page(query, found, hits, widened=relaxed is not None),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _relax(self, query: Query) -> Query | None:
        """Return *query*, relaxed, if nothing matches it even without its filters; otherwise None."""
        if self._searcher.count(query.clause):
            return None
        clause = relax(query.clause, self._analyzer or default_analyzer(), self._searcher.count)
        return replace(query, clause=clause) if clause else None

    def _fill_page(
        self, query: Query, found: TopDocs, hits: tuple[Hit, ...], *, widened: bool
    ) -> tuple[Hit, ...]:
        """Return the hits that fill the first page if few releases match the whole of *query*."""
        room = min(query.per_page, _FILLED_UP_TO) - found.total
        is_first = query.page == 1 and query.cursor is None
        if not is_first or query.sort != "relevance" or not found.total or room <= 0:
            return ()
        translations = self._find_translations(query, found, hits)[:room]
        shown = {hit.id for hit in translations}
        others = () if widened else self._find_partial_matches(query, found, room)
        return (*translations, *(hit for hit in others if hit.id not in shown))[:room]

    def _find_translations(self, query: Query, found: TopDocs, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return the translations of *hits*, unless *query* has filters or exclusions."""
        if query.filters != Filters() or has_negation(query.clause):
            return ()
        ids = dict.fromkeys(id_ for hit in hits for id_ in hit.translations)
        docs = tuple(doc for id_ in ids if (doc := self._searcher.find(id_)) is not None)
        others = tuple(doc for doc in docs if doc not in found.docs)
        if not others:
            return ()
        clause = relax_to_any(query.clause, self._analyzer or default_analyzer()) or query.clause
        shown = zip(
            others,
            self._searcher.scores(clause, others),
            self._searcher.match_offsets(clause, others),
            strict=True,
        )
        return tuple(self._make_hit(doc, score, (), marks) for doc, score, marks in shown)

    def _find_partial_matches(self, query: Query, found: TopDocs, room: int) -> tuple[Hit, ...]:
        """Return the best *room* releases that match a part of *query*."""
        clause = relax_to_any(query.clause, self._analyzer or default_analyzer())
        if clause is None:
            return ()
        asked = replace(query, clause=clause, per_page=room, histogram=None)
        shown = [*found.docs, *chain.from_iterable(found.folded)]
        others = self._searcher.search(asked, excluded=shown, faceted=False)
        near = sum(score >= ranking.NEAREST_SHARE * max(found.scores) for score in others.scores)
        return self._make_hits(clause, others.first(near))

    def _make_hits(self, clause: Clause, found: TopDocs) -> tuple[Hit, ...]:
        marks = self._searcher.match_offsets(clause, found.docs)
        shown = zip(found.docs, found.scores, found.folded, marks, strict=True)
        return tuple(self._make_hit(*one) for one in shown)

    def _make_hit(
        self, doc: int, score: float, folded: tuple[int, ...], marks: tuple[MatchOffset, ...]
    ) -> Hit:
        deadline.check()
        stored = self._searcher.stored(doc)
        shown: StoredTexts = stored["shown"]
        return Hit(
            id=stored["id"],
            url=shown["url"],
            title=mark_title(shown.get("title", ""), marks),
            passages=choose_passages(shown, marks),
            published=self._searcher.published(doc),
            site=shown["site"],
            ministry=shown["ministry"],
            language=shown["language"],
            score=score,
            also_published_by=self._other_ministries(folded, shown["ministry"]) if folded else (),
            gone=shown.get("gone", False),
            edited=shown.get("edited", False),
            translations=tuple(shown.get("translations", ())),
            machine_translated=shown.get("machine_translated", False),
        )

    def _other_ministries(self, folded: tuple[int, ...], ministry: str) -> tuple[str, ...]:
        """Return the ministries, other than *ministry*, that published the collapsed releases *folded*."""
        others = {self._searcher.stored(other)["shown"]["ministry"] for other in folded}
        return tuple(sorted(others - {ministry}))

    def count(self, query: Query) -> int:
        """Return how many releases match every part of *query*."""
        return self._searcher.count(query.clause, query.filters)

    def explain(self, query: Query, ids: Iterable[str]) -> Mapping[str, Explanation]:
        """Return the explained scores of those of the releases *ids* that match *query*, by id.

        If the query has many words, only the first of *ids* are explained, to bound the work.
        """
        some = islice(ids, max(1, EXPLAINED_WORDS // _count_words(query.clause)))
        asked = {doc: id_ for id_ in some if (doc := self._searcher.find(id_)) is not None}
        query = query if self._searcher.count(query.clause) else self._relax(query) or query
        explained = self._searcher.explain(query.clause, asked)
        others = asked.keys() - explained.keys()
        nearest = relax_to_any(query.clause, self._analyzer or default_analyzer()) if others else None
        if nearest:
            explained |= self._searcher.explain(nearest, others)
        return {asked[doc]: explanation for doc, explanation in explained.items()}

    def similar(self, id_: str, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, best first."""
        doc = self._searcher.find(id_)
        if doc is None:
            return ()
        terms = self._choose_terms(self._searcher.stored(doc)["shown"])
        if len(terms) < _TERMS_MIN:
            return ()
        asked = Query(text="", clause=AnyOf(terms), reading="", per_page=limit + 1)
        found = self._searcher.search(asked, faceted=False)
        least = ranking.SIMILAR_SHARE * max(found.scores, default=0.0)
        others = [
            (other, score)
            for other, score, folded in zip(found.docs, found.scores, found.folded, strict=True)
            # Neither the release itself nor a copy of it.
            if score >= least and doc != other and doc not in folded
        ]
        return tuple(self._make_hit(other, score, (), ()) for other, score in others[:limit])

    def _choose_terms(self, shown: StoredTexts) -> tuple[Word, ...]:
        """Return the terms that characterise a release: frequent in it, rare elsewhere."""
        analyzer = self._analyzer or default_analyzer()
        title, lead, body = (shown.get(part, "") for part in ("title", "lead", "body"))
        text = "\n\n".join((title, title, lead, body[:_READ_CHARS]))
        tokens = analyzer.analyze(text, shown["language"])
        often = Counter(token.forms.lemma[:1] for token in tokens if token.forms.lemma)
        weighed = sorted(
            often, key=lambda lemma: (-often[lemma] * self._searcher.rarity("lemma", lemma[0]), lemma)
        )
        return tuple(Word(text=lemma[0], lemma=lemma) for lemma in weighed[:_TERMS_MAX])

    def ids(self) -> frozenset[str]:
        """Return the ids of all releases."""
        return frozenset(self._searcher.reader.ids())

    def is_present(self, id_: str) -> bool:
        """Return whether the release *id_* is in the index and not marked as gone."""
        doc = self._searcher.find(id_)
        return doc is not None and not self._searcher.stored(doc)["shown"].get("gone", False)

    def info(self) -> IndexInfo:
        """Return what the index holds."""
        return self._info

    def suggester(self) -> Suggester:
        """Return the spelling corrections, made from the word forms in the index."""
        return self._hints.suggester()

    def completer(self) -> Completer:
        """Return the completions to words, institutions and titles of the index."""
        return self._completer

    @cached_property
    def _completer(self) -> Completer:
        everything = Query(text="", clause=Everything(), reading="", per_page=1)
        facets = self.search(everything).facets
        return self._hints.completer(one.value for one in facets.get("ministry", ()))

    def verify_on_disk(self) -> None:
        """Compare the files of the index, as they are on disk now, with their checksums.

        Raises:
            DamagedIndexError: a file is missing, unreadable or not the one that was opened.
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
        """The array files; a file never changes once it is written."""
        return self._searcher.files | {file.path for file in self._hints.files}

    def verify(self, *, sound: Container[Path] = ()) -> None:
        """Compare every byte of the index with its checksum, except in the files known to be *sound*.

        Raises:
            DamagedIndexError: a file is not what was written.
        """
        try:
            self._searcher.verify(sound=sound)
            for file in self._hints.files:
                if file.path not in sound:
                    file.verify()
        except DamagedError as error:
            raise DamagedIndexError(f"{error}; run `reindex --full`") from error


def _count_words(clause: Clause) -> int:
    """Return how many words an explanation has; very long ones count as several."""
    words = (
        word for leaf in leaves(clause) for word in (leaf.words if isinstance(leaf, Phrase) else (leaf,))
    )
    return sum(1 + len(word.text) // _LONG_CHARS for word in words) or 1


def _open_newest(path: Path) -> tuple[Searcher, Hints]:
    """Open the newest commit; try again if a newer one has removed its files since."""
    while True:
        newest = newest_generation(path)
        try:
            searcher = Searcher(
                open_dir(path, schema()), recency=ranking.recency, proximity=ranking.PROXIMITY_BOOST
            )
            return searcher, Hints(searcher.reader)
        except FileNotFoundError:
            if newest_generation(path) == newest:
                raise
