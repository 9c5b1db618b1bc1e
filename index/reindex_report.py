"""The output of `reindex`: progress, and the report of a run or a check."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Literal

import rich.progress
import typer
from rich.console import Console

from index.evaluation.judged_queries import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The report of a run."""

    did: Literal["nothing", "updated", "rebuilt", "rolled back"]
    because: str
    generation: str
    documents: int
    number: int
    """Every change to the store up to this number is in the index."""
    changes: int = 0
    """Releases added, changed or removed."""
    added: int = 0
    removed: int = 0
    relevance: Mapping[Measure, float] = field(default_factory=dict)
    """Mean of each measure over the judged queries; empty if there are none, or nothing was built."""
    topics: float = 0.0
    """The share of the releases that have a topic: those of whose categories a rule names one."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The report of a check."""

    location: str
    faults: tuple[str, ...]
    """Empty if the index is sound."""
    best_bets: tuple[str, ...] = ()
    """Faults of the file of best bets, and of the releases that it names."""
    relevance: Mapping[Measure, float] = field(default_factory=dict)
    """Mean of each measure over the judged queries; empty if there are none."""
    relevance_by_kind: Mapping[str, float] = field(default_factory=dict)
    """Mean nDCG@10 of each kind of judged query."""


def show(report: Report, *, as_json: bool) -> None:
    """Print *report*, for people or for a program."""
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    index_text = f"{report.documents} releases in generation {report.generation}"
    match report.did:
        case "nothing":
            typer.echo(f"Nothing to do: {index_text}, up to change {report.number}.")
        case "updated":
            typer.echo(
                f"Updated: {report.added} added or changed, {report.removed} removed; "
                f"{index_text}, {report.seconds} s."
            )
        case "rebuilt":
            typer.echo(f"Rebuilt ({report.because}): {index_text}, {report.seconds} s.")
            if report.relevance:
                typer.echo(_relevance_line(report.relevance))
        case "rolled back":
            typer.echo(f"Rolled back: {index_text}. The next `reindex` brings it up to date.")
    if report.topics:
        typer.echo(f"With a topic: {report.topics:.0%} of the releases.")


def show_check(report: CheckReport, *, as_json: bool) -> None:
    """Print *report*, for people or for a program."""
    if as_json:
        content = {
            "sound": not report.faults,
            "faults": report.faults,
            "best_bets": report.best_bets,
            "relevance": report.relevance,
            "relevance_by_kind": report.relevance_by_kind,
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    if report.relevance:
        typer.echo(_relevance_line(report.relevance))
    if report.relevance_by_kind:
        typer.echo(f"By kind, nDCG@10: {_join_means(report.relevance_by_kind)}.")
    for line in report.best_bets:
        warn(line)
    for line in report.faults or (f"{report.location}: sound",):
        typer.echo(line, err=bool(report.faults))


def _relevance_line(relevance: Mapping[Measure, float]) -> str:
    return f"Judged queries: {_join_means(relevance)}."


def _join_means(means: Mapping[Measure, float] | Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in means.items())


def warn(message: str) -> None:
    """Print *message* to standard error."""
    typer.echo(message, err=True)


@contextmanager
def show_progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar, or one line without a terminal; yield the function that advances the bar."""
    console = Console(stderr=True)
    if not console.is_terminal:
        typer.echo(f"{label}: at most {total} changes", err=True)
    with rich.progress.Progress(
        "{task.description}",
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        rich.progress.TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        task = bars.add_task(label, total=total)
        yield lambda more: bars.advance(task, more)
