"""The `reindex` command: from the store to the index that is searched."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from filelock import FileLock, Timeout

from crawler.store import Store, StoreError
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import LexiconError
from index.config import ConfigError, IndexConfig, Storage, load, load_storage
from index.engine import DamagedIndexError
from index.errors import DamagedError, EngineError
from index.evaluation import UNJUDGED, Judged, LossError, LossGuard, RelevanceVerdict, judge, judged_queries
from index.generations import Generations
from index.indexing import Counts, abbreviations, build, faults, fingerprint, update
from index.indexing.abbreviations import FILE as DEFINITIONS
from index.indexing.abbreviations import Definitions
from index.indexing.indexer import damage, recall, told_of
from index.indexing.parallel import PROCESSES_MAX, WORTHWHILE, build_shared, shares
from index.reindex_report import Report, progress, relevance_line, show
from index.whoosh_engine import WhooshEngine
from preses_relizes.signals import INTERRUPTED, sigterm_as_ctrl_c

UNSOUND, USAGE, BUSY, BROKEN = 1, 2, 3, 4

EPILOG = """
Exit codes: 0 all went well; 1 the index is damaged, or a new one is wrong, lost more than `index.loss_share`
of the releases or answers the judged queries of `index.judged` below their floors (it is not put into use);
2 wrong settings or options; 3 another reindex is running; 4 the store or the index cannot be read or written;
130 interrupted.

A running `serve` turns to the new index by itself. A reindex that was interrupted, even by `kill -9` or a
power cut, leaves the index as it was; start it again.
"""

app = typer.Typer(add_completion=True, rich_markup_mode="markdown")


@app.command(epilog=EPILOG)
def reindex(
    *,
    config: Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")] = Path(
        "config.toml"
    ),
    full: Annotated[
        bool, typer.Option("--full", help="Build a new index beside the old one, then swap.")
    ] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the index before.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Look for damage; change nothing.")] = False,
    accept_relevance: Annotated[
        bool, typer.Option("--accept-relevance", help="Swap though judged queries are below their floors.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Believe the store though it lost very many releases.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Bring the releases that changed since the last time into the index.

    Examples:
    - `reindex` — what `crawl` brought

    - `reindex --full` — all anew: repairs a damaged index, and follows a change of the analysis

    - `reindex --check` — is every byte as it was written?

    - `reindex --rollback` — back to the generation before

    - `reindex --accept-loss` — though most releases are missing, hidden or gone now
    """
    if full + rollback + check > 1:
        _stop("choose one of --full, --rollback and --check", USAGE)
    storage, settings, judged = _settings(config)
    if judged and accept_relevance:
        judged = judged.model_copy(update={"floors": {}})
    if accept_loss:
        settings = settings.model_copy(update={"loss_share": 1.0})
    generations = Generations(storage.index_dir)
    with _errors_told(storage), sigterm_as_ctrl_c():
        if check:
            _check(generations, storage, settings, judged, as_json=as_json)
            return
        storage.index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(storage.index_dir / "reindex.lock", timeout=0):
            generations.clean()
            report = (
                _rolled_back(generations)
                if rollback
                else _reindexed(generations, storage, settings, judged, full=full)
            )
    try:
        show(report, as_json=as_json)
    except OSError as error:
        _stop(f"/dev/stdout: {error.strerror}", BROKEN)


def main() -> NoReturn:
    """Run the command."""
    app(prog_name="reindex")
    raise SystemExit(0)


# --- The three things it does --------------------------------------------------------------------


def _reindexed(
    generations: Generations, storage: Storage, settings: IndexConfig, judged: Judged | None, *, full: bool
) -> Report:
    started = time.monotonic()
    analyzer = Analyzer(settings.dictionary)
    with Store.open_readonly(storage.store_path) as store:
        current = None if full else generations.current()
        reason = "asked for" if full else _obstacle(current, store, analyzer)
        if current is not None and not reason:
            report = _updated(generations, current, settings, store, analyzer)
            reason = _discrepancy(report, store)
        if reason:
            report = _rebuilt(generations, settings, store, analyzer, judged=judged, because=reason)
    return replace(report, seconds=round(time.monotonic() - started, 2))


