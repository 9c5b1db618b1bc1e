"""Settings that are fine one by one and cannot hold together."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from crawler.config.settings import CrawlerConfig, Limits, Politeness, Site, Template
from crawler.config.site_hosts import hosts_of
from crawler.config.site_paths import taken_by_both


class Contradiction(NamedTuple):
    """What is wrong with the value at *key*, seen beside another."""

    key: str
    value: object
    reason: str


def contradictions(config: "CrawlerConfig") -> Iterator[Contradiction]:
    """Yield what in *config* contradicts something else in it."""
    yield from _of_quiet_hours(config.politeness)
    yield from _of_limits(config.limits)
    for name, template in config.templates.items():
        yield from _of_template(name, template)
    for at, site in enumerate(config.sites):
        yield from _of_site(at, site, config.templates.keys())
    yield from _of_ids(config.sites)
    yield from _of_shared_hosts(config.sites)


def _of_quiet_hours(politeness: "Politeness") -> Iterator[Contradiction]:
    begin, end = politeness.quiet_from, politeness.quiet_until
    if begin is not None and end is None:
        yield Contradiction("politeness.quiet_from", begin, "quiet_until is missing beside it")
    if end is not None and begin is None:
        yield Contradiction("politeness.quiet_until", end, "quiet_from is missing beside it")
    if begin is not None and begin == end:
        yield Contradiction("politeness.quiet_until", end, "the same as quiet_from; leave out both for none")


def _of_limits(limits: "Limits") -> Iterator[Contradiction]:
    """Compare what the file gives: a default steps back behind what is given beside it."""
    for part, whole in (("connect_s", "total_s"), ("read_s", "total_s"), ("wire_bytes", "page_bytes")):
        given, bound = getattr(limits, part), getattr(limits, whole)
        if {part, whole} <= limits.model_fields_set and given > bound:
            yield Contradiction(f"limits.{part}", given, f"more than {whole} = {bound}")


def _of_template(name: str, template: "Template") -> Iterator[Contradiction]:
    first, last = template.valid_from, template.valid_until
    if first and last and first > last:
        yield Contradiction(f"templates.{name}.valid_until", last, f"before valid_from = {first}")


def _of_site(at: int, site: "Site", templates: Iterable[str]) -> Iterator[Contradiction]:
    named = [("template", site.template)]
    named += [(f"older_templates.{place}", name) for place, name in enumerate(site.older_templates)]
    for key, name in named:
        if name not in templates:
            reason = f"site {site.id!r} names a template that is not in [crawler.templates]"
            yield Contradiction(f"sites.{at}.{key}", name, reason)
    if not (site.start or site.feeds or site.sitemaps):
        reason = f"site {site.id!r} has no address to start from: no start, feeds or sitemaps"
        yield Contradiction(f"sites.{at}.start", [], reason)


def _of_ids(sites: tuple["Site", ...]) -> Iterator[Contradiction]:
    first: dict[str, int] = {}
    for at, site in enumerate(sites):
        if (before := first.setdefault(site.id, at)) != at:
            reason = f"sites.{before} has this id, too; an id belongs to one site"
            yield Contradiction(f"sites.{at}.id", site.id, reason)


def _of_shared_hosts(sites: tuple["Site", ...]) -> Iterator[Contradiction]:
    for (_, site), (at, other) in combinations(enumerate(sites), 2):
        shared = hosts_of(site) & hosts_of(other)
        path = taken_by_both(site, other) if shared else None
        if path is not None:
            reason = f"site {site.id!r} takes {min(shared)}{path}, too; tell them apart by `allow` or `deny`"
            yield Contradiction(f"sites.{at}.allow", list(other.allow), f"site {other.id!r}: {reason}")
