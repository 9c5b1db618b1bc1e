"""The `serve` command: the search page and its API on this machine."""

import errno
import json
import logging
import os
import signal
import socket
import threading
from collections.abc import MutableSequence, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import Annotated

import typer
from flask_openapi.openapi import OpenAPI
from waitress.adjustments import Adjustments

from index.analysis.latvian.hunspell import LexiconError
from index.config import ConfigError, Storage, load_storage
from index.errors import EngineError
from preses_relizes.keeper import OPTION, Kept
from preses_relizes.shared.shared_memory import share_counts
from preses_relizes.shared.signals import Ending
from preses_relizes.shared.version_option import VersionOption
from searcher import create_app
from searcher.config import SearcherConfig, load
from searcher.data_access import find_unreadable
from searcher.delivery.request_ids import log_with_ids
from searcher.server import (
    Listener,
    SpareThreadDispatcher,
    Watch,
    can_supervise,
    collector,
    default_count,
    hold_back,
    open_sockets,
    supervise,
)
from searcher.service import Service
from searcher.telemetry import Telemetry

EPILOG = """
Exit codes: 0 stopped; 1 the address or port cannot be used, or the data may not be read; 2 wrong settings or
options; 130 interrupted before it served.

A new index is used from the next request on, without a restart. SIGUSR2 (or `systemctl reload`) starts the
program anew, with changed settings and after an upgrade; the former one answers until the new one is ready,
and goes on if that fails. SIGHUP begins a new access log.
"""

app = typer.Typer(rich_markup_mode="markdown", pretty_exceptions_enable=False)

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
HostOption = Annotated[
    str | None,
    typer.Option("--host", metavar="HOST", help="Address to listen on; default: as configured."),
]
Port = Annotated[
    int | None,
    typer.Option("--port", metavar="PORT", min=1, max=65535, help="Port; default: as configured."),
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--processes", metavar="N", min=1, max=64, help="Number of server processes; default: as configured."
    ),
]
KeptBy = Annotated[int | None, typer.Option(OPTION, hidden=True, help="Set by the keeper of this program.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the address as one line of JSON.")]

# Interval between checks for connections that wait too long.
_CLEANUP_S = 5
# The most bytes that a stream may be ahead of its client.
_STREAMED_BYTES = 1 << 20
# No request needs a body.
_BODY_BYTES = 10_000


@app.command(epilog=EPILOG)
def serve(
    config: Config = Path("config.toml"),
    host: HostOption = None,
    port: Port = None,
    processes: Processes = None,
    kept_by: KeptBy = None,
    *,
    as_json: AsJson = False,
    version: VersionOption = False,  # noqa: ARG001 - its callback ends the command
) -> None:
    """Serve the search page and the JSON API until Ctrl-C.

    For example:

    - `serve` — where the settings say

    - `serve --port 8080` — on another port

    - `serve --host 0.0.0.0` — for other machines, too; better put a web server in front
    """
    log_with_ids()
    kept = None if kept_by is None else Kept(kept_by)
    try:
        settings = load(config)
        web = create_app(config)
    except (ConfigError, LexiconError) as error:
        typer.echo(f"serve: {error}", err=True)
        raise typer.Exit(2) from error
    _require_readable(load_storage(config))
    host, port = host or settings.host, port or settings.port
    _reopen_on_hangup(web.extensions["telemetry"])
    # Whoever has connected is answered, even if the end comes before the start is over.
    with suppress(KeyboardInterrupt), Ending() as ending, ExitStack() as opened:
        try:
            sockets = [opened.enter_context(one) for one in open_sockets(host, port, kept)]
        except (OSError, UnicodeError) as error:
            typer.echo(f"serve: cannot listen on {host}:{port}: {_reason_of(error)}", err=True)
            raise typer.Exit(1) from error
        if kept:
            opened.callback(kept.close)
            kept.listen(sockets)
        if not (kept and kept.follows):
            address = f"http://{host}:{port}"
            typer.echo(json.dumps({"url": address}) if as_json else f"Serving on {address} (Ctrl-C stops)")
        count = processes or settings.processes or default_count()
        work = Worker(web, sockets, settings, share_counts(count), ending, Watch(count, kept), kept)
        if count == 1 and not can_supervise():
            work(0)
        else:
            # Once for all processes, which share its memory.
            web.extensions["service"].asker.related_words.load()
            supervise(count, work, ending, work.watch)


