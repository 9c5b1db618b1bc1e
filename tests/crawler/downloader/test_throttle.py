"""The throttle, under a clock that jumps instead of waiting."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from crawler.config import Limits, Politeness
from crawler.downloader.throttle import (
    BACKOFF_MAX_S,
    CIRCUIT_OPEN_S,
    ClosedError,
    Throttle,
    parse_http_date,
    parse_retry_after,
    quiet_hours_end,
)
from tests.support.jumping_clock import DEFAULT, FAST, NOON, Clock


@pytest.mark.parametrize(
    ("delay_s", "took_s", "starts"),
    [
        (2.0, 0.0, [0, 2, 4]),
        (2.0, 0.5, [0, 2, 4]),
        (2.0, 1.5, [0, 3, 6]),  # a slow host rests as long as it worked
        (2.0, 10.0, [0, 12, 24]),  # but no longer than the delay
        (0.0, 1.0, [0, 1, 2]),
    ],
)
def test_turns_of_a_host_keep_their_distance(
    clock: Clock, delay_s: float, took_s: float, starts: list[float]
) -> None:
    throttle = clock.throttle(Politeness(delay_s=delay_s, requests_per_s=FAST))
    assert clock.starts(throttle, "a", "a", "a", took_s=took_s) == starts


def test_hosts_do_not_wait_for_each_other(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    assert clock.starts(throttle, "a", "b", "c", "a") == [0, 0, 0, 2]


def test_a_host_can_have_its_own_delay(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST), slow=9.0)
    assert clock.starts(throttle, "slow", "slow", "other") == [0, 9, 9]


def test_all_hosts_together_keep_the_cap(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=0, requests_per_s=4))
    assert clock.starts(throttle, *"abcdefgh") == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]


@pytest.mark.parametrize(("crawl_delay_s", "gap_s"), [(1, 2), (7, 7), (500, 30)])
def test_the_largest_delay_counts_up_to_the_cap(clock: Clock, crawl_delay_s: float, gap_s: float) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, crawl_delay_max_s=30, requests_per_s=FAST))
    throttle.slow_down("a", crawl_delay_s)
    assert clock.starts(throttle, "a", "a") == [0, gap_s]


def test_a_hold_is_waited_for(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    throttle.hold("a", 120)
    assert clock.starts(throttle, "b", "a", "a") == [0, 120, 122]


def test_a_closed_host_is_refused_until_it_opens(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=0, requests_per_s=FAST))
    throttle.close("a", "circuit-open", 3600)
    with pytest.raises(ClosedError) as caught, throttle.turn("a"):
        pass
    assert (caught.value.reason, caught.value.until) == ("circuit-open", NOON + timedelta(hours=1))
    clock.s += 3600
    assert clock.starts(throttle, "a") == [3600]


def test_repeated_retry_after_closes_the_host(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=0, requests_per_s=FAST), Limits(retry_after_max_s=300))
    assert [throttle.back_off("a", 120) for _ in range(3)] == [True, True, False]
    with pytest.raises(ClosedError, match="retry-after") as caught:
        throttle.check("a")
    assert caught.value.until == NOON + timedelta(seconds=120)  # the last wait: the earlier ones are over


def test_repeated_retry_after_of_a_route_closes_only_the_route(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(), Limits(retry_after_max_s=300))
    assert not throttle.back_off("a", 400, key="https://a")
    throttle.check("a", "http://a")
    with pytest.raises(ClosedError, match="retry-after"):
        throttle.check("https://a")


def test_routes_to_a_host_are_closed_independently_and_share_its_turns(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST), Limits(failures_in_a_row=1))
    throttle.close("http://a", "circuit-open", 3600)
    with pytest.raises(ClosedError, match="circuit-open"), throttle.turn("a", "http://a"):
        pass
    starts = []
    for way in ("https://a", "https://b https://a"):
        with throttle.turn("a", way):
            starts.append(clock.s - 1000)
    assert starts == [0, 2]


def test_no_host_is_closed_for_longer_than_a_day(clock: Clock) -> None:
    throttle = clock.throttle(Politeness())
    throttle.close("a", "retry-after", 1e12)
    with pytest.raises(ClosedError) as caught:
        throttle.check("a")
    assert caught.value.until == NOON + timedelta(days=1)


def test_too_many_failures_in_a_row_are_reported(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(), Limits(failures_in_a_row=3))
    assert [throttle.record_failure("a") for _ in range(3)] == [False, False, True]
    throttle.record_success("a")
    assert [throttle.record_failure("a"), throttle.record_failure("b")] == [False, False]


def test_stop_ends_the_wait(clock: Clock) -> None:
    clock.is_stopped = True
    with pytest.raises(ClosedError, match="stopped"), clock.throttle(Politeness()).turn("a"):
        pass


def test_one_turn_at_a_time() -> None:
    throttle = Throttle(
        Politeness(delay_s=0, requests_per_s=FAST), Limits(), delays={}, wait=threading.Event().wait
    )
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with throttle.turn("a"):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


@pytest.mark.parametrize(
    ("begin", "end", "now", "until"),
    [
        # Riga is two hours ahead of UTC in winter, three in summer.
        (None, None, "2026-01-05T03:00", None),
        (time(8), time(8), "2026-01-05T06:00", None),
        (time(8), time(18), "2026-01-05T05:59", None),
        (time(8), time(18), "2026-01-05T06:00", "2026-01-05T16:00"),
        (time(8), time(18), "2026-01-05T16:00", None),
        (time(8), time(18), "2026-07-05T05:00", "2026-07-05T15:00"),
        (time(22), time(6), "2026-01-05T20:00", "2026-01-06T04:00"),
        (time(22), time(6), "2026-01-05T03:59", "2026-01-05T04:00"),
        (time(22), time(6), "2026-01-05T04:00", None),
    ],
)
def test_quiet_hours(begin: time | None, end: time | None, now: str, until: str | None) -> None:
    politeness = Politeness(quiet_from=begin, quiet_until=end)
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert quiet_hours_end(at, politeness) == (until and datetime.fromisoformat(until).replace(tzinfo=UTC))


def test_no_requests_in_quiet_hours(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(quiet_from=time(13), quiet_until=time(15)))
    with pytest.raises(ClosedError) as caught, throttle.turn("a"):
        pass
    assert (caught.value.reason, caught.value.until) == ("quiet-hours", datetime(2026, 1, 5, 13, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("315360000", BACKOFF_MAX_S),
        ("9" * 5000, BACKOFF_MAX_S),
        ("Mon, 05 Jan 2026 12:02:00 GMT", 120),
        ("Monday, 05-Jan-26 12:02:00 GMT", 120),
        ("Mon, 05 Jan 2026 14:02:00 +0200", 120),
        ("Mon, 05 Jan 2015 12:00:00 GMT", 0),
        ("Mon, 05 Jan 9999 12:00:00 GMT", BACKOFF_MAX_S),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("1e3", None),
        ("٣", None),
        ("Mon, 99 Jan 2026 12:00:00 GMT", None),
        ("Mon, 05 Jan 99999999999 12:00:00 GMT", None),
        ("\x00", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOON) == seconds


# --- Bounds ---


def test_slow_host_rests_as_long_as_it_worked(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    assert clock.starts(throttle, "a", "a", "a", took_s=2.0) == [0, 4, 8]


def test_a_turn_that_fails_counts_and_ends(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))

    def fail() -> None:
        with throttle.turn("a"):
            clock.s += 1.5
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert clock.starts(throttle, "a") == [3]


def test_first_turn_never_waits(clock: Clock) -> None:
    clock.s = 0.0  # as just after the machine has started
    with clock.throttle(Politeness(delay_s=30, requests_per_s=0.5)).turn("a"):
        pass
    assert clock.waits == [0, 0]


def test_turn_is_held_until_it_ends(clock: Clock) -> None:
    throttle = clock.throttle(Politeness())
    with throttle.turn("a"):
        assert throttle._host("a").turn.locked()
        assert not throttle._host("b").turn.locked()
    assert not throttle._host("a").turn.locked()


def test_times_are_in_utc_unless_given() -> None:
    throttle = Throttle(Politeness(), DEFAULT, delays={}, wait=threading.Event().wait)
    throttle.close("a", "circuit-open", 3600)
    with pytest.raises(ClosedError) as caught:
        throttle.check("a")
    assert caught.value.until is not None
    assert caught.value.until.utcoffset() == timedelta(0)
    assert timedelta(0) < caught.value.until - datetime.now(UTC) <= timedelta(hours=1)


def test_turns_of_two_hosts_are_independent(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    with throttle.turn("a"), throttle.turn("b"):
        pass


def test_no_wait_is_negative(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=4))
    clock.starts(throttle, "a", "a", "b", took_s=5.0)
    assert clock.waits
    assert min(clock.waits) == 0


def test_idle_time_is_not_caught_up(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=0, requests_per_s=4))
    clock.starts(throttle, "a")
    clock.s += 100
    assert clock.starts(throttle, "b", "c", "d") == [100, 100.25, 100.5]


@pytest.mark.parametrize(("own_s", "crawl_delay_s", "gap_s"), [(9, 1, 9), (50, 40, 50), (5, 29, 29)])
def test_robots_never_make_a_host_faster(
    clock: Clock, own_s: float, crawl_delay_s: float, gap_s: float
) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, crawl_delay_max_s=30, requests_per_s=FAST), a=own_s)
    throttle.slow_down("a", crawl_delay_s)
    assert clock.starts(throttle, "a", "a") == [0, gap_s]


@pytest.mark.parametrize("holds", [(120, 60), (60, 120)])
def test_the_longest_hold_counts(clock: Clock, holds: tuple[float, float]) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    for seconds in holds:
        throttle.hold("a", seconds)
    assert clock.starts(throttle, "a") == [120]


@pytest.mark.parametrize(
    "closings",
    [
        [("circuit-open", 3600), ("retry-after", 60)],
        [("retry-after", 60), ("circuit-open", 3600)],
    ],
)
def test_the_longest_closing_counts_with_its_reason(clock: Clock, closings: list[tuple[str, float]]) -> None:
    throttle = clock.throttle(Politeness())
    for reason, seconds in closings:
        throttle.close("a", reason, seconds)
    throttle.check("b")
    with pytest.raises(ClosedError) as caught:
        throttle.check("a")
    assert (caught.value.reason, caught.value.until) == ("circuit-open", NOON + timedelta(seconds=3600))


def test_a_route_closed_again_names_the_new_reason(clock: Clock) -> None:
    throttle = clock.throttle(Politeness())
    throttle.close("a", "circuit-open", 3600)
    clock.s += 3600
    throttle.close("a", "retry-after", 60)
    with pytest.raises(ClosedError, match="retry-after"):
        throttle.check("a")


def test_an_answer_on_several_routes_clears_each_of_them(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(), Limits(retry_after_max_s=300, failures_in_a_row=2))
    keys = ("a", "https://a", "https://b https://a")
    for key in keys:
        throttle.back_off("a", 200, key=key)
        throttle.record_failure(key)
    throttle.record_success(*keys)
    assert [throttle.back_off("a", 200, key=key) for key in keys] == [True] * 3
    assert [throttle.record_failure(key) for key in keys] == [False] * 3


def test_retry_after_of_a_route_is_waited_for_on_every_route_of_its_host(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=0, requests_per_s=FAST), Limits(retry_after_max_s=300))
    assert throttle.back_off("a", 120, key="https://a")
    assert clock.starts(throttle, "https://a", "a") == [0, 120]


def test_retry_after_is_waited_for_up_to_the_limit(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=0, requests_per_s=FAST), Limits(retry_after_max_s=300))
    assert throttle.back_off("a", 300)
    assert clock.starts(throttle, "b", "a") == [0, 300]


def test_retry_after_beyond_the_limit_closes_the_host(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(), Limits(retry_after_max_s=300))
    assert not throttle.back_off("a", 301)
    with pytest.raises(ClosedError) as caught:
        throttle.check("a")
    assert (caught.value.reason, caught.value.until) == ("retry-after", NOON + timedelta(seconds=301))


def test_host_that_closes_during_the_wait_for_its_turn_is_not_contacted(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    clock.starts(throttle, "a")
    waited = clock.wait

    def close(seconds: float) -> bool:
        throttle.close("a", "circuit-open", 60)
        return waited(seconds)

    throttle._wait = close
    with pytest.raises(ClosedError, match="circuit-open"), throttle.turn("a"):
        pytest.fail("the host was contacted")


def test_quiet_hours_that_begin_during_the_wait_for_a_turn_are_kept(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(quiet_from=time(15), quiet_until=time(16)))
    throttle.hold("a", 3700)
    with pytest.raises(ClosedError, match="quiet-hours"), throttle.turn("a"):
        pytest.fail("the host was contacted")


def test_failures_count_anew_after_an_answer(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(), Limits(failures_in_a_row=3))
    assert [throttle.record_failure("a") for _ in range(2)] == [False, False]
    throttle.record_success("a")
    assert [throttle.record_failure("a") for _ in range(4)] == [False, False, True, True]


def test_stopped_error_has_no_end_time(clock: Clock) -> None:
    clock.is_stopped = True
    with pytest.raises(ClosedError) as caught:
        clock.throttle(Politeness()).pause(1)
    assert (caught.value.reason, caught.value.until) == ("stopped", None)


def test_without_another_clock_it_is_the_time_of_day_in_utc() -> None:
    throttle = Throttle(Politeness(), Limits(), delays={}, wait=threading.Event().wait)
    throttle.close("a", "circuit-open", CIRCUIT_OPEN_S)
    with pytest.raises(ClosedError) as caught:
        throttle.check("a")
    assert caught.value.until is not None
    assert timedelta(minutes=59) < caught.value.until - datetime.now(UTC) <= timedelta(hours=1)


@pytest.mark.parametrize("hours", [(time(8), None), (None, time(8))])
def test_one_end_of_quiet_hours_alone_means_none(hours: tuple[time | None, time | None]) -> None:
    politeness = Politeness(quiet_from=hours[0], quiet_until=hours[1])
    assert quiet_hours_end(datetime(2026, 1, 5, 7, tzinfo=UTC), politeness) is None


@pytest.mark.parametrize(
    ("at", "until"),
    [("19:59", None), ("20:00", "04:00"), ("23:30", "04:00"), ("03:59", "04:00"), ("04:00", None)],
)
def test_quiet_hours_over_midnight(at: str, until: str | None) -> None:
    politeness = Politeness(quiet_from=time(22), quiet_until=time(6))
    now = datetime.fromisoformat(f"2026-01-05T{at}+00:00")
    day = "05" if at < "04:00" else "06"
    assert quiet_hours_end(now, politeness) == (
        until and datetime.fromisoformat(f"2026-01-{day}T{until}+00:00")
    )


@pytest.mark.parametrize(("value", "seconds"), [("86399", 86_399), ("86400", 86_400), ("86401", 86_400)])
def test_retry_after_is_capped_at_a_day(value: str, seconds: float) -> None:
    assert parse_retry_after(value, NOON) == seconds == min(float(value), BACKOFF_MAX_S)


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
def test_a_date_without_a_zone_is_in_utc(zone: str) -> None:
    assert parse_http_date(f"Mon, 05 Jan 2026 12:02:00 {zone}") == NOON + timedelta(minutes=2)


def test_a_host_is_closed_to_the_last_moment(clock: Clock) -> None:
    throttle = clock.throttle(Politeness())
    throttle.close("a", "circuit-open", 0.5)
    with pytest.raises(ClosedError):
        throttle.check("a")
    clock.s += 0.5
    throttle.check("a")


def test_success_resets_the_retry_after_budget(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(), Limits(retry_after_max_s=300))
    throttle.back_off("a", 300)
    throttle.record_success("a")
    assert throttle.back_off("a", 300)


def test_closed_host_is_refused_without_waiting(clock: Clock) -> None:
    throttle = clock.throttle(Politeness(delay_s=2, requests_per_s=FAST))
    clock.starts(throttle, "a")
    clock.waits.clear()
    throttle.close("a", "circuit-open", 60)
    with pytest.raises(ClosedError), throttle.turn("a"):
        pytest.fail("the host was contacted")
    assert clock.waits == []


def test_circuit_stays_open_for_an_hour_and_at_most_a_day() -> None:
    assert (CIRCUIT_OPEN_S, BACKOFF_MAX_S) == (60 * 60, 24 * 60 * 60)


def test_configured_delay_counts_for_a_host_however_it_is_spelled(clock: Clock) -> None:
    throttle = Throttle(
        Politeness(delay_s=0, requests_per_s=FAST),
        DEFAULT,
        delays={"a.lv": 5.0},
        wait=clock.wait,
        clock=lambda: clock.s,
    )
    for name in ("www.a.lv", "A.lv", "b.lv"):
        begun = clock.s
        for _ in range(2):
            with throttle.turn(name):
                pass
        assert clock.s - begun >= (0 if name == "b.lv" else 5), name
