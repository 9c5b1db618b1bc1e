"""`releases digest`: mails the new hits of saved searches, from a timer."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from crawler.config import load_storage
from index.errors import EngineError
from preses_relizes.admin.options import (
    BROKEN,
    BUSY,
    DEFAULT_CONFIG,
    UNSOUND,
    USAGE,
    ConfigOption,
    JsonOption,
    exit_on_error,
    fail,
)
from searcher import create_app
from searcher.digest import (
    FILE,
    DigestFile,
    DigestRound,
    Ledger,
    LedgerError,
    Mailer,
    MailError,
    Outcome,
    load_digest,
    preview,
)
from searcher.service import Service

_FILE = Path("digest.toml")
_WORDS = {
    "started": "new: its hits are mailed from now on",
    "nothing": "nothing new",
    "due": "would be sent",
    "sent": "sent",
    "failed": "NOT SENT",
}


def digest(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The saved searches and the mail server.")
    ] = Path("digest.toml"),
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; send and record nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Mail the new hits of saved searches; run it after each `reindex`.

    Each recipient of each search in FILE gets one mail with the releases that came since the last one. The
    first run for a recipient only records where to begin. Edits of known releases are mailed with
    the changed sentences, without spelling and the like.

    What was sent is recorded in `digest.json` beside the store. A mail that was interrupted is sent again,
    with the same Message-ID; one that the server refused is tried again in the next run.

    FILE has a table `[mail]` with `sender`, `host` and, if the server wants a login, `user` and
    `password_file`; and for each search a table `[[search]]` with `name`, the `address` of its result page
    and the recipients, `to`. `[searcher] base_url` must be set.

    For example:

    - `releases digest --dry-run` — what is due

    - `releases digest /etc/releases/digest.toml`
    """
    try:
        outcomes = []
        with exit_on_error():
            for outcome in _outcomes(config, load_digest(file), is_dry=dry_run):
                outcomes.append(outcome)
                if not as_json:
                    _show(outcome)
    except (MailError, LedgerError) as error:
        fail(str(error), USAGE if isinstance(error, MailError) else BROKEN)
    except EngineError as error:
        fail(str(error), BROKEN)
    if as_json:
        typer.echo(json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False, indent=2))
    raise typer.Exit(UNSOUND if any(outcome.state == "failed" for outcome in outcomes) else 0)


def _outcomes(config: Path, saved: DigestFile, *, is_dry: bool) -> Iterator[Outcome]:
    path = load_storage(config).store_path.with_name(FILE)
    mailer = Mailer(saved.mail)
    app = create_app(config)
    service: Service = app.extensions["service"]
    if not service.settings.base_url:
        fail(f"{config}: searcher.base_url is empty; mails need it for their links", USAGE)
    if is_dry:
        yield from preview(service, saved.subscriptions(), Ledger(path))
        return
    try:
        with FileLock(path.with_suffix(".lock"), timeout=0):
            sending = DigestRound(
                app=app, service=service, ledger=Ledger(path), mailer=mailer, sender=saved.mail.sender
            )
            yield from sending.run(saved.subscriptions())
    except Timeout:
        fail(f"{path}: held by another digest; try again when it has ended", BUSY)


def _show(outcome: Outcome) -> None:
    count = f", {len(outcome.titles)}" if outcome.titles else ""
    reason = f": {outcome.reason}" if outcome.reason else ""
    typer.echo(f"{outcome.search} -> {outcome.recipient}: {_WORDS[outcome.state]}{count}{reason}")
    for title in outcome.titles:
        typer.echo(f"  {title}")
