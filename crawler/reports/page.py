"""The reports for people, as HTML pages that need no other file and no script."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.reports import charts
from crawler.reports.history import TREND, TrendPoint
from crawler.reports.run_report import RunReport, SiteReport
from crawler.reports.sample import SampledPage
from crawler.store.records import field_by_field
from preses_relizes.shared.calendar import RIGA

HOSTS_SHOWN = 10
# A page is doubtful if its doubts weigh this much together: more than a missing lead and an uncertain date.
DOUBTFUL = 25


def render_page(template: str, **values: object) -> str:
    """Return the page of a *template* in `templates/`; everything in *values* is escaped."""
    environment = Environment(
        loader=PackageLoader("crawler.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"riga_time": _riga_time, "duration": _duration}
    return environment.get_template(template).render(**values)


def to_html(report: RunReport, trends: Mapping[str, Sequence[TrendPoint]]) -> str:
    """Return *report* as a page, with the *trends* of its sites."""
    return render_page(
        "run.html",
        report=report,
        outcomes=TREND,
        total=_total(report),
        charts=charts,
        columns={site.site: charts.columns_of(trends.get(site.site, ())) for site in report.sites},
        unsound=[site for site in report.sites if not site.is_sound],
        compared=[site for site in report.sites if site.markup and site.markup.lacks],
        hosts=report.hosts[:HOSTS_SHOWN],
    )


def sample_to_html(pages: Sequence[SampledPage], *, run: int, started: datetime) -> str:
    """Return the page that shows how each of *pages* was read."""
    return render_page(
        "sample.html",
        pages=pages,
        run=run,
        started=started,
        fields=field_by_field,
        doubtful=sum(page.weight >= DOUBTFUL for page in pages),
    )


def _total(report: RunReport) -> dict[str, int]:
    def sum_up(sites: Sequence[SiteReport], name: str) -> int:
        return sum(site.outcomes[name] for site in sites)

    return {outcome: sum_up(report.sites, outcome) for outcome in TREND} | {
        "stored": sum(site.stored for site in report.sites),
        "left": sum(site.left for site in report.sites),
        "due": sum(site.due for site in report.sites),
        "requests": sum(site.requests for site in report.sites),
    }


def _riga_time(moment: datetime) -> str:
    return f"{moment.astimezone(RIGA):%Y-%m-%d %H:%M}"


def _duration(seconds: float) -> str:
    """Return *seconds* in the largest units that matter.

    >>> _duration(4.25), _duration(130), _duration(7300)
    ('4.2 s', '2 min 10 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
