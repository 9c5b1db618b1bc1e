"""A backup that is restored and indexed aside, and compared with the installation that it could replace."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.check import check_store
from crawler.config import Storage, load_storage
from crawler.store import Store
from crawler.store.database import NEWEST_FORMAT
from crawler.store.log.log_rows import LogRows
from index.analysis import Analyzer
from index.config import IndexConfig
from index.config import load as load_indexing
from index.engines import Generation, open_builder
from index.evaluation import Judged, QueryRunner, judged_queries
from index.indexing import abbreviations
from index.pipeline import IndexPipeline
from index.query import Synonyms
from preses_relizes.admin.backups.backup_file import Manifest, OpenBackup, open_verified
from preses_relizes.admin.diagnosis import Diagnosis, bad, note, ok
from preses_relizes.admin.options import UnsoundFileError
from preses_relizes.shared.calendar import today


def examine(file: Path, config: Path) -> Iterator[Diagnosis]:
    """Yield whether the backup *file* would replace the installation with the settings at *config*.

    Raises:
        UnsoundFileError: the backup is damaged, or of a newer version.
        ConfigError: the settings are invalid.
        StoreError: a store cannot be read.
        UnsoundError: the restored store cannot be indexed as the settings demand.
        EngineError: an index cannot be read or written.
    """
    storage, settings = load_storage(config), load_indexing(config)
    judged = judged_queries(settings.judged)
    with open_verified(file) as backup, TemporaryDirectory(prefix="prove-") as folder:
        manifest = backup.manifest
        yield ok("backup", f"{file}: sound; {manifest.releases} releases, made at {manifest.made}")
        aside = Storage(data_dir=Path(folder))
        _restore(backup, aside)
        yield from _compare_stores(aside, storage, manifest)
        yield from _compare_answers(
            _Installation(aside, settings.model_copy(update={"engine": "whoosh"}), judged),
            _Installation(storage, settings, judged),
        )


def _restore(backup: OpenBackup, aside: Storage) -> None:
    """Write the store of *backup* and the lists beside it, and upgrade the store."""
    if backup.manifest.store_format > NEWEST_FORMAT:
        raise UnsoundFileError(f"made by the newer version {backup.manifest.program}; install that version")
    for one in backup.manifest.files:
        if one.role == "store":
            backup.extract(one, aside.store_path)
        elif one.role == "data":
            backup.extract(one, aside.data_dir / Path(one.name).name)
    Store(aside.store_path).close()


# --- The store -----------------------------------------------------------------------------------


def _compare_stores(aside: Storage, storage: Storage, manifest: Manifest) -> Iterator[Diagnosis]:
    with Store.open_readonly(aside.store_path) as restored, Store.open_readonly(storage.store_path) as living:
        if damage := [finding.remark for finding in check_store(restored) if not finding.is_well]:
            yield bad("store", f"restored, it is damaged: {damage[0]}", "use another backup")
            return
        newer = living.last_number() - manifest.number
        if newer < 0:
            yield bad(
                "store", f"the store in use is {-newer} changes older than the backup", "`releases restore`"
            )
            return
        yield from _compare_releases(restored, living, newer)
        yield from _compare_logs(LogRows(restored), LogRows(living))


def _compare_releases(restored: Store, living: Store, newer: int) -> Iterator[Diagnosis]:
    """Every release of the backup is known still, by its id or by that of the release that took its place."""
    lost = [old.id for old in restored.changes_since(0) if living.get(old.id) is None]
    if lost:
        names = ", ".join(lost[:3]) + (", ..." if len(lost) > 3 else "")
        yield bad("releases", f"{len(lost)} are not in the store in use: {names}", "`releases restore`")
    else:
        yield ok("releases", f"all are in the store in use, which has {newer} newer changes")


def _compare_logs(restored: LogRows, living: LogRows) -> Iterator[Diagnosis]:
    """The log of versions in use continues that of the backup."""
    if not (size := restored.size()):
        return
    if living.size() < size:
        yield bad("log", f"{size} leaves, but the log in use has {living.size()}", "`releases log resume`")
    elif living.root(size) != restored.root(size):
        yield bad("log", f"its {size} leaves are not the first {size} of the log in use", "`releases check`")
    else:
        yield ok("log", f"{size} leaves, which the log in use continues to {living.size()}")


# --- The index -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Installation:
    """What answers queries: a store, settings of an index, and the judged queries."""

    storage: Storage
    settings: IndexConfig
    judged: Judged | None

    @property
    def pipeline(self) -> IndexPipeline:
        return IndexPipeline(
            builder=open_builder(self.storage, self.settings),
            store_path=self.storage.store_path,
            settings=self.settings,
            judged=self.judged,
        )

    def answers(self, analyzer: Analyzer) -> dict[str, tuple[str, ...]]:
        """Return the ids that each judged query finds, best first."""
        index: Generation = self.pipeline.builder.current(analyzer)
        names = abbreviations.read_expansions(self.storage.store_path.with_name(abbreviations.FILE))
        runner = QueryRunner(
            index,
            analyzer,
            Synonyms(names, analyzer),
            today=today(),
            name_of=str,
            concepts=self.settings.concepts,
        )
        queries = self.judged.queries if self.judged else ()
        return {query.text: tuple(runner.run(query).ranking) for query in queries}


def _compare_answers(restored: _Installation, living: _Installation) -> Iterator[Diagnosis]:
    report = restored.pipeline.reindex(full=True)
    figures = "".join(f"; {name} {value:.3f}" for name, value in report.relevance.items())
    yield ok("index", f"{report.documents} releases indexed in {report.seconds:g} s{figures}")
    if living.judged is None:
        yield note("answers", "not compared: there are no judged queries", "name some in index.judged")
        return
    if faults := living.pipeline.check(living.storage.index_dir).faults:
        yield note("answers", f"not compared: {faults[0]}", "then run this again")
        return
    analyzer = Analyzer(living.settings.dictionary)
    before, now = restored.answers(analyzer), living.answers(analyzer)
    differing = [text for text, ids in before.items() if now[text] != ids]
    state = living.pipeline.builder.state()
    newer = state.number - report.number if state else 0
    remark = f"{len(before) - len(differing)} of {len(before)} judged queries are answered alike"
    if not differing:
        yield ok("answers", remark)
    elif newer:
        yield note("answers", f"{remark}; the index in use has {newer} newer changes", "look at some by hand")
    else:
        yield bad("answers", f"{remark}; not {differing[0]!r}", "`reindex --full`, then run this again")
