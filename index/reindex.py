"""The `reindex` command: indexes the releases of the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from filelock import FileLock, Timeout

from crawler.store import StoreError
from index.analysis.latvian.hunspell import LexiconError
from index.config import ConfigError, IndexConfig, Storage, load, load_storage
from index.engines import open_builder
from index.errors import DamagedError, DamagedIndexError, EngineError
from index.evaluation import Judged, LossError, judged_queries
from index.pipeline import IndexPipeline, UnsoundError
from index.reindex_report import show, show_check
from preses_relizes.shared.signals import INTERRUPTED, sigterm_as_ctrl_c
from preses_relizes.shared.streams import reason_of
from preses_relizes.shared.version_option import VersionOption

UNSOUND, USAGE, BUSY, BROKEN = 1, 2, 3, 4

EPILOG = """
Exit codes: 0 success; 1 the index is damaged, or a new one was refused because it has faults, lost more than
`index.loss_share` of the releases or answers the judged queries of `index.judged` below their floors; 2 wrong
settings or options; 3 another `reindex` is running; 4 the store or the index cannot be read or written;
130 interrupted.

A running `serve` switches to the new index by itself. If `reindex` is interrupted, even by `kill -9` or a
power cut, the index stays as it was; run it again.
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
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the previous index.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Look for damage; change nothing.")] = False,
    accept_relevance: Annotated[
        bool, typer.Option("--accept-relevance", help="Swap even if judged queries are below their floors.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Continue even if the index loses many releases.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    version: VersionOption = False,  # noqa: ARG001 - its callback ends the command
) -> None:
    """Index the releases that changed since the last run.

    Examples:
    - `reindex` — index the releases that `crawl` found or changed

    - `reindex --full` — rebuild everything, to repair a damaged index

    - `reindex --check` — verify that every byte is as it was written

    - `reindex --rollback` — return to the previous generation

    - `reindex --accept-loss` — go on although many releases are missing, hidden or gone
    """
    if full + rollback + check > 1:
        _stop("choose one of --full, --rollback and --check", USAGE)
    storage, settings, judged = _load_settings(config)
    if judged and accept_relevance:
        judged = judged.model_copy(update={"floors": {}})
    if accept_loss:
        settings = settings.model_copy(update={"loss_share": 1.0})
    pipeline = IndexPipeline(
        builder=open_builder(storage, settings),
        store_path=storage.store_path,
        settings=settings,
        judged=judged,
    )
    with _exit_on_error(storage), sigterm_as_ctrl_c():
        if check:
            checked = pipeline.check(storage.index_dir)
            show_check(checked, as_json=as_json)
            raise typer.Exit(UNSOUND if checked.faults else 0)
        storage.index_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(storage.index_dir / "reindex.lock", timeout=0):
            pipeline.builder.clean()
            report = pipeline.roll_back() if rollback else pipeline.reindex(full=full)
    try:
        show(report, as_json=as_json)
    except OSError as error:
        _stop(reason_of(error), BROKEN)


def main() -> NoReturn:
    """Run `reindex` with the arguments of the command line."""
    app(prog_name="reindex")
    raise SystemExit(0)


@contextmanager
def _exit_on_error(storage: Storage) -> Iterator[None]:
    """Print an error on one line, and exit with its code."""
    try:
        yield
    except Timeout:
        _stop(f"another reindex is running on {storage.index_dir}", BUSY)
    except UnsoundError as error:
        _stop(f"the new index is not put into use: {error}", UNSOUND)
    except LossError as error:
        _stop(f"the index stays as it is: {error}; to accept that, give --accept-loss", UNSOUND)
    except DamagedIndexError as error:
        _stop(str(error), UNSOUND)
    except DamagedError as error:  # the damage appeared after the verification, and a merge found it
        _stop(f"{error}; run `reindex --full`", UNSOUND)
    except (ConfigError, LexiconError) as error:  # of the names beside the store, or of the dictionary
        _stop(str(error), USAGE)
    except (StoreError, EngineError) as error:
        _stop(str(error), BROKEN)
    except OSError as error:
        _stop(reason_of(error, str(storage.index_dir)), BROKEN)
    except KeyboardInterrupt:
        _stop("interrupted; the index is as it was", INTERRUPTED)


def _load_settings(path: Path) -> tuple[Storage, IndexConfig, Judged | None]:
    try:
        settings = load(path)
        return load_storage(path), settings, judged_queries(settings.judged)
    except ConfigError as error:
        _stop(str(error), USAGE)


def _stop(message: str, status: int) -> NoReturn:
    typer.echo(f"reindex: {message}", err=True)
    raise typer.Exit(status)
