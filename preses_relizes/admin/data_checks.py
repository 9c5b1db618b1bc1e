"""Checks of the data: the store and the index."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from crawler.check import check_orphans, check_store
from crawler.config import CrawlerConfig, Storage
from crawler.store import Store, StoreError
from crawler.store.database import store_exists
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows
from crawler.store.log.verification import faults_of
from crawler.store.run_rows import RunRows
from index.config import load as load_indexing
from index.engines import open_builder
from index.errors import EngineError
from index.evaluation import judged_queries
from index.pipeline import IndexPipeline
from preses_relizes.admin.diagnosis import Diagnosis, bad, note, ok

_BACKUP = "`releases restore` a backup; without one, keep the file and crawl into a new data_dir"

_KEYS = "copy key, vkey and checkpoint of the log back from where you keep them"
_INSTALL = "pip install 'preses-relizes[log]'"
_RESUME = "after a restore, `releases log resume --from EXPORT`; otherwise `releases restore` a newer backup"


def check_data(storage: Storage, settings: CrawlerConfig, config: Path) -> Iterator[Diagnosis]:
    """Check the store, then the index and whether it is up to date."""
    path = storage.store_path
    if not store_exists(path):
        yield note("store", f"{path}: no releases yet", "run `crawl`; then `reindex`")
        return
    try:
        with Store.open_readonly(path) as store:
            yield from _of_store(store, settings)
            yield from _of_log(store, LogFolder(storage.log_dir), is_stamped=bool(settings.stamp_authority))
            yield from _of_index(storage, config, store.last_number())
    except StoreError as error:
        yield bad("store", str(error), "follow the message; the index is checked once the store can be read")


def last_crawl(storage: Storage) -> datetime | None:
    """Return when the last crawl began; None if there was none or the store cannot be read."""
    try:
        with Store.open_readonly(storage.store_path) as store:
            run = RunRows(store).get()
    except StoreError:
        return None
    return datetime.fromtimestamp(run.started, UTC) if run else None


def _of_store(store: Store, settings: CrawlerConfig) -> Iterator[Diagnosis]:
    for finding in check_store(store):
        if finding.is_well:
            yield ok(finding.what, finding.remark)
        else:
            yield bad(finding.what, finding.remark, _BACKUP)
    for finding in check_orphans(store, settings.sites):
        yield note(finding.what, finding.remark, "nothing, if you removed or renamed the site")


def _of_log(store: Store, folder: LogFolder, *, is_stamped: bool) -> Iterator[Diagnosis]:
    """Verify the log of versions, if one is kept."""
    if not folder.is_kept:
        if LogRows(store).size():
            yield note("log", f"{folder.key_path} is missing, so nothing is logged", "copy the key there")
        return
    faults = [*faults_of(store, folder)]
    for fault in faults:
        yield bad("log", fault, _RESUME)
    if faults:
        return
    try:
        from crawler.store.log.checkpoint import faults_of_signature  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        yield note("log", f"{error.name} is not installed, so no signature is checked", _INSTALL)
        return
    try:
        faults = [*faults_of_signature(folder)]
    except OSError as error:
        yield note("log", f"the signature is not checked: {error}", "run this as the user who crawls")
        return
    for fault in faults:
        yield bad("log", fault, _KEYS)
    size = LogRows(store).size()
    if not faults and is_stamped and size and folder.stamp(size) is None:
        yield note("log", f"the checkpoint of {size} leaves is not stamped", "run `crawl`, which says why")
    if not faults:
        yield ok("log", f"{size} leaves, signed")


def _of_index(storage: Storage, config: Path, last_number: int) -> Iterator[Diagnosis]:
    settings = load_indexing(config)
    builder = open_builder(storage, settings)
    try:
        state = builder.state()
    except EngineError as error:
        yield bad("index", str(error), "`reindex --full` builds it from the store")
        return
    if state is None:
        yield note("index", f"{storage.index_dir}: no index yet", "run `reindex`")
        return
    judged = judged_queries(settings.judged)
    pipeline = IndexPipeline(builder=builder, store_path=storage.store_path, settings=settings, judged=judged)
    report = pipeline.check(storage.index_dir)
    for fault in report.faults:
        yield bad("index", fault, "run `reindex`; if that does not help, `reindex --full`")
    if not report.faults:
        figures = "".join(f"; {name} {value:.3f}" for name, value in report.relevance.items())
        yield ok("index", f"{report.location}{figures}")
    if behind := last_number - state.number:
        yield note("index", f"{behind} changes of the store are not in it yet", "run `reindex`")
