"""The addresses of the pages in each language."""

from collections.abc import Callable

from flask import Blueprint, Response, current_app, g

from searcher import register
from searcher.comparison import comparison, comparison_csv, comparison_svg
from searcher.corrections import corrections, corrections_atom, corrections_json
from searcher.feeds import atom_feed, json_feed
from searcher.i18n import DEFAULT, LANGUAGES
from searcher.pages import (
    citation,
    developers,
    institutions,
    opensearch,
    release_page,
    sitemap,
    texts,
)
from searcher.search_page import chart_csv, chart_svg, search
from searcher.version_log import views as version_log

views = Blueprint("views", __name__)


@views.url_value_preprocessor
def choose_interface(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Let a page be in the language of its address."""
    g.interface = current_app.extensions["interfaces"][(values or {}).pop("interface", DEFAULT)]


_PAGES: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    # The path in Latvian, the path in other languages (after their code), and the view.
    ("/", "/", search),
    ("/grafiks.csv", "/chart.csv", chart_csv),
    ("/grafiks.svg", "/chart.svg", chart_svg),
    ("/salidzini", "/compare", comparison),
    ("/salidzini.csv", "/compare.csv", comparison_csv),
    ("/salidzini.svg", "/compare.svg", comparison_svg),
    ("/feed.atom", "/feed.atom", atom_feed),
    ("/feed.json", "/feed.json", json_feed),
    ("/opensearch.xml", "/opensearch.xml", opensearch.opensearch),
    ("/releases/<release>", "/releases/<release>", release_page.release),
    (
        "/releases/<release>/revisions/<int:number>",
        "/releases/<release>/revisions/<int:number>",
        release_page.revision,
    ),
    (
        "/releases/<release>/versions/<int:number>",
        "/releases/<release>/versions/<int:number>",
        release_page.version,
    ),
    ("/releases/<release>/beside/<other>", "/releases/<release>/beside/<other>", release_page.translation),
    ("/iestades", "/institutions", institutions.institutions),
    ("/iestades/<id>", "/institutions/<id>", institutions.institution),
    ("/cilveki", "/people", register.people),
    ("/cilveki/<path:name>", "/people/<path:name>", register.person),
    ("/izteikumi", "/statements", register.statements),
    ("/izteikumi.atom", "/statements.atom", register.statements_atom),
    ("/kalendars", "/calendar", register.due_calendar),
    ("/kalendars.ics", "/calendar.ics", register.due_ics),
    ("/tiesibu-akti", "/acts", register.acts),
    ("/tiesibu-akti/<path:name>", "/acts/<path:name>", register.act),
    ("/labojumi", "/corrections", corrections),
    ("/labojumi.atom", "/corrections.atom", corrections_atom),
    ("/labojumi.json", "/corrections.json", corrections_json),
    ("/palidziba", "/help", texts.help_page),
    ("/pieklustamiba", "/accessibility", texts.accessibility),
    ("/api", "/api", developers.developers),
    ("/api/problems", "/api/problems", developers.problem_types),
    ("/api/problems/<slug>", "/api/problems/<slug>", developers.problem_type),
)

for path, english, view in _PAGES:
    for language in LANGUAGES:
        rule = path if language == DEFAULT else f"/{language}{english}"
        views.add_url_rule(rule, view.__name__, view, defaults={"interface": language}, methods=["GET"])

views.add_url_rule("/releases/<release>.bib", "bibtex", citation.bibtex)
views.add_url_rule("/releases/<release>.ris", "ris", citation.ris)
views.add_url_rule("/releases/<release>.csl.json", "csl", citation.csl)
views.add_url_rule("/releases/<release>/versions/<int:number>.bib", "version_bibtex", citation.version_bibtex)
views.add_url_rule("/releases/<release>/versions/<int:number>.ris", "version_ris", citation.version_ris)
views.add_url_rule("/releases/<release>/versions/<int:number>.csl.json", "version_csl", citation.version_csl)
views.add_url_rule("/releases/<release>/versions/<int:number>/proof", "proof", version_log.proof)
views.add_url_rule("/releases/<release>/versions/<int:number>/text", "version_text", version_log.text)
views.add_url_rule("/log/<path:path>", "log_file", version_log.log_file)
views.add_url_rule("/robots.txt", "robots", sitemap.robots)
views.add_url_rule("/sitemap.xml", "sitemap_index", sitemap.sitemap_index)
views.add_url_rule("/sitemap/<site>.xml", "sitemap", sitemap.sitemap)
