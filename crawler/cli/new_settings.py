"""`crawl init`: writes the settings file of a new installation, and names the next commands."""

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from crawler.check import contact_fault
from crawler.cli.options import BROKEN, DEFAULT_CONFIG, USAGE, fail
from crawler.config.built_in import full_file, starter_file
from crawler.config.settings import USER_AGENT
from crawler.config.value_types import UserAgent

_PRODUCT = "preses-relizes/{version}"


def init(
    *,
    folder: Annotated[
        Path,
        typer.Option(
            "--folder", metavar="FOLDER", help="The folder of the new installation; created if need be."
        ),
    ] = Path(),
    contact: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Your page or e-mail address for the User-Agent, e.g. '+https://example.lv/bot'.",
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Write every option with its unit and default, not only the choices."),
    ] = False,
) -> None:
    """Write a commented settings file, `config.toml`, and name the next commands.

    An existing file is never overwritten.

    For example:

    - `crawl init --contact '+https://example.lv/bot; bot@example.lv'`

    - `crawl init --folder /srv/releases`
    """
    path = folder / DEFAULT_CONFIG
    text = _settings(contact, is_full=full)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        fail(f"{path}: exists already and was left as it is; edit it, or give another --folder", USAGE)
    except OSError as error:
        fail(f"{path}: {error.strerror}", BROKEN)
    typer.echo(f"{path}: written")
    if contact is None:
        typer.echo("Replace the address in its `user_agent` with yours, so that sites can reach you. Then:")
    else:
        typer.echo("Next:")
    option = f" --config {shlex.quote(str(path))}" if folder != Path() else ""
    commands = {
        f"crawl{option} --site iem --limit 20 --report": "a sample, and a page that shows how it is read",
        f"reindex{option}": "makes it searchable",
        f"serve{option}": "the search page at http://127.0.0.1:8000",
    }
    width = max(map(len, commands))
    for command, purpose in commands.items():
        typer.echo(f"  {command:{width}}  # {purpose}")


def _settings(contact: str | None, *, is_full: bool) -> str:
    """Return the text of the new file; end the command if *contact* cannot be used."""
    text = full_file() if is_full else starter_file()
    if contact is None:
        return text
    user_agent = f"{_PRODUCT} ({contact})"
    try:
        TypeAdapter(UserAgent).validate_python(user_agent)
    except ValidationError as error:
        fail(f"--contact {contact!r}: {error.errors()[0]['msg'].removeprefix('Value error, ')}", USAGE)
    if fault := contact_fault(contact):
        fail(f"--contact {contact!r} {fault}: give your own page or e-mail address", USAGE)
    if "(" in contact or ")" in contact:
        fail(f"--contact {contact!r}: leave out the brackets; they are put around it", USAGE)
    return text.replace(json.dumps(USER_AGENT), json.dumps(user_agent))
