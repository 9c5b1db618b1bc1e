"""The progress that an operator sees while a crawl is running."""

import io

from rich.console import Console

from crawler.progress import Progress
from crawler.reports import site_report
from crawler.scheduler.context import FetchRecord
from crawler.scheduler.plan import FetchOutcome, FrontierUrl

RECORD = FetchRecord(
    entry=FrontierUrl(
        url="https://iem.example/a",
        request_url="https://iem.example/a",
        site="iem",
        kind="release",
        depth=1,
        hints=None,
        changed=0,
        is_stored=False,
    ),
    end=FetchOutcome(outcome="new"),
)


def render(groups: dict[float, int], *, left: int, has_ended: bool = False) -> str:
    """Return the bar of a site; *groups* gives the number of fetches by second."""
    moments = iter(groups)
    console = Console(file=io.StringIO(), force_terminal=True, width=100, no_color=True)
    with Progress(console, lambda _: left, clock=lambda: next(moments)) as progress:
        for fetches in groups.values():
            progress.add([RECORD] * fetches)
        if has_ended:
            progress.end_site(site_report("iem", [], stored=0, requests=0, not_modified=0, objections=()))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_bar_shows_fetches_rate_and_time_left() -> None:
    bar = render({0: 3, 2: 5}, left=8)
    assert "8/16" in bar
    assert "4.0/s" in bar
    assert "0:00:02 left" in bar


def test_bar_of_a_site_that_is_done_is_full() -> None:
    bar = render({0: 2, 2: 1}, left=5, has_ended=True)
    assert "3/3" in bar
    assert "done" in bar
