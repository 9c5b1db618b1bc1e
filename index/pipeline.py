"""Updates, rebuilds, rolls back or checks the index: the steps of `reindex`, for any engine."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import structs

from crawler.store import Store
from index import best_bets
from index.analysis import Analyzer
from index.config import ConfigError, IndexConfig
from index.edits import record_edits
from index.engines import IndexBuilder, IndexedChanges
from index.errors import DamagedIndexError, EngineError
from index.evaluation import UNJUDGED, Judged, LossGuard, RelevanceVerdict, find_faults, judge
from index.indexing import abbreviations
from index.indexing.abbreviations import Definitions
from index.meaning import KEPT, ConceptFile, keep_terms
from index.query import BY_NAME, Everything, Filters, Query
from index.register import NAMES_FILE, MentionReader, count_unread, load_names, record_mentions
from index.reindex_report import CheckReport, Report, show_progress, warn
from preses_relizes.shared.calendar import today


class UnsoundError(Exception):
    """A new index has faults, so it is not put into use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPipeline:
    """Keeps the index of *builder* up to date with the store at *store_path*."""

    builder: IndexBuilder
    store_path: Path
    settings: IndexConfig
    judged: Judged | None

    def reindex(self, *, full: bool) -> Report:
        """Update the index; build a new one if *full*, or if the index in use cannot be updated.

        Raises:
            UnsoundError: the new index has faults, or its relevance is below the floors.
            LossError: the index would lose too many releases.
            DamagedIndexError: the index in use is damaged.
            EngineError: an index or the register cannot be read or written.
        """
        started = time.monotonic()
        analyzer = Analyzer(self.settings.dictionary)
        with Store.open_readonly(self.store_path) as store:
            reason = "requested" if full else self._why_rebuild(store, analyzer)
            # Before any document: it has what this reads.
            self._register_mentions(store, analyzer)
            if not reason:
                report = self._update(store, analyzer)
                reason = _find_discrepancy(report, store)
            if reason:
                report = self._rebuild(store, analyzer, reason)
            record_edits(store, analyzer)
        keep_terms(ConceptFile.at(self.settings.concepts, analyzer, self.store_path.with_name(KEPT)))
        seconds = round(time.monotonic() - started, 2)
        return replace(report, topics=self._share_with_topic(analyzer), seconds=seconds)

    def _share_with_topic(self, analyzer: Analyzer) -> float:
        engine = self.builder.current(analyzer)
        everything = Query(text="", clause=Everything(), reading="")
        filters = Filters(topics=BY_NAME["topic"].keys)
        found = engine.count(structs.replace(everything, filters=filters))
        return round(found / max(1, engine.count(everything)), 4)

    def _register_mentions(self, store: Store, analyzer: Analyzer) -> None:
        reader = MentionReader.beside(self.store_path, analyzer)
        if unread := count_unread(store, reader):
            with show_progress("Reading mentions", unread) as on_progress:
                try:
                    record_mentions(store, reader, on_progress=on_progress)
                except MemoryError as error:
                    raise EngineError(f"{reader.register.path}: cannot be written: out of memory") from error

    def roll_back(self) -> Report:
        """Return to the generation before the one in use.

        Raises:
            EngineError: there is none, or it is damaged.
        """
        info = self.builder.rollback().info()
        return Report(
            did="rolled back",
            because="requested",
            generation=info.generation,
            documents=info.documents,
            number=info.number,
        )

    def check(self, location: Path) -> CheckReport:
        """Look for damage and faults in the index under *location*, and measure it; change nothing."""
        try:
            state = self.builder.state()
            if state is None:
                return CheckReport(location=str(location), faults=(f"{location}: no index; run `reindex`",))
            analyzer = Analyzer(self.settings.dictionary)
            with Store.open_readonly(self.store_path) as store:
                faults, verdict = self._examine(state.location, store, analyzer)
                bets = () if faults else tuple(self._check_bets(store, analyzer))
        except (ConfigError, EngineError) as error:
            return CheckReport(location=str(location), faults=(str(error),))
        return CheckReport(
            location=state.location,
            faults=faults,
            best_bets=bets,
            relevance=verdict.relevance,
            relevance_by_kind=verdict.by_kind,
        )

    def _check_bets(self, store: Store, analyzer: Analyzer) -> Iterator[str]:
        """Yield the faults of the file of best bets, and the bets whose release is not in the index."""
        path = store.path.with_name(best_bets.FILE)
        try:
            bets = best_bets.load_bets(path)
        except ConfigError as error:
            yield str(error)
            return
        indexed = self.builder.current(analyzer).ids() if bets else frozenset()
        for bet in best_bets.find_dangling(bets, store, indexed=indexed, today=today()):
            yield f"{path}:{bet.line}: bet.release = {bet.release!r}: no such release in the index"

    def _why_rebuild(self, store: Store, analyzer: Analyzer) -> str:
        """Return why the index in use cannot be updated; "" if it can."""
        state = self.builder.state()
        if state is None:
            return "there is no index yet"
        names = load_names(store.path.with_name(NAMES_FILE))
        if state.fingerprint != self.builder.fingerprint(analyzer, names):
            return "the analysis, the schema or the names changed"
        if state.number > store.last_number():
            return "the store is older than the index"
        if damage := list(self.builder.find_damage(analyzer)):
            raise DamagedIndexError("; ".join(damage))
        # Another store may have higher numbers by chance, so the ids are compared.
        if unknown := len(self.builder.current(analyzer).ids() - store.ids()):
            return f"{unknown} releases in the index are not in the store"
        return ""

    def _update(self, store: Store, analyzer: Analyzer) -> Report:
        before = self.builder.current(analyzer)
        info = before.info()
        changes = IndexedChanges(number=info.number)
        is_due = info.number < store.last_number()
        if is_due:
            guard = LossGuard(store=store.path, allowed=self.settings.loss_share)
            with show_progress("Updating", store.last_number() - info.number) as on_progress:
                changes = self.builder.update(
                    store,
                    analyzer,
                    on_progress=on_progress,
                    approve=lambda changes: guard.check_update(before, changes.absent),
                )
            path = _definitions_path(store)
            Definitions.read(path).merge(changes.definitions).write(path)
        else:
            self.builder.announce()
        return Report(
            did="updated" if is_due else "nothing",
            because="",
            generation=info.generation,
            documents=self.builder.current(analyzer).info().documents,
            number=changes.number,
            changes=changes.added + changes.removed,
            added=changes.added,
            removed=changes.removed,
        )

    def _rebuild(self, store: Store, analyzer: Analyzer, reason: str) -> Report:
        with self.builder.draft(analyzer) as draft:
            last = store.last_number()
            with show_progress("Building", last) as on_progress:
                changes = draft.build(store, on_progress=on_progress)
            if damage := list(draft.find_damage()):
                raise UnsoundError("; ".join(damage))
            new = draft.open()
            # If releases changed during the build, they are counted twice.
            expected = changes.added if changes.number == last else None
            if faults := list(find_faults(new, draft.location, analyzer, releases=expected)):
                raise UnsoundError("; ".join(faults))
            guard = LossGuard(store=store.path, allowed=self.settings.loss_share)
            guard.check_rebuild(self.builder, new, changes.absent)
            path = _definitions_path(store)
            definitions = Definitions.read(path).renew(changes.definitions)
            names = abbreviations.expansions_with_shipped(definitions)
            verdict = _accept(
                judge(new, store, analyzer, self.judged, names, concepts=self.settings.concepts)
            )
            definitions.write(path)
            published = draft.publish().info()
        self.builder.prune(keep=self.settings.generations_kept)
        return Report(
            did="rebuilt",
            because=reason,
            generation=published.generation,
            documents=published.documents,
            number=changes.number,
            changes=changes.added + changes.removed,
            added=changes.added,
            removed=changes.removed,
            relevance=verdict.relevance,
        )

    def _examine(
        self, location: str, store: Store, analyzer: Analyzer
    ) -> tuple[tuple[str, ...], RelevanceVerdict]:
        """Return the faults of the index in use, and its relevance on the judged queries."""
        # An analysis other than that of the index would show faults where there are none.
        if reason := self._why_rebuild(store, analyzer):
            return (f"{location}: {reason}; run `reindex`",), UNJUDGED
        current = self.builder.current(analyzer)
        if faults := tuple(find_faults(current, location, analyzer)):
            return faults, UNJUDGED
        names = abbreviations.read_expansions(_definitions_path(store))
        verdict = judge(current, store, analyzer, self.judged, names, concepts=self.settings.concepts)
        return verdict.shortfalls, verdict


def _find_discrepancy(report: Report, store: Store) -> str:
    """Return why an index with the right number is still out of date: the store may have been replaced."""
    count = store.count()
    if report.number != store.last_number() or report.documents == count:
        return ""
    return f"the index held {report.documents} releases, the store {count}"


def _accept(verdict: RelevanceVerdict) -> RelevanceVerdict:
    """Return *verdict*.

    Raises:
        UnsoundError: a measure is below its floor.
    """
    if verdict.unknown:
        warn(f"not in the store, so not expected: {', '.join(verdict.unknown)}")
    if verdict.shortfalls:
        raise UnsoundError(f"{'; '.join(verdict.shortfalls)}; to accept that, give --accept-relevance")
    return verdict


def _definitions_path(store: Store) -> Path:
    # The file is beside the store, because people review it and it must outlive a rebuild.
    return store.path.with_name(abbreviations.FILE)
