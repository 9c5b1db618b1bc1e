from datetime import UTC, datetime

import pytest

from crawler.page import Page
from crawler.reports import HostTime, HostTimes
from crawler.scheduler import FetchRecord
from crawler.scheduler.plan import FetchOutcome, FrontierUrl


def fetch(url: str, seconds: float | None) -> FetchRecord:
    page = None
    if seconds is not None:
        page = Page(
            requested_url=url,
            url=url,
            status=200,
            headers={},
            body=b"",
            fetched=datetime(2026, 3, 1, tzinfo=UTC),
            chain=(url,),
            seconds=seconds,
        )
    entry = FrontierUrl(url=url, request_url=url, site="iem", kind="release", depth=1, hints=None, changed=0)
    return FetchRecord(entry=entry, end=FetchOutcome(outcome="new"), page=page)


@pytest.mark.parametrize("seconds", [(0.1, 0.2, 0.6), (0.6, 0.2, 0.1), (0.2, 0.6, 0.1)])
def test_the_order_of_the_answers_of_a_host_does_not_matter(seconds: tuple[float, ...]) -> None:
    times = HostTimes()
    for one in seconds:
        times.add([fetch("https://a.lv/", one)])
    assert times.slowest_first() == (HostTime(host="a.lv", answers=3, mean_s=0.3, slowest_s=0.6),)


def test_slowest_host_is_first_and_pages_without_an_answer_do_not_count() -> None:
    times = HostTimes()
    times.add([fetch("https://a.lv/1", 0.2), fetch("https://a.lv/2", 0.4), fetch("https://b.lv:81/", 1.5)])
    times.add([fetch("https://a.lv/3", None)])
    assert times.slowest_first() == (
        HostTime(host="b.lv:81", answers=1, mean_s=1.5, slowest_s=1.5),
        HostTime(host="a.lv", answers=2, mean_s=0.3, slowest_s=0.4),
    )


def test_times_are_rounded_and_hosts_of_one_time_are_sorted_by_name() -> None:
    times = HostTimes()
    for host in "ba":
        times.add([fetch(f"https://{host}.lv/1", 0.12345), fetch(f"https://{host}.lv/2", 0.12399)])
    assert times.slowest_first() == tuple(
        HostTime(host=f"{host}.lv", answers=2, mean_s=0.124, slowest_s=0.124) for host in "ab"
    )
    assert HostTimes().slowest_first() == ()
