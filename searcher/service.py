"""The service behind the page and the API: index, store and settings, shared by all threads."""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date

from flask import current_app
from msgspec.structs import replace

from index import deadline
from index.edits import EditFile
from index.engines import Engine, Listing
from index.errors import EngineError
from index.history import ChangeList, LaterChanges, ListedEvent, ShownVersion, StandingText, TextHistory
from index.history.observation import Days, observed, seen_lately
from index.institutions import Institutions
from index.query import Note, Part, Query
from index.register import LiveNames, RegisterFile
from index.release_view import Archive, ArchivedRelease
from index.results import Appearance, Hit, ListedRelease, Passage, Results
from index.suggest import Completion
from index.version_log.log_view import LogView
from searcher.answer_version import AnswerVersion
from searcher.asking import Asker, SearchResponse
from searcher.config import SearcherConfig
from searcher.i18n import DEFAULT
from searcher.params import ParameterError, SearchParams


@dataclass(slots=True, kw_only=True, eq=False)
class Service:
    """Answers requests, each within the time limit of the settings; safe to share between threads."""

    settings: SearcherConfig
    engine: Engine
    asker: Asker
    archive: Archive
    history: TextHistory
    changes: ChangeList
    edits: EditFile
    register_file: RegisterFile
    names: LiveNames
    log: LogView
    institutions: Institutions
    version: AnswerVersion

    @property
    def register(self) -> RegisterFile:
        """The register, without the releases that are hidden now."""
        return self.register_file.without(self.archive.absent_ids())

    def version_address(self, release: str, number: int) -> str:
        """Return the permanent address of a version of *release*; only its path without a ``base_url``."""
        return f"{self.settings.address}/releases/{release}/versions/{number}"

    def require_institutions(self, names: Iterable[str]) -> None:
        """Check that *names* are institutions; a misspelt one would look like one without releases.

        Raises:
            EngineError: the index is missing or damaged.
            ParameterError: one of them is not.
        """
        unknown = next((name for name in names if name not in self.institutions.names()), None)
        if unknown is not None:
            reason = f"no institution is named {unknown!r}; /api/v1/institutions lists them"
            raise ParameterError({"ministry": reason})

    def search(self, params: SearchParams, *, face: str = DEFAULT) -> SearchResponse:
        """Run a search; *face* is the language of the page that shows it.

        Raises:
            CursorError: the cursor is not valid for this query.
            DeadlineError: the search exceeds `answer_s` of the settings.
            EngineError: the index is missing or damaged.
        """
        with self._time_limit():
            answer = self.asker.answer(params, face=face)
            if not answer.query.filters.is_through_time:
                return answer
            days = answer.query.filters.stood
            hits = observed(answer.results.hits, days, self.history.last_seen)
            found = answer.appearance and self._observed(answer.appearance, days)
            results = replace(answer.results, hits=hits)
            return replace(answer, results=results, appearance=found, cut=self._count_cut())

    def answers(self, searches: Iterable[SearchParams]) -> list[SearchResponse]:
        """Run several searches of present texts in the time that one may take.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            return list(map(self.asker.answer, searches))

    def _observed(self, found: Appearance, days: Days | None) -> Appearance:
        first, last = (
            next(iter(observed((hit,) if hit else (), days, self.history.last_seen)), None)
            for hit in (found.first, found.last)
        )
        return replace(found, first=first, last=last)

    def _count_cut(self) -> int:
        return self.history.count_cut(self.engine.info().number)

    def appearance(self, params: SearchParams) -> tuple[Query, Appearance, int]:
        """Return when a text with all of a query first appeared, and last stood; and how that was read.

        The number is of the releases of which some earlier texts are not kept, and so not searched.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            query = self.asker.read_as_typed(params)
            found = self._observed(self.engine.appearance(query), query.filters.stood)
            return query, found, self._count_cut()

    def notes(self, params: SearchParams) -> tuple[Note, ...]:
        """Return the notes on parts of a query that may be meant in another way than they are read.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            return self.asker.read_as_typed(params).notes

    def results(self, params: SearchParams, *, face: str = DEFAULT) -> Results:
        """Run a search without suggestions and explanations, as `search` does.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            return self.engine.search(self.asker.read(params, face=face).query)

    def listing(self, params: SearchParams, *, face: str = DEFAULT) -> Listing:
        """Return all releases that a search finds, in its order; pages and cursors do not count.

        *face* is as of `search`.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            return self.engine.listing(self.asker.read(params, face=face).query)

    def seen_lately(self, releases: Iterable[ListedRelease]) -> Iterator[ListedRelease]:
        """Yield *releases* that `listing` has of a search through time, with the last visits to their texts.

        Raises:
            EngineError: the store is missing or damaged.
        """
        return seen_lately(releases, self.history.last_seen)

    def among(
        self, params: SearchParams, ids: Collection[str], *, face: str = DEFAULT
    ) -> list[ListedRelease]:
        """Return those of the releases *ids* that `listing` has, in its order.

        Raises:
            DeadlineError, EngineError: as for `search`.
        """
        with self._time_limit():
            return [*self.engine.among(self.asker.read(params, face=face).query, frozenset(ids))]

    def mark(self, params: SearchParams, id_: str) -> Mapping[Part, Passage]:
        """Return title, lead and body of the release *id_* with the matches of a search marked."""
        with self._time_limit():
            return self.engine.mark(self.asker.read(params).query, id_)

    def complete(self, typed: str) -> tuple[Completion, ...]:
        """Return completions of *typed*: words, names, institutions, titles; none with a hidden name."""
        with self._time_limit():
            found = self.engine.completer().complete(typed)
            return tuple(one for one in found if not self.names.hides(one.text))

    def similar(self, id_: str) -> tuple[Hit, ...]:
        """Return the releases most similar to the release *id_*, most similar first."""
        with self._time_limit():
            return self.engine.similar(id_)

    def release(self, id_: str) -> ArchivedRelease | None:
        """Return the release *id_*; None if it is unknown or must not be shown."""
        with deadline.at_most(self.settings.answer_s):
            return self.archive.release(id_)

    def edit(self, id_: str, number: int) -> ArchivedRelease | None:
        """Return the release *id_* with its edit *number* alone; None if it must not be shown or has none."""
        with deadline.at_most(self.settings.answer_s):
            return self.archive.edit(id_, number)

    def text_versions(
        self, id_: str, *, after: int, at_most: int
    ) -> tuple[tuple[ShownVersion, ...] | None, Mapping[str, int]]:
        """Return `TextHistory.versions` and `TextHistory.counts` of the release *id_*.

        Raises:
            DeadlineError: it exceeds `answer_s` of the settings.
            EngineError: the store is missing or damaged.
        """
        with deadline.at_most(self.settings.answer_s):
            return self.history.versions(id_, after=after, at_most=at_most), self.history.counts(id_)

    def text_version(self, id_: str, number: int) -> ShownVersion | None:
        """Return the version *number* of the release *id_*; None if it must not be shown or has none."""
        with deadline.at_most(self.settings.answer_s):
            return self.history.version(id_, number)

    def texts_as_of(self, id_: str, day: date) -> tuple[StandingText, ...] | None:
        """Return the texts that the release *id_* had or may have had on a *day*; None if it is not shown."""
        with deadline.at_most(self.settings.answer_s):
            return self.history.as_of(id_, day)

    def later_changes(self, id_: str, number: int) -> LaterChanges | None:
        """Return what has changed since a version of the release *id_*; None if that is not shown."""
        with deadline.at_most(self.settings.answer_s):
            return self.history.later_changes(id_, number)

    def list_changes(self, since: str, *, at_most: int) -> tuple[list[ListedEvent], str]:
        """Return the changes after the place *since* that the index holds, and the place after them.

        Raises:
            DeadlineError: it exceeds `answer_s` of the settings.
            EngineError: the store or the index is missing or damaged.
            EpochError, PlaceError: as for `ChangeList.changes`.
        """
        number = self.engine.info().number
        with deadline.at_most(self.settings.answer_s):
            return self.changes.changes(since, up_to=number, at_most=at_most)

    def follow_changes(
        self, since: str, looks: Generator[None], *, at_most: int
    ) -> Generator[tuple[list[ListedEvent], str]]:
        """Yield the changes after the place *since*, and the place after them, at each of *looks*.

        They are *at_most* at a time, and none while there are no others.
        Closing it closes *looks*.

        Raises:
            DeadlineError, EngineError, EpochError, PlaceError: as for `list_changes`.
        """
        read = None
        """The number of the index of which all changes are read."""
        with closing(looks):
            for _ in looks:
                number = self.engine.info().number
                found: list[ListedEvent] = []
                if number != read:
                    found, since = self.list_changes(since, at_most=at_most)
                    read = number if len(found) < at_most else None
                yield found, since

    @contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Limit the time of an answer, not counting the time to open a new index or the related words."""
        self.engine.info()
        self.asker.related_words.load()
        with deadline.at_most(self.settings.answer_s):
            yield

    def warm(self) -> None:
        """Open the index, so that the first search need not wait; do nothing if there is none yet."""
        self.asker.related_words.load()
        with suppress(EngineError):
            self.search(SearchParams())


def current_service() -> Service:
    """Return the service of the current app."""
    service = current_app.extensions["service"]
    assert isinstance(service, Service)  # noqa: S101 - narrows the type of Flask's untyped registry
    return service