def _require_readable(storage: Storage) -> None:
    """End the command if it may not read the data: nobody would learn it from answers with 503."""
    if path := find_unreadable(storage.store_path, storage.index_dir):
        typer.echo(
            f"serve: {path}: this user may not read it; run `serve` as the user to whom the data belong",
            err=True,
        )
        raise typer.Exit(1)


def _reopen_on_hangup(telemetry: Telemetry) -> None:
    """Let SIGHUP, which logrotate sends, begin a new access log; without a file, it ends the service."""
    log = telemetry.access_log
    if log and log.has_file:
        signal.signal(signal.SIGHUP, lambda *_: log.reopen())


def _reason_of(error: OSError | UnicodeError) -> str:
    """Return why an address cannot be used, and the option that chooses another."""
    if isinstance(error, UnicodeError):
        return "not a host name; choose another with --host"
    option = "--port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "--host"
    # A socket's own message repeats the address; a resolver's numbers are not errno values.
    reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
    return f"{reason}; choose another with {option}"


@dataclass(frozen=True, slots=True)
class Worker:
    """The work of each process that answers requests for *web* at *sockets*, which they share."""

    web: OpenAPI
    sockets: Sequence[socket.socket]
    settings: SearcherConfig
    counts: MutableSequence[int]
    """The number of connections of each process."""
    ending: Ending
    watch: Watch
    kept: Kept | None

    def __call__(self, place: int) -> None:
        """Answer requests as process number *place*, until the ending or until another program takes over."""
        # Requests that wait briefly for a thread are normal; no warning needed.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        extensions = self.web.extensions
        extensions["telemetry"].figures.count_at(place)
        dispatcher = SpareThreadDispatcher(spare=self.settings.threads - 1)
        extensions["exports"].is_busy = dispatcher.is_busy
        servers = self._listeners(place, dispatcher)
        if self.kept and self.kept.follows:
            self._warm(place)  # others answer meanwhile, and faster
        else:
            threading.Thread(target=self._warm, args=(place,), daemon=True).start()
        stopped = threading.Event()
        threading.Thread(target=extensions["keep_verified"], args=(stopped,), daemon=True).start()
        if query_log := extensions.get("query_log"):
            threading.Thread(target=query_log.keep_writing, args=(stopped,), daemon=True).start()
        threading.Thread(target=self._stop, args=(servers[0],), daemon=True).start()
        try:
            servers[0].run()  # all of them: they share one table of connections
        finally:
            stopped.set()
            if query_log:
                query_log.write()
            for server in servers:
                server.close()

    def _listeners(self, place: int, dispatcher: SpareThreadDispatcher) -> list[Listener]:
        adjustments = Adjustments(
            sockets=self.sockets,
            connection_limit=self.settings.connections_max,
            cleanup_interval=_CLEANUP_S,
            max_request_body_size=_BODY_BYTES,
            outbuf_high_watermark=_STREAMED_BYTES,
            asyncore_use_poll=True,  # select() fails beyond 1,024 open files
            # Without a trusted proxy, its headers do not even reach the app.
            clear_untrusted_proxy_headers=not self.settings.proxies,
            ident=None,
        )

        def note_life() -> None:
            if dispatcher.is_moving():
                self.watch.report_alive(place)

        connections: dict[int, object] = {}
        return [
            Listener(
                self.web,
                connections,
                _sock=listening,
                dispatcher=dispatcher,
                adj=adjustments,
                sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
                bind_socket=False,
                counts=self.counts,
                place=place,
                on_refusal=self.web.extensions["telemetry"].record_refusal,
                service_address=self.settings.address,
                on_turn=note_life,
            )
            for listening in self.sockets
        ]

    def _warm(self, place: int) -> None:
        warm(self.web.extensions["service"], place)
        self.watch.report_ready()

    def _stop(self, server: Listener) -> None:
        """End *server* at the ending, or let it leave before: it answers whoever has connected."""
        leaving = self.watch.leaving.fileno()
        if leaving in wait([self.ending.fileno(), leaving]):
            server.leave()
            wait([self.ending.fileno()])
        elif self.kept and self.kept.is_activated:
            server.leave()  # connections wait for the next service
        else:
            for listening in self.sockets:
                hold_back(listening)
        server.stop()


def warm(service: Service, place: int) -> None:
    """Prepare for the first search; the process at place 0 reports an index that is missing or damaged."""
    try:
        service.engine.info()
    except EngineError as error:
        if place == 0:
            typer.echo(f"serve: {error}; until then, searches answer 503", err=True)
    service.warm()
    collector.settle()


def main() -> None:
    """Run `serve` with the arguments of the command line."""
    app(prog_name="serve")
