"""Runs `releases` in this process."""

from click.testing import Result
from typer.testing import CliRunner

from preses_relizes.admin.releases import app


def run(*arguments: str) -> Result:
    """Return the exit code and the output of a command, both streams together."""
    return CliRunner().invoke(app, arguments, prog_name="releases", env={"COLUMNS": "200"})
