"""The `reindex` command: from the store to the index that is searched."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from filelock import FileLock, Timeout

from crawler.store import Store, StoreError
from index import definitions
from index.acceptance import UNJUDGED, Verdict, judge, judged_queries
from index.analysis import Analyzer
from index.building import Counts, build, faults, recall, update
from index.columnar.format import DamagedError
from index.config import ConfigError, IndexConfig, Storage, load, load_storage
from index.definitions import FILE as DEFINITIONS
from index.definitions import Definitions
from index.document import fingerprint
from index.engine import EngineError, IndexInfo
from index.generations import Generations
from index.judged import Judged
from index.latvian.lexicon import LexiconError
from index.parallel import PROCESSES_MAX, WORTHWHILE, build_shared, shares
from index.report import Report, progress, relevance_line, show
from index.whoosh_engine import WhooshEngine

UNSOUND, USAGE, BUSY, BROKEN, INTERRUPTED = 1, 2, 3, 4, 130

EPILOG = """
Exit codes: 0 all went well; 1 an index is damaged or wrong, or answers the judged queries of `index.judged`
below their floors (a new one is not put into use);
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
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Bring the releases that changed since the last time into the index.

    Examples:
    - `reindex` — what `crawl` brought

    - `reindex --full` — all anew: repairs a damaged index, and follows a change of the analysis

    - `reindex --check` — is every byte as it was written?

    - `reindex --rollback` — back to the generation before
    """
    if full + rollback + check > 1:
        _stop("choose one of --full, --rollback and --check", USAGE)
    storage, settings, judged = _settings(config)
    if judged and accept_relevance:
        judged = judged.model_copy(update={"floors": {}})
    generations = Generations(storage.index_dir)
    with _errors_told(storage), _terminated_like_interrupted():
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
        held, reason = _held(generations, store, analyzer)
        if full:
            reason = "asked for"
        report = None
        if held is not None and not reason:
            try:
                report = _updated(generations, held, store, analyzer)
            except DamagedError as error:
                reason = f"{error}"
        if report is None:
            report = _rebuilt(generations, settings, store, analyzer, judged=judged, because=reason)
    return replace(report, seconds=round(time.monotonic() - started, 2))


def _held(generations: Generations, store: Store, analyzer: Analyzer) -> tuple[IndexInfo | None, str]:
    """Return what the index in use holds, and why it cannot be brought up to date; "" where it can."""
    try:
        current = generations.current()
        if current is None:
            return None, "there is no index yet"
        held = WhooshEngine(current).info()
    except EngineError:
        return None, "the index cannot be read"
    if held.fingerprint != fingerprint(analyzer):
        return held, "the analysis or the schema changed"
    if held.number > store.last_number():
        return held, "the store is older than the index"
    return held, ""


def _updated(generations: Generations, held: IndexInfo, store: Store, analyzer: Analyzer) -> Report:
    folder = generations.root / held.generation
    counts = Counts(0, 0, held.number)
    is_due = held.number < store.last_number()
    if is_due:
        with progress("Updating", store.last_number() - held.number) as told:
            counts = update(folder, store, analyzer, since=held.number, told=lambda: told(1))
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
        path = _definitions_path(store)
        defined = Definitions.read(path).renewed(counts.definitions)
        verdict = _accepted(judge(draft, store, analyzer, judged, definitions.with_shipped(defined)))
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


def _accepted(verdict: Verdict) -> Verdict:
    """The verdict, unless the index falls short."""
    if verdict.unknown:
        typer.echo(f"not in the store, so not expected: {', '.join(verdict.unknown)}", err=True)
    if verdict.shortfalls:
        raise _UnsoundError("; ".join(verdict.shortfalls) + "; if that is meant, give --accept-relevance")
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
    held = WhooshEngine(previous).info()
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
    found = [f"{generations.root}: no index; run `reindex`"]
    try:
        current = generations.current()
    except EngineError as error:
        current, found = None, [str(error)]
    verdict = UNJUDGED
    if current:
        analyzer = Analyzer(settings.dictionary)
        with Store.open_readonly(storage.store_path) as store:
            held, reason = _held(generations, store, analyzer)
            # An index of another analysis need not find what this one looks for.
            is_stale = held is not None and reason
            found = [f"{current}: {reason}; run `reindex`"] if is_stale else list(faults(current, analyzer))
            if not found:
                names = definitions.in_use(_definitions_path(store))
                verdict = judge(current, store, analyzer, judged, names)
                found = list(verdict.shortfalls)
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
    except LexiconError as error:
        _stop(str(error), USAGE)
    except (StoreError, EngineError) as error:
        _stop(str(error), BROKEN)
    except OSError as error:
        _stop(f"{error.filename or storage.index_dir}: {error.strerror or error}", BROKEN)
    except KeyboardInterrupt:
        _stop("interrupted; the index is as it was", INTERRUPTED)


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end the run as Ctrl-C does: what was begun is cleared away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _settings(path: Path) -> tuple[Storage, IndexConfig, Judged | None]:
    try:
        settings = load(path)
        return load_storage(path), settings, judged_queries(settings.judged)
    except ConfigError as error:
        _stop(str(error), USAGE)


def _stop(message: str, status: int) -> NoReturn:
    typer.echo(f"reindex: {message}", err=True)
    raise typer.Exit(status)
