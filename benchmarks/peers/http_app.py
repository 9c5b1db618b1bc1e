"""Our app as gunicorn and granian load it, and gunicorn's settings; `HTTP_CONFIG` names the settings file."""

import os
import threading
from pathlib import Path
from typing import Any

from flask_openapi.openapi import OpenAPI
from waitress.task import ThreadedTaskDispatcher

from searcher import create_app, serve


def create() -> OpenAPI:
    """Return the app; gunicorn's workers share it by `fork`."""
    return create_app(Path(os.environ["HTTP_CONFIG"]))


def create_warm() -> OpenAPI:
    """Return the app of one granian worker."""
    app = create()
    _warm(app)
    return app


def post_fork(server: Any, _worker: object) -> None:
    """Warm a new worker: gunicorn calls this hook by its name."""
    _warm(server.app.wsgi())


def serve_by_all() -> None:
    """Run our server with waitress's own dispatcher."""

    def dispatcher(spare: int) -> ThreadedTaskDispatcher:
        plain = ThreadedTaskDispatcher()
        plain.set_thread_count(spare + 1)
        return plain

    serve.SpareThreadDispatcher = dispatcher  # type: ignore[attr-defined, assignment]  # only here
    serve.main()


def _warm(app: OpenAPI) -> None:
    threading.Thread(target=app.extensions["service"].warm, daemon=True).start()
