"""`releases init-mail` and `releases mail`: begin subscriptions by mail, and send what is due."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from time import time
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from crawler.config import load_storage
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
from searcher.config import load
from searcher.digest import Mailer, MailError, load_digest
from searcher.service import Service

_LOCK = "mail.lock"
_NOT_INSTALLED = "{name} is not installed; pip install 'preses-relizes[mail]'"


def init_mail(*, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Make the key by which the addresses of subscriptions are encrypted; docs/operations.md.

    Only its owner can read the file, which `[searcher.subscriptions] key` names. It is in no backup: keep a
    copy where nobody else can read it. Without it, all subscriptions are lost.

    For example:

    - `releases init-mail` — then set `enabled = true` in `[searcher.subscriptions]`
    """
    try:
        from searcher.subscriptions import make_key  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        fail(_NOT_INSTALLED.format(name=error.name), USAGE)
    with exit_on_error():
        path = config.absolute().parent / load(config).subscriptions.key
        if path.exists():
            fail(f"{path}: there is a key already", UNSOUND)
        make_key(path)
    typer.echo(f"{path}: keep a copy of this key where nobody else can read it")


def mail(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="Act as if it were TIME, e.g. 2026-03-02T07:00+02:00.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Mail those who subscribed on the page; run it every minute.

    It looks for what is new since the last time, asks to confirm what was subscribed to, and sends what is
    due: at once, daily at 7:00, or on Mondays at 7:00. Each thing is mailed once to each subscription. A mail
    that was interrupted is sent again, with the same Message-ID. One that the server refuses is tried again
    for four days; then the subscription is deleted.

    The mail server is that of `releases digest`. Nothing that it prints names a person.

    Exit code 1: the server takes no mail.

    For example:

    - `releases mail`

    - `releases mail --at 2026-03-02T07:00+02:00` — in a trial
    """
    clock = _clock(at)
    try:
        from searcher.subscriptions import (  # noqa: PLC0415 - an extra
            Desk,
            KeyFileError,
            MailRound,
            RoundReport,
            SubscriptionFileError,
        )
    except ModuleNotFoundError as error:
        fail(_NOT_INSTALLED.format(name=error.name), USAGE)
    with exit_on_error():
        app = create_app(config)
        desk = app.extensions.get("subscriptions")
        if not isinstance(desk, Desk):
            fail(f"{config}: searcher.subscriptions.enabled is false", USAGE)
        desk = replace(desk, clock=clock)
        settings = load_digest(desk.mail_path).mail
        service: Service = app.extensions["service"]
        try:
            with FileLock(load_storage(config).data_dir / _LOCK, timeout=0):
                sending = MailRound(
                    app=app, service=service, desk=desk, mailer=Mailer(settings), sender=settings.sender
                )
                report: RoundReport = sending.run()
        except Timeout as error:
            fail(f"{error.lock_file}: held by another `releases mail`; try again when it has ended", BUSY)
        except MailError as error:
            fail(str(error), USAGE)
        except (KeyFileError, SubscriptionFileError) as error:
            fail(str(error), BROKEN)
    typer.echo(json.dumps(asdict(report)) if as_json else _text(asdict(report)))
    raise typer.Exit(UNSOUND if report.problem else 0)


def _clock(at: str) -> Callable[[], float]:
    if not at:
        return time
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        fail(f"--at {at!r}: not a time with its zone, e.g. 2026-03-02T07:00+02:00", USAGE)
    return moment.timestamp


def _text(report: dict[str, object]) -> str:
    counts = ", ".join(
        f"{name.replace('_', ' ')} {count}" for name, count in report.items() if name != "problem"
    )
    return f"{counts}; NOT SENT: {report['problem']}" if report["problem"] else counts
