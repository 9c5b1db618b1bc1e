"""The search page and its API: a Flask app over the index."""

from functools import partial
from pathlib import Path

from flask import Response, g, jsonify
from flask_openapi.openapi import OpenAPI
from werkzeug.middleware.proxy_fix import ProxyFix

from index.analysis import Analyzer
from index.best_bets import FILE as BETS
from index.best_bets import LiveBets
from index.config import ConfigError, load_storage
from index.config import load as load_indexing
from index.edits import edit_file
from index.engines import open_engine
from index.history import ChangeList, TextHistory
from index.indexing.abbreviations import FILE as DEFINITIONS
from index.institutions import Institutions, configured_sites
from index.meaning import KEPT, RelatedWords
from index.query import BY_NAME, COMPLETED, FILTERS
from index.register import NAMES_FILE, LiveNames, register_file
from index.release_view import Archive, DiffCache
from index.version_log.log_view import LogView
from searcher import i18n, links, problems, search_page, snippets, views
from searcher.answer_version import AnswerVersion
from searcher.api import api
from searcher.api.description import create_info, describe
from searcher.api.reference import show_reference
from searcher.asking import Asker
from searcher.assistants import add_mcp_endpoint
from searcher.comparison import compare_url
from searcher.config import SearcherConfig, load
from searcher.corrections import reason_text
from searcher.delivery.answer_cache import cache_answers
from searcher.delivery.caching import program_version, tag_by_content
from searcher.delivery.compression import compress_answers
from searcher.delivery.headers import add_headers
from searcher.delivery.hosts import Hosts
from searcher.delivery.prefix import UrlPrefix
from searcher.delivery.request_ids import RequestIds
from searcher.delivery.static_files import add_static_files
from searcher.delivery.trailing_slash import redirect_trailing_slashes
from searcher.exports import ExportStreams
from searcher.notes import MESSAGES
from searcher.pages.freshness import freshness
from searcher.pages.interface_templates import InterfaceEnvironment
from searcher.params import QUERY_CHARS_MAX
from searcher.query_log import QueryFileError, QueryLog, QueryLogFile, query_log_file
from searcher.query_reader import QueryReader
from searcher.service import Service, current_service
from searcher.telemetry import add_telemetry
from searcher.waiting import WaitingRoom


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
        info=create_info(settings.service_name),
        doc_ui=False,
        static_folder=None,
        validation_error_status=400,
        validation_error_model=problems.Problem,
    )
    app.jinja_environment = InterfaceEnvironment
    app.openapi_version = "3.1.0"
    # Else `//` redirects to `/`, with a Location longer than clients accept if the query is long.
    app.url_map.merge_slashes = False
    hops, published = settings.proxies, UrlPrefix(app.wsgi_app, settings.url_prefix)
    trusted = Hosts(published, settings.trusted_hosts, settings.address)
    proxied = ProxyFix(trusted, x_for=hops, x_proto=hops, x_host=hops)
    app.wsgi_app = RequestIds(proxied, is_proxied=hops > 0)  # type: ignore[method-assign]  # as Flask documents it
    app.extensions["interfaces"] = i18n.interfaces()
    analyzer = Analyzer(dictionary=indexing.dictionary)
    engine = open_engine(storage, indexing, analyzer)
    app.extensions["keep_verified"] = partial(engine.keep_verified, 3600 * settings.verify_every_h)
    definitions, sites = storage.store_path.with_name(DEFINITIONS), configured_sites(config_path)
    institutions = Institutions(engine, storage.store_path, sites)
    diffs = DiffCache()
    archive = Archive(storage.store_path, diffs)
    bets = LiveBets(storage.store_path.with_name(BETS), storage.store_path, analyzer)
    app.extensions["service"] = Service(
        settings=settings,
        engine=engine,
        asker=Asker(
            engine=engine,
            reader=QueryReader(engine, analyzer, definitions, {site.id: site.ministry for site in sites}),
            analyzer=analyzer,
            related_words=RelatedWords(analyzer, indexing.concepts, storage.store_path.with_name(KEPT)),
            archive=archive,
            bets=bets,
            per_page=settings.per_page,
        ),
        archive=archive,
        history=TextHistory(storage.store_path, diffs),
        changes=ChangeList(storage.store_path),
        edits=edit_file(storage.store_path),
        register_file=register_file(storage.store_path),
        names=LiveNames(storage.store_path.with_name(NAMES_FILE), analyzer),
        log=LogView(storage.store_path, storage.log_dir),
        institutions=institutions,
        version=AnswerVersion(
            program=program_version(config_path, indexing.concepts),
            engine=engine,
            definitions=definitions,
            bets=bets,
            institutions=institutions,
        ),
    )
    app.extensions["exports"] = ExportStreams()
    app.extensions["waiting"] = WaitingRoom()
    cache_answers(app)
    compress_answers(app)
    redirect_trailing_slashes(app)
    add_static_files(app, Path(__file__).with_name("static"))
    app.register_blueprint(views.views)
    app.register_api(api)
    if settings.subscriptions.enabled:
        _add_subscriptions(app, config_path, settings, storage.data_dir)
    _add_service_routes(app)
    if settings.mcp:
        add_mcp_endpoint(app, app.extensions["service"])
    telemetry = add_telemetry(app, app.extensions["service"], config_path, storage.reports_dir)
    if log_file := query_log_file(config_path, settings):
        app.extensions["query_log"] = query_log = _open_query_log(log_file)
        # First, so that a line in the access log means that its search is counted.
        telemetry.listeners.insert(0, query_log.record)
    problems.add_error_handlers(app)
    _add_template_globals(app)
    app.after_request(partial(add_headers, is_secure=settings.base_url.startswith("https:")))
    return app


