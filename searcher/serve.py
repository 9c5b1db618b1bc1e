"""The `serve` command: the search page and its API on this machine."""

import json
import logging
import multiprocessing
import socket
import threading
from collections.abc import MutableSequence, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from flask_openapi.openapi import OpenAPI
from waitress.adjustments import Adjustments

from index.analysis.latvian.hunspell import LexiconError
from index.config import ConfigError
from preses_relizes.signals import sigterm_as_ctrl_c
from searcher import create_app
from searcher.config import SearcherConfig, load
from searcher.server import processes as workers
from searcher.server.connections import Listener
from searcher.server.dispatcher import Relieved

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on, instead of the configured one.")
]
Port = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port, instead of the configured one.")
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--processes", min=1, max=64, help="How many answer together, instead of the configured number."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Say where it listens as one line of JSON.")]

# How often it is looked for connections that wait too long.
_CLEANUP_S = 5
# Nothing here is asked by a body.
_BODY_BYTES = 10_000


@app.command(
    epilog="Examples:\n\nserve\n\nserve --config samples/data/config.toml --port 8080\n\n"
    "Exit codes: 0 stopped, 1 the port is taken, 2 wrong settings, 130 interrupted before it served."
)
def serve(
    config: Config = Path("config.toml"),
    host: Host = None,
    port: Port = None,
    processes: Processes = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Serve the search page and the JSON endpoint until Ctrl-C.

    A new index generation is picked up between two requests, without a restart.
    """
    try:
        settings = load(config)
        web = create_app(config)
    except (ConfigError, LexiconError) as error:
        typer.echo(f"serve: {error}", err=True)
        raise typer.Exit(2) from error
    host, port = host or settings.host, port or settings.port
    try:
        sockets = _listening(host, port)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no host name"
        typer.echo(f"serve: cannot listen on {host}:{port}: {reason}; choose another with --port", err=True)
        raise typer.Exit(1) from error
    address = f"http://{host}:{port}"
    count = processes or settings.processes or workers.sensible()
    held = multiprocessing.RawArray("i", count)
    answer = partial(_answer, web, sockets, settings, held)
    with sigterm_as_ctrl_c(), suppress(KeyboardInterrupt):
        typer.echo(json.dumps({"url": address}) if as_json else f"Serving on {address} (Ctrl-C stops)")
        if count == 1:
            answer(0)
        else:
            workers.keep(count, answer)


def _listening(host: str, port: int) -> list[socket.socket]:
    """Return a socket for each address that *host* names."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys((family, address[:2]) for family, *_, address in found)
    return [socket.create_server(address, family=family) for family, address in addresses]


def _answer(
    web: OpenAPI,
    sockets: Sequence[socket.socket],
    settings: SearcherConfig,
    held: MutableSequence[int],
    place: int,
) -> None:
    """Answer requests until Ctrl-C or SIGTERM, as the process at *place* of those that listen together."""
    # That some requests wait for a thread for a moment is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    adjustments = Adjustments(
        sockets=sockets,
        connection_limit=settings.connections_max,
        cleanup_interval=_CLEANUP_S,
        max_request_body_size=_BODY_BYTES,
        asyncore_use_poll=True,  # select knows no more than 1,024 open files
        # With no proxy to be believed, these headers do not even reach the app, which counts the proxies.
        clear_untrusted_proxy_headers=not settings.proxies,
        ident=None,
    )
    dispatcher = Relieved(spare=settings.threads - 1)
    connections: dict[int, object] = {}
    servers = [
        Listener(
            web,
            connections,
            _sock=one,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=(one.family, one.type, one.proto, one.getsockname()),
            bind_socket=False,
            held=held,
            place=place,
        )
        for one in sockets
    ]
    threading.Thread(target=web.extensions["service"].warm, daemon=True).start()
    stopped = threading.Event()
    threading.Thread(target=web.extensions["keep_verified"], args=(stopped,), daemon=True).start()
    try:
        servers[0].run()  # together with the others: their connections are one table
    finally:
        stopped.set()
        for server in servers:
            server.close()


def main() -> None:
    """Run the command."""
    app()
