"""Settings that are valid one by one but contradict each other."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from crawler.config.built_in import ALL, REST, built_in_sites, built_in_templates
from crawler.config.settings import CrawlerConfig, Limits, Politeness, Site, Template
from crawler.config.site_hosts import hosts_of
from crawler.config.site_paths import shared_path

NO_REST = "stands for built-in values, and there are none"


class Contradiction(NamedTuple):
    """A value that contradicts another one."""

    key: str
    value: object
    reason: str


def find_contradictions(config: "CrawlerConfig") -> Iterator[Contradiction]:
    """Yield the contradictions in *config*."""
    yield from _in_quiet_hours(config.politeness)
    yield from _in_limits(config.limits)
    yield from _in_built_ins(config)
    for name, template in config.templates.items():
        yield from _in_template(name, template)
    for site in config.sites:
        yield from _in_site(site, config.templates.keys())
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


def _in_built_ins(config: "CrawlerConfig") -> Iterator[Contradiction]:
    known = built_in_sites()
    for at, id_ in enumerate(config.built_in_sites):
        if id_ not in known and id_ != ALL:
            reason = f"no built-in institution; there are {', '.join(known)}, and {ALL} for all of them"
            yield Contradiction(f"built_in_sites.{at}", id_, reason)


def _in_template(name: str, template: "Template") -> Iterator[Contradiction]:
    if template.extends and template.extends not in built_in_templates():
        reason = f"no built-in template; there are {', '.join(built_in_templates())}"
        yield Contradiction(f"templates.{name}.extends", template.extends, reason)
    if REST in template.paths:
        yield Contradiction(f"templates.{name}.paths", REST, NO_REST)
    first, last = template.valid_from, template.valid_until
    if first and last and first > last:
        yield Contradiction(f"templates.{name}.valid_until", last, f"before valid_from = {first}")


def _in_site(site: "Site", templates: Iterable[str]) -> Iterator[Contradiction]:
    for key, given in (("allow", site.allow), ("deny", site.deny)):
        if REST in given:
            yield Contradiction(f"sites.{site.id}.{key}", REST, NO_REST)
    named = [("template", site.template)]
    named += [(f"older_templates.{place}", name) for place, name in enumerate(site.older_templates)]
    for key, name in named:
        if name not in templates:
            reason = "no such template in [crawler.templates]"
            yield Contradiction(f"sites.{site.id}.{key}", name, reason)
    if not (site.start or site.feeds or site.sitemaps):
        reason = "needs a URL in start, feeds or sitemaps"
        yield Contradiction(f"sites.{site.id}.start", [], reason)


def _in_ids(sites: tuple["Site", ...]) -> Iterator[Contradiction]:
    first: dict[str, int] = {}
    for at, site in enumerate(sites):
        if (before := first.setdefault(site.id, at)) != at:
            reason = f"sites.{before} has the same id; ids must be unique"
            yield Contradiction(f"sites.{at}.id", site.id, reason)


def _in_shared_hosts(sites: tuple["Site", ...]) -> Iterator[Contradiction]:
    for site, other in combinations(sites, 2):
        shared = hosts_of(site) & hosts_of(other)
        path = shared_path(site, other) if shared else None
        if path is not None:
            # The message names a site that is in the file: the later one, unless that is built in.
            is_built_in = other.id in built_in_sites()
            named, rival = (site, other) if is_built_in else (other, site)
            reason = f"site {rival.id!r} also claims {min(shared)}{path}; separate them by `allow` or `deny`"
            yield Contradiction(f"sites.{named.id}.allow", list(named.allow), reason)