def _open_query_log(file: QueryLogFile) -> QueryLog:
    try:
        file.create()
    except QueryFileError as error:
        raise ConfigError(f"[searcher] query_log: {error}") from error
    return QueryLog(file)


def _add_subscriptions(app: OpenAPI, config_path: Path, settings: SearcherConfig, data_dir: Path) -> None:
    try:
        from searcher.subscriptions import open_desk, subscriptions  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        reason = f"needs {error.name}: pip install 'preses-relizes[mail]'"
        raise ConfigError(f"{config_path}: searcher.subscriptions.enabled: {reason}") from error
    app.extensions["subscriptions"] = open_desk(config_path, settings, data_dir)
    app.register_blueprint(subscriptions)


def _add_service_routes(app: OpenAPI) -> None:
    @app.route("/openapi.json")
    def openapi() -> Response:
        return tag_by_content(jsonify(describe(app)))

    @app.route("/api/v1/")
    def reference() -> Response:
        return show_reference(app)


def _add_template_globals(app: OpenAPI) -> None:
    app.jinja_env.globals.update(
        url_for=links.address_of,
        url_with=links.url_with,
        url_in=links.url_in,
        release_url=links.release_url,
        edit_url=links.edit_url,
        version_url=links.version_url,
        translation_url=links.translation_url,
        search_for=links.search_for,
        corrections_url=links.corrections_url,
        reason_text=lambda reason: reason_text(reason, g.interface),
        compare_url=compare_url,
        person_url=links.person_url,
        act_url=links.act_url,
        period_of=links.period_of,
        statements_url=links.statements_url,
        statements_feed_url=links.statements_feed_url,
        form_url=links.form_url,
        subscribe_url=links.subscribe_url,
        filters=FILTERS,
        press=search_page.press,
        completed=COMPLETED,
        filter_named=BY_NAME,
        values_of=links.values_of,
        no_filters=dict.fromkeys((*BY_NAME, "from", "to", "during", "versions"), ""),
        languages=i18n.LANGUAGES,
        query_chars_max=QUERY_CHARS_MAX,
    )
    app.jinja_env.filters.update(highlight=snippets.highlight, checkboxes=snippets.checkboxes)
    app.jinja_env.globals.update(
        link_to=snippets.link_to, original_of=snippets.original_of, note_messages=MESSAGES
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def context() -> dict[str, object]:
        interface: i18n.Interface = g.interface
        service = current_service()
        return {
            "ui": interface,
            "_": interface.text,
            "settings": service.settings,
            "freshness": lambda: freshness(service),
        }
