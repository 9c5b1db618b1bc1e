"""What a reindex says: how it gets on, and what it did."""

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
    """What a run did."""

    did: Literal["nothing", "updated", "rebuilt", "rolled back"]
    because: str
    generation: str
    documents: int
    number: int
    changes: int = 0
    """Releases added, changed or removed."""
    added: int = 0
    removed: int = 0
    relevance: Mapping[Measure, float] = field(default_factory=dict)
    """By the judged queries of the operator; empty where there are none, or no new index was built."""
    seconds: float = 0.0


def show(report: Report, *, as_json: bool) -> None:
    """Print *report*, for people or for a program."""
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    holds = f"{report.documents} releases in generation {report.generation}"
    match report.did:
        case "nothing":
            typer.echo(f"Nothing to do: {holds}, up to change {report.number}.")
        case "updated":
            typer.echo(
                f"Updated: {report.added} added or changed, {report.removed} removed; "
                f"{holds}, {report.seconds} s."
            )
        case "rebuilt":
            typer.echo(f"Rebuilt ({report.because}): {holds}, {report.seconds} s.")
            if report.relevance:
                typer.echo(relevance_line(report.relevance))
        case "rolled back":
            typer.echo(f"Rolled back: {holds}. The next `reindex` brings it up to date.")


def relevance_line(relevance: Mapping[Measure, float]) -> str:
    """Return what the judged queries say, in a line."""
    return "Judged queries: " + ", ".join(f"{name} {value:.3f}" for name, value in relevance.items()) + "."


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal, a line elsewhere; yields what to tell how much more is done."""
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
