"""`releases queries`: what people search for and miss, and candidates for the operator's lists."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from index.errors import EngineError
from preses_relizes.admin.options import BROKEN, DEFAULT_CONFIG, ConfigOption, JsonOption, exit_on_error, fail
from preses_relizes.admin.query_candidates import write_candidates
from searcher.config import load
from searcher.query_log import QueryFileError, QueryReport, QuerySummary, query_log_file, read_report

CANDIDATES = 50
"""Queries of each kind that are exported for review."""


def queries(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    top: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Show N queries of each kind.")] = 20,
    export: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write candidates for related words, best bets, judged queries."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is searched for: the most frequent, the unmatched and the slow queries, and the filters.

    Searches are counted if `[searcher] query_log` names a file. A query is shown only after it was asked on
    several days and several times (`queries_shown_after_d`, `queries_shown_after`); others are only digests.

    For example:

    - `releases queries`

    - `releases queries --export review/` — then look through the files, and copy what is good
    """
    with exit_on_error():
        file = query_log_file(config, load(config))
        if file is None:
            typer.echo("searches are not counted; name a file as [searcher] query_log, and restart `serve`")
            return
        try:
            report = read_report(file, at_most=CANDIDATES if export else top)
            if export:
                written = write_candidates(report, config, export)
        except (QueryFileError, EngineError) as error:
            fail(str(error), BROKEN)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    elif export:
        for path in written:
            typer.echo(path)
    else:
        _show(report)


def _show(report: QueryReport) -> None:
    share = report.unmatched / report.searches if report.searches else 0.0
    typer.echo(f"{report.first or '-'} to {report.last or '-'}: {report.searches:,} searches")
    typer.echo(f"no release matched the whole query: {report.unmatched:,} ({share:.1%})")
    typer.echo(f"asked too seldom to be shown: {report.rare:,} different queries")
    for title, summaries in (
        ("Most frequent", report.top),
        ("Without a match", report.unmatched_queries),
        ("Slowest", report.slow),
    ):
        _print(_to_table(title, summaries))
    filters = Table("filter", title="Filters", title_justify="left", box=box.SIMPLE)
    filters.add_column("searches", justify="right")
    for name, count in report.filters:
        filters.add_row(name, f"{count:,}")
    _print(filters)


def _to_table(title: str, summaries: Sequence[QuerySummary]) -> Table:
    table = Table("query", title=title, title_justify="left", box=box.SIMPLE)
    for heading in ("searches", "days", "unmatched", "mean ms", "slowest ms"):
        table.add_column(heading, justify="right")
    for one in summaries:
        counts = (f"{one.searches:,}", str(one.days), f"{one.unmatched:,}")
        table.add_row(escape(one.text), *counts, f"{one.mean_ms:.0f}", f"{one.slowest_ms:.0f}")
    return table


def _print(table: Table) -> None:
    if table.row_count:
        Console().print(table)
