"""The search page and its API: a Flask app over the index."""

from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, g, jsonify, make_response, render_template, request
from flask_openapi.models.info import Info
from flask_openapi.openapi import OpenAPI
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from index.analysis import Analyzer
from index.config import load as load_indexing
from index.config import load_storage
from index.deadline import DeadlineError
from index.engines import open_engine
from index.errors import EngineError
from index.indexing.abbreviations import FILE as DEFINITIONS
from index.meaning import RelatedWords
from index.release_view import Archive
from index.search.cursor import CursorError
from searcher import i18n, links, problems, snippets, views
from searcher.api import api
from searcher.config import load
from searcher.hosts import Hosts
from searcher.params import QUERY_CHARS_MAX
from searcher.service import Service, current_service

# Only our own scripts and styles, none inline: the text of a release can never run (ASVS 5.0, 3.4.3).
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}

# Retry-After, if there is no index and if an answer takes too long.
_NOT_READY_S, _BUSY_S = 60, 10


def create_app(config_path: Path) -> OpenAPI:
    """Return the app over the data that the settings at *config_path* name.

    Raises:
        ConfigError: the settings are missing or invalid.
        LexiconError: their dictionary cannot be read.
    """
    settings = load(config_path)
    storage = load_storage(config_path)
    indexing = load_indexing(config_path)
    app = OpenAPI(
        __name__,
        info=Info(
            title=settings.service_name,
            version="1",
            description="Search in the releases of Latvian ministries.",
        ),
        doc_ui=False,
        validation_error_status=400,
        validation_error_model=problems.Problem,
        validation_error_callback=problems.invalid_parameters,
    )
    app.openapi_version = "3.1.0"
    hops, trusted = settings.proxies, Hosts(app.wsgi_app, settings.trusted_hosts)
    app.wsgi_app = ProxyFix(trusted, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it
    app.extensions["interfaces"] = i18n.interfaces()
    analyzer = Analyzer(dictionary=indexing.dictionary)
    engine = open_engine(storage, analyzer)
    app.extensions["keep_verified"] = partial(engine.keep_verified, 3600 * settings.verify_every_h)
    app.extensions["service"] = Service(
        settings=settings,
        engine=engine,
        archive=Archive(storage.store_path),
        analyzer=analyzer,
        definitions=storage.store_path.with_name(DEFINITIONS),
        related_words=RelatedWords(analyzer, indexing.concepts),
    )
    app.register_blueprint(views.views)
    app.register_api(api)
    _add_service_routes(app)
    _add_error_pages(app)
    _add_template_globals(app)
    app.after_request(_add_headers)
    return app


def _add_service_routes(app: OpenAPI) -> None:
    @app.route("/openapi.json")
    def openapi() -> Response:
        return jsonify(app.api_doc)

    @app.route("/healthz")
    def healthz() -> Response:
        info = current_service().engine.info()
        if info.damage:  # the log says which file
            return problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, "the index is damaged; `reindex --full`")
        return jsonify(status="ok", generation=info.generation, documents=info.documents, number=info.number)

    @app.route("/robots.txt")
    def robots() -> Response:
        return Response(
            "User-agent: *\nDisallow: /api/\nDisallow: /*?\n", content_type="text/plain; charset=utf-8"
        )


def _add_error_pages(app: OpenAPI) -> None:
    def wants_json() -> bool:
        return request.path.startswith(("/api/", "/healthz", "/openapi.json"))

    def answer(status: HTTPStatus, detail: str, errors: dict[str, str] | None = None) -> Response:
        if wants_json():
            return problems.problem(status, detail, errors)
        g.failed = True
        g.setdefault("interface", app.extensions["interfaces"][_language_of(request.path)])
        return make_response(render_template("error.html", status=status), status)

    def retry_later(seconds: int, detail: str) -> Response:
        response = answer(HTTPStatus.SERVICE_UNAVAILABLE, detail)
        response.headers["Retry-After"] = str(seconds)
        return response

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if isinstance(error.response, Response):
            return error.response
        return answer(HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR), error.description or "")

    @app.errorhandler(CursorError)
    def cursor_error(error: CursorError) -> Response:
        return answer(HTTPStatus.BAD_REQUEST, f"cursor: {error}", {"cursor": str(error)})

    @app.errorhandler(EngineError)
    def engine_error(error: EngineError) -> Response:
        app.logger.error("%s", error)  # paths are logged, not shown to clients
        return retry_later(_NOT_READY_S, "the index is not ready; try again in a few minutes")

    @app.errorhandler(DeadlineError)
    def deadline_error(error: DeadlineError) -> Response:
        app.logger.warning("%s: %r", error, request.full_path[:500])
        return retry_later(_BUSY_S, "this takes too long; ask for fewer words or hits")


def _language_of(path: str) -> str:
    """Return the interface language of *path*, which may not exist."""
    first = path.split("/")[1]
    return first if first in i18n.LANGUAGES else i18n.DEFAULT


def _add_template_globals(app: OpenAPI) -> None:
    app.jinja_env.globals.update(
        url_with=links.url_with,
        url_in=links.url_in,
        without=links.without,
        languages=i18n.LANGUAGES,
        query_chars_max=QUERY_CHARS_MAX,
    )
    app.jinja_env.filters.update(highlight=snippets.highlight)
    app.jinja_env.globals.update(link_to=snippets.link_to)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def context() -> dict[str, object]:
        interface: i18n.Interface = g.interface
        return {"ui": interface, "_": interface.text, "settings": current_service().settings}


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if response.location:
        # Only path and query: a forged Host header must not redirect anyone elsewhere.
        target = urlsplit(response.location)
        response.location = "/" + target._replace(scheme="", netloc="").geturl().lstrip("/\\")
        response.set_data(b"")
    if request.path.startswith("/api/"):
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response
