"""The `serve` command: the search page and its API on this machine."""

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
import waitress

from index.config import ConfigError, load_section
from searcher import create_app
from searcher.config import SearcherConfig

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Config = Annotated[Path, typer.Option("--config", metavar="FILE", help="The settings file.")]
Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on, instead of the configured one.")
]
Port = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port, instead of the configured one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Say where it listens as one line of JSON.")]


@app.command(
    epilog="Examples:\n\nserve\n\nserve --config samples/data/config.toml --port 8080\n\n"
    "Exit codes: 0 stopped, 1 the port is taken, 2 wrong settings."
)
def serve(
    config: Config = Path("config.toml"), host: Host = None, port: Port = None, *, as_json: AsJson = False
) -> None:
    """Serve the search page and the JSON endpoint until Ctrl-C.

    A new index generation is picked up between two requests, without a restart.
    """
    try:
        settings = load_section(config, "searcher", SearcherConfig)
        web = create_app(config)
    except ConfigError as error:
        typer.echo(f"serve: {error}", err=True)
        raise typer.Exit(2) from error
    host, port = host or settings.host, port or settings.port
    try:
        server = waitress.create_server(
            web,
            host=host,
            port=port,
            threads=settings.threads,
            connection_limit=settings.connections_max,
            ident=None,
        )
    except OSError as error:
        typer.echo(
            f"serve: cannot listen on {host}:{port}: {error.strerror}; choose another with --port", err=True
        )
        raise typer.Exit(1) from error
    threading.Thread(target=web.extensions["service"].warm, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    address = f"http://{host}:{port}"
    typer.echo(json.dumps({"url": address}) if as_json else f"Serving on {address} (Ctrl-C stops)")
    try:
        server.run()
    finally:
        server.close()


def main() -> None:
    """Run the command."""
    app()
