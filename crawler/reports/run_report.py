"""The report of a crawl as records, and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from crawler.downloader import in_words
from crawler.reports.host_times import HostTime
from crawler.reports.markup_change import MarkupComparison
from crawler.scheduler import is_reported
from crawler.store.frontier_rows import OutcomeCount

OUTCOMES = ("new", "changed", "unchanged", "missing", "gone", "hidden", "held", "failed", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """The outcome of a crawl of one site."""

    site: str
    outcomes: Mapping[str, int]
    """Number of releases by outcome: see `OUTCOMES`."""
    reasons: Mapping[str, int]
    """Number of pages that failed, were skipped or read in part, by reason; of all kinds of pages."""
    stored: int
    """Number of releases of the site that are present in the store."""
    requests: int = 0
    not_modified: int = 0
    """Number of 304 responses."""
    objections: tuple[str, ...] = ()
    """Why changes were not accepted, or the site not crawled to its end."""
    left: int = 0
    """Number of URLs that were due and not fetched."""
    due: int = 0
    """Number of pages of releases that are due within a day."""
    markup: MarkupComparison | None = None
    cut: int = 0
    """Number of releases with so many versions that some are kept without their text."""

    @property
    def is_sound(self) -> bool:
        """Whether the site has releases, no objections and no sudden change of its markup."""
        return self.stored > 0 and not self.objections and not self.alarms

    @property
    def alarms(self) -> tuple[str, ...]:
        """Signs that the site changed its markup."""
        return self.markup.alarms if self.markup else ()

    @property
    def summary(self) -> str:
        """The outcome in one line."""
        counts = [f"{count} {outcome}" for outcome, count in self.outcomes.items() if count]
        return "; ".join((", ".join(counts) or "nothing", *self.remarks))

    @property
    def remarks(self) -> tuple[str, ...]:
        """The objections that an operator should look at, then the reasons of the failures."""
        nothing = () if self.stored else ("nothing stored for this site",)
        many = f"{self.cut} × more versions than are kept whole: is there a counter in the text?"
        return (*self.objections, *self.alarms, *nothing, *((many,) if self.cut else ()), *self._failures())

    def _failures(self) -> Iterator[str]:
        """Yield the reasons in plain words, without those that an objection gives."""
        for reason, count in self.reasons.items():
            kind, colon, slug = reason.rpartition(": ")
            words = in_words(slug)
            if not any(objection.startswith(words) for objection in self.objections):
                yield f"{count} × {kind}{colon}{words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The outcome of a run."""

    run: int
    started: datetime
    seconds: float
    is_complete: bool
    sites: tuple[SiteReport, ...] = field(default_factory=tuple)
    hosts: tuple[HostTime, ...] = ()
    """The slowest first."""
    advice: str = ""
    """What to do, if no site answered; empty: nothing."""

    @property
    def is_sound(self) -> bool:
        """Whether every site is sound."""
        return all(site.is_sound for site in self.sites)

    @property
    def not_modified_share(self) -> float:
        """The share of requests that were answered by 304."""
        requests = sum(site.requests for site in self.sites)
        return sum(site.not_modified for site in self.sites) / requests if requests else 0.0


def site_report(
    site: str,
    counts: Iterable[OutcomeCount],
    *,
    stored: int,
    requests: int,
    not_modified: int,
    objections: tuple[str, ...],
    left: int = 0,
    due: int = 0,
    markup: MarkupComparison | None = None,
    cut: int = 0,
) -> SiteReport:
    """Sum up the *counts* of *site*."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for row in counts:
        if row.kind == "release":
            outcomes[row.outcome] += row.count
        if row.outcome in ("failed", "skipped") or is_reported(row.reason):
            prefix = "" if row.kind == "release" else f"{row.kind}: "
            reasons[prefix + row.reason] += row.count
    return SiteReport(
        site=site,
        outcomes={outcome: outcomes[outcome] for outcome in OUTCOMES},
        reasons=dict(reasons.most_common()),
        stored=stored,
        requests=requests,
        not_modified=not_modified,
        objections=objections,
        left=left,
        due=due,
        markup=markup,
        cut=cut,
    )


def to_json(report: RunReport) -> str:
    """Return *report* as JSON."""
    whole = asdict(report) | {
        "started": report.started.isoformat(),
        "not_modified_share": round(report.not_modified_share, 4),
        "is_sound": report.is_sound,
        "sites": [asdict(site) | {"alarms": site.alarms, "is_sound": site.is_sound} for site in report.sites],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)
