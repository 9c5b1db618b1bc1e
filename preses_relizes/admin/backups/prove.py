"""`releases prove`: would the backup bring everything back?"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from index.pipeline import UnsoundError
from preses_relizes.admin.backups.restored_copy import examine
from preses_relizes.admin.diagnosis import bad
from preses_relizes.admin.options import (
    DEFAULT_CONFIG,
    FAILURES,
    UNSOUND,
    ConfigOption,
    JsonOption,
    explain,
    fail,
)


def prove(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `releases backup` wrote.")],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup aside, index it and compare it with what is in use; change nothing.

    FILE is verified, restored to a folder in TMPDIR, and upgraded and indexed there by the settings in use.
    Its releases, its log of versions and its answers to the judged queries must be those of the installation,
    but for what came later. The folder needs some three times the size of the store, and is removed.

    Exit code 1: the backup would not bring everything back.

    For example:

    - `releases prove /backup/releases-2026-11-26.tar`
    """
    code = 0
    found = []
    try:
        for diagnosis in examine(file, config):
            found.append(diagnosis)
            if not as_json:
                diagnosis.show()
    except (*FAILURES, UnsoundError) as error:
        message, code = (str(error), UNSOUND) if isinstance(error, UnsoundError) else explain(error)
        if not as_json:
            fail(message, code)
        found.append(bad("prove", message, "follow the message; what comes after it was not tried"))
    if any(diagnosis.state == "bad" for diagnosis in found):
        code = code or UNSOUND
    if as_json:
        typer.echo(json.dumps([asdict(diagnosis) for diagnosis in found], ensure_ascii=False, indent=2))
    raise typer.Exit(code)