def _obstacle(current: Path | None, store: Store, analyzer: Analyzer) -> str:
    """Return why the index in *current* must be built anew; "" if it can be brought up to date."""
    told = told_of(current) if current else None
    if current is None or told is None:
        return "there is no index yet"
    if told.get("fingerprint") != fingerprint(analyzer):
        return "the analysis or the schema changed"
    if told["number"] > store.last_number():
        return "the store is older than the index"
    if found := list(damage(current, analyzer)):
        raise DamagedIndexError("; ".join(found))
    # The numbers of another store may be higher by chance.
    if unknown := len(WhooshEngine(current).ids() - store.ids()):
        return f"{unknown} releases in the index are not in the store"
    return ""


def _discrepancy(report: Report, store: Store) -> str:
    """Return why an index that is up to date by its number cannot be: the store may be another one."""
    shown = store.count()
    if report.number != store.last_number() or report.documents == shown:
        return ""
    return f"the index held {report.documents} releases, the store {shown}"


def _updated(
    generations: Generations, folder: Path, settings: IndexConfig, store: Store, analyzer: Analyzer
) -> Report:
    engine = WhooshEngine(folder)
    held = engine.info()
    counts = Counts(0, 0, held.number)
    is_due = held.number < store.last_number()
    if is_due:
        guard = LossGuard(store=store.path, allowed=settings.loss_share)
        with progress("Updating", store.last_number() - held.number) as told:
            counts = update(
                folder,
                store,
                analyzer,
                since=held.number,
                told=lambda: told(1),
                approve=lambda counts: guard.check_update(engine, counts.absent),
            )
        path = _definitions_path(store)
        Definitions.read(path).extended(counts.definitions).write(path)
    if is_due or not generations.is_announced():
        generations.use(folder)
    return Report(
        did="updated" if is_due else "nothing",
        because="",
        generation=held.generation,
        documents=WhooshEngine(folder).info().documents,
        number=counts.number,
        changes=counts.added + counts.removed,
        added=counts.added,
        removed=counts.removed,
    )


def _rebuilt(
    generations: Generations,
    settings: IndexConfig,
    store: Store,
    analyzer: Analyzer,
    *,
    judged: Judged | None,
    because: str,
) -> Report:
    before = generations.newest() or generations.root
    with generations.draft() as draft:
        last = store.last_number()
        with progress("Building", last) as told:
            counts = _built(draft, store, analyzer, settings, before=before, told=told)
        # What changed meanwhile is counted twice.
        if found := list(faults(draft, analyzer, releases=counts.added if counts.number == last else None)):
            raise _UnsoundError("; ".join(found))
        guard = LossGuard(store=store.path, allowed=settings.loss_share)
        guard.check_whole(generations, draft, counts.absent)
        path = _definitions_path(store)
        defined = Definitions.read(path).renewed(counts.definitions)
        verdict = _accepted(judge(draft, store, analyzer, judged, abbreviations.with_shipped(defined)))
        defined.write(path)
        finished = generations.finish(draft)
    generations.use(finished)
    generations.prune(kept=settings.generations_kept)
    return Report(
        did="rebuilt",
        because=because,
        generation=finished.name,
        documents=WhooshEngine(finished).info().documents,
        number=counts.number,
        changes=counts.added + counts.removed,
        added=counts.added,
        removed=counts.removed,
        relevance=verdict.relevance,
    )


def _accepted(verdict: RelevanceVerdict) -> RelevanceVerdict:
    """The verdict, unless the index falls short."""
    if verdict.unknown:
        typer.echo(f"not in the store, so not expected: {', '.join(verdict.unknown)}", err=True)
    if verdict.shortfalls:
        raise _UnsoundError(f"{'; '.join(verdict.shortfalls)}; if that is meant, give --accept-relevance")
    return verdict


