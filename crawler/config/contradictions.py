"""Settings that are valid one by one but contradict each other."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from crawler.config.settings import CrawlerConfig, Limits, Politeness, Site, Template
from crawler.config.site_hosts import hosts_of
from crawler.config.site_paths import shared_path


class Contradiction(NamedTuple):
    """A value that contradicts another one."""

    key: str
    value: object
    reason: str


def find_contradictions(config: "CrawlerConfig") -> Iterator[Contradiction]:
    """Yield the contradictions in *config*."""
    yield from _in_quiet_hours(config.politeness)
    yield from _in_limits(config.limits)
    for name, template in config.templates.items():
        yield from _in_template(name, template)
    for at, site in enumerate(config.sites):
        yield from _in_site(at, site, config.templates.keys())
    yield from _in_ids(config.sites)
    yield from _in_shared_hosts(config.sites)


def _in_quiet_hours(politeness: "Politeness") -> Iterator[Contradiction]:
    begin, end = politeness.quiet_from, politeness.quiet_until
    if begin is not None and end is None:
        yield Contradiction("politeness.quiet_from", begin, "needs quiet_until as well")
    if end is not None and begin is None:
        yield Contradiction("politeness.quiet_until", end, "needs quiet_from as well")
    if begin is not None and begin == end:
        yield Contradiction(
            "politeness.quiet_until", end, "equal to quiet_from; omit both for no quiet hours"
        )


def _in_limits(limits: "Limits") -> Iterator[Contradiction]:
    """Compare only values given in the file: a default never contradicts."""
    for part, whole in (("connect_s", "total_s"), ("read_s", "total_s"), ("wire_bytes", "page_bytes")):
        given, bound = getattr(limits, part), getattr(limits, whole)
        if {part, whole} <= limits.model_fields_set and given > bound:
            yield Contradiction(f"limits.{part}", given, f"greater than {whole} = {bound}")


def _in_template(name: str, template: "Template") -> Iterator[Contradiction]:
    first, last = template.valid_from, template.valid_until
    if first and last and first > last:
        yield Contradiction(f"templates.{name}.valid_until", last, f"before valid_from = {first}")


def _in_site(at: int, site: "Site", templates: Iterable[str]) -> Iterator[Contradiction]:
    named = [("template", site.template)]
    named += [(f"older_templates.{place}", name) for place, name in enumerate(site.older_templates)]
    for key, name in named:
        if name not in templates:
            reason = f"site {site.id!r}: no such template in [crawler.templates]"
            yield Contradiction(f"sites.{at}.{key}", name, reason)
    if not (site.start or site.feeds or site.sitemaps):
        reason = f"site {site.id!r} needs a URL in start, feeds or sitemaps"
        yield Contradiction(f"sites.{at}.start", [], reason)


def _in_ids(sites: tuple["Site", ...]) -> Iterator[Contradiction]:
    first: dict[str, int] = {}
    for at, site in enumerate(sites):
        if (before := first.setdefault(site.id, at)) != at:
            reason = f"sites.{before} has the same id; ids must be unique"
            yield Contradiction(f"sites.{at}.id", site.id, reason)


def _in_shared_hosts(sites: tuple["Site", ...]) -> Iterator[Contradiction]:
    for (_, site), (at, other) in combinations(enumerate(sites), 2):
        shared = hosts_of(site) & hosts_of(other)
        path = shared_path(site, other) if shared else None
        if path is not None:
            reason = f"site {site.id!r} also claims {min(shared)}{path}; separate them by `allow` or `deny`"
            yield Contradiction(f"sites.{at}.allow", list(other.allow), f"site {other.id!r}: {reason}")
