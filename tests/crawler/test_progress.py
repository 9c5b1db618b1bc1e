"""The progress that an operator sees while a crawl is running."""

import io
import json
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from crawler.fetch_log import FetchLog
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


def test_elsewhere_a_site_is_a_line_and_the_log_has_each_fetch(tmp_path: Path) -> None:
    console = Console(file=io.StringIO(), force_terminal=False, width=40)
    path = tmp_path / "log"
    with FetchLog(path) as log, Progress(console, lambda _: 0, log) as progress:
        progress.add([RECORD, replace(RECORD, is_304=True), replace(RECORD, requests=0)])
        progress.add([replace(RECORD, requests=3)])
        report = site_report("iem", [], stored=1, requests=5, not_modified=1, objections=("[b]x " * 20,))
        progress.end_site(report)
    assert (progress.count_requests("iem"), progress.count_not_modified("iem")) == (5, 1)
    assert (progress.count_requests("mod"), progress.count_not_modified("mod")) == (0, 0)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == f"iem: nothing; {'[b]x ' * 20}\n"
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["visit"] * 4 + ["site"]
    assert [event.get("not_modified") for event in events] == [False, True, False, False, 1]
    assert (events[4]["site"], events[4]["stored"]) == ("iem", 1)


def test_the_urls_left_are_counted_once_a_second() -> None:
    counted: list[str] = []
    console = Console(file=io.StringIO(), force_terminal=True, width=100, no_color=True)
    moments = iter([0, 0.5, 0.99, 1.0, 1.5, 1.99, 2.0])

    def count_left(site: str) -> int:
        counted.append(site)
        return 4

    with Progress(console, count_left, clock=lambda: next(moments)) as progress:
        numbers = []
        for _ in range(7):
            progress.add([RECORD])
            numbers.append(len(counted))
    assert numbers == [0, 0, 0, 1, 1, 1, 2]
    assert {*counted} == {"iem"}