def _built(
    draft: Path,
    store: Store,
    analyzer: Analyzer,
    settings: IndexConfig,
    *,
    before: Path,
    told: Callable[[int], None],
) -> Counts:
    """Build all in *draft*, by several processes where it pays; the words of the index *before* are known."""
    processes = settings.processes or min(os.cpu_count() or 1, PROCESSES_MAX)
    if processes > 1 and store.last_number() >= WORTHWHILE:
        dealt = shares(draft, store, dictionary=settings.dictionary, before=before, processes=processes)
        return build_shared(draft, store, analyzer, dealt, told=told)
    recall(analyzer, before)
    return build(draft, store, analyzer, told=lambda: told(1))


def _definitions_path(store: Store) -> Path:
    # Beside the store, since people may have decided on some of them.
    return store.path.with_name(DEFINITIONS)


def _rolled_back(generations: Generations) -> Report:
    previous = generations.previous()
    if previous is None:
        raise EngineError(f"{generations.root}: there is no generation before the one in use")
    engine = WhooshEngine(previous)
    engine.verify()
    held = engine.info()
    generations.use(previous)
    return Report(
        did="rolled back",
        because="asked for",
        generation=held.generation,
        documents=held.documents,
        number=held.number,
    )


def _check(
    generations: Generations,
    storage: Storage,
    settings: IndexConfig,
    judged: Judged | None,
    *,
    as_json: bool,
) -> None:
    verdict = UNJUDGED
    try:
        current = generations.current()
        found = [f"{generations.root}: no index; run `reindex`"]
        if current:
            found, verdict = _examined(current, storage, settings, judged)
    except EngineError as error:
        found = [str(error)]
    if as_json:
        said = {"sound": not found, "faults": found, "relevance": verdict.relevance}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        if verdict.relevance:
            typer.echo(relevance_line(verdict.relevance))
        for line in found or [f"{current}: sound"]:
            typer.echo(line, err=bool(found))
    if found:
        raise typer.Exit(UNSOUND)


def _examined(
    current: Path, storage: Storage, settings: IndexConfig, judged: Judged | None
) -> tuple[list[str], RelevanceVerdict]:
    """Return what is wrong with the index in *current*, and what it is worth."""
    analyzer = Analyzer(settings.dictionary)
    with Store.open_readonly(storage.store_path) as store:
        # An index of another analysis need not find what this one looks for.
        if reason := _obstacle(current, store, analyzer):
            return [f"{current}: {reason}; run `reindex`"], UNJUDGED
        if found := list(faults(current, analyzer)):
            return found, UNJUDGED
        verdict = judge(current, store, analyzer, judged, abbreviations.in_use(_definitions_path(store)))
        return list(verdict.shortfalls), verdict


# --- How it speaks -------------------------------------------------------------------------------


class _UnsoundError(Exception):
    """A new index is not what it should be."""


@contextmanager
def _errors_told(storage: Storage) -> Iterator[None]:
    try:
        yield
    except Timeout:
        _stop(f"another reindex is running on {storage.index_dir}", BUSY)
    except _UnsoundError as error:
        _stop(f"the new index is not put into use: {error}", UNSOUND)
    except LossError as error:
        _stop(f"the index stays as it is: {error}; if that is meant, give --accept-loss", UNSOUND)
    except DamagedIndexError as error:
        _stop(str(error), UNSOUND)
    except DamagedError as error:  # met by a merge, since it was verified
        _stop(f"{error}; run `reindex --full`", UNSOUND)
    except LexiconError as error:
        _stop(str(error), USAGE)
    except (StoreError, EngineError) as error:
        _stop(str(error), BROKEN)
    except OSError as error:
        _stop(f"{error.filename or storage.index_dir}: {error.strerror or error}", BROKEN)
    except KeyboardInterrupt:
        _stop("interrupted; the index is as it was", INTERRUPTED)


def _settings(path: Path) -> tuple[Storage, IndexConfig, Judged | None]:
    try:
        settings = load(path)
        return load_storage(path), settings, judged_queries(settings.judged)
    except ConfigError as error:
        _stop(str(error), USAGE)


def _stop(message: str, status: int) -> NoReturn:
    typer.echo(f"reindex: {message}", err=True)
    raise typer.Exit(status)
