"""The option ``--version``, the same for every command."""

from typing import Annotated

import typer

from preses_relizes import __version__


def _show(*, is_given: bool) -> None:
    if is_given:
        typer.echo(f"preses-relizes {__version__}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_show, is_eager=True, help="Show the version and exit.")
]
"""Prints the version of the program, and ends the command."""
