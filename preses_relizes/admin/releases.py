"""The `releases` command: what an operator does besides crawling, indexing and serving."""

from typing import Annotated, NoReturn

import typer

from crawler.store.database import NEWEST_FORMAT
from index.versions import LAYOUT
from preses_relizes import __version__
from preses_relizes.admin.backups.backup import backup
from preses_relizes.admin.backups.prove import prove
from preses_relizes.admin.backups.restore import restore
from preses_relizes.admin.check import check
from preses_relizes.admin.prune import prune
from preses_relizes.admin.publication.digest import digest
from preses_relizes.admin.publication.export import export
from preses_relizes.admin.publication.log import init_log, log
from preses_relizes.admin.publication.mail import init_mail, mail
from preses_relizes.admin.queries import queries
from preses_relizes.admin.upgrade import upgrade

EPILOG = """
The other commands: `crawl` fetches, `reindex` indexes, `serve` answers; each has its own `--help`.

Exit codes: 0 success; 1 something is wrong, and the output says what to do; 2 wrong settings or options;
3 a crawl or a reindex is running; 4 a file cannot be read or written; 130 interrupted.
"""

app = typer.Typer(
    rich_markup_mode="markdown", epilog=EPILOG, no_args_is_help=True, pretty_exceptions_enable=False
)
for command in (
    check,
    backup,
    prove,
    restore,
    prune,
    upgrade,
    queries,
    export,
    digest,
    mail,
    init_mail,
    init_log,
):
    app.command()(command)
app.add_typer(log, name="log")


def _show_versions(*, is_given: bool) -> None:
    if is_given:
        typer.echo(f"preses-relizes {__version__}\nstore format {NEWEST_FORMAT}\nindex layout {LAYOUT}")
        raise typer.Exit


@app.callback()
def releases(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_versions,
            is_eager=True,
            help="Show the versions of the program and its files.",
        ),
    ] = False,
) -> None:
    """Keep an installation sound: check it, back it up, clean it up, upgrade it; publish its data."""


def main() -> NoReturn:
    """Run `releases` with the arguments of the command line."""
    app(prog_name="releases")
    raise SystemExit(0)
