"""What an operator sees of a crawl that runs."""

import io

from rich.console import Console

from crawler.progress import Progress
from crawler.report import site_report
from crawler.scheduler.context import FetchRecord
from crawler.scheduler.plan import Entry, FetchOutcome

VISIT = FetchRecord(
    entry=Entry(
        url="https://iem.example/a",
        ask="https://iem.example/a",
        site="iem",
        kind="release",
        depth=1,
        hints=None,
        changed=0,
    ),
    end=FetchOutcome(outcome="new"),
)


def shown(groups: dict[float, int], *, left: int, has_ended: bool = False) -> str:
    """Return the bar of a site of which so many visits were told at these seconds."""
    moments = iter(groups)
    console = Console(file=io.StringIO(), force_terminal=True, width=100, no_color=True)
    with Progress(console, lambda _: left, clock=lambda: next(moments)) as progress:
        for visits in groups.values():
            progress.visited([VISIT] * visits)
        if has_ended:
            progress.ended(site_report("iem", [], stored=0, requests=0, not_modified=0, objections=()))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_bar_shows_visits_rate_and_time_left_though_visits_come_in_groups() -> None:
    bar = shown({0: 3, 2: 5}, left=8)
    assert "8/16" in bar
    assert "4.0/s" in bar
    assert "0:00:02 left" in bar


def test_bar_of_a_site_that_is_done_is_full() -> None:
    bar = shown({0: 2, 2: 1}, left=5, has_ended=True)
    assert "3/3" in bar
    assert "done" in bar
