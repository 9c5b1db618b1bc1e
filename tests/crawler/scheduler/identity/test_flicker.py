"""Places of a text that differ in each reading."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.scheduler.identity import count_flicker, flickering, is_flicker, steady
from crawler.scheduler.identity.flicker import DAY, differences
from crawler.store import Release
from crawler.store.pending_change_rows import Place
from tests.support.stored_release import RELEASE

FIRST = "Šodien nodotas desmit automašīnas, kas paredzētas lauku depo."
LAST = "Tās brauks Latgalē un Kurzemē, kur vecās kalpo jau divdesmit gadus."
WEATHER: Place = (FIRST, LAST)


def text(*parts: str) -> Release:
    return replace(RELEASE, body="\n\n".join(parts))


def weather(degrees: int, first: str = FIRST) -> Release:
    return text(first, f"Rīgā tagad {degrees} grādi.", LAST)


STORED = weather(1)


def count(*readings: Release, stored: Release = STORED) -> dict[Place, int]:
    """Count where *readings*, one after the other, differ from *stored* and from the one before."""
    times: dict[Place, int] = {}
    for earlier, reading in pairwise(readings):
        times = count_flicker(stored, earlier, reading, times)
    return times


@pytest.mark.parametrize(
    ("degrees", "times"),
    [
        ((2,), {}),
        ((2, 3), {WEATHER: 1}),
        ((2, 3, 4), {WEATHER: 2}),
        ((2, 3, 2), {WEATHER: 2}),
        # What a place shows twice is an edit.
        ((2, 2), {}),
        ((2, 3, 4, 4), {}),
        # The stored text says nothing of the place.
        ((2, 1, 3), {}),
        ((2, 3, 1, 4), {WEATHER: 1}),
    ],
)
def test_place_flickers_that_shows_something_else_each_time(
    degrees: tuple[int, ...], times: dict[Place, int]
) -> None:
    assert count(*map(weather, degrees)) == times


def test_place_is_the_text_that_ends_before_it_and_begins_after_it() -> None:
    before, after = (" ".join(f"{name}{number}" for number in range(40)) for name in "ab")
    first, second = (text(before, f"Rīgā tagad {degrees} grādi.", after) for degrees in (1, 2))
    assert [*differences(first, second)] == [(before[-80:], after[:80])]


def test_place_flickers_after_it_differed_twice() -> None:
    assert flickering({WEATHER: 1, DAY: 2, ("a", "b"): 3}) == (DAY, ("a", "b"))


def test_day_that_is_another_one_each_time_flickers() -> None:
    readings = [replace(STORED, published=date(2026, 3, day)) for day in (1, 2, 3)]
    times = count(*readings)
    assert times == {DAY: 2}
    assert steady(STORED, readings[-1], flickering(times)) == STORED


def test_edit_beside_the_weather_is_kept() -> None:
    edited = "Šodien nodotas divpadsmit automašīnas."
    reading = text(FIRST, "Rīgā tagad 5 grādi.", LAST, edited)
    assert steady(STORED, reading, (WEATHER,)) == text(FIRST, "Rīgā tagad 1 grādi.", LAST, edited)


def test_reading_is_as_it_is_if_nothing_flickers() -> None:
    assert steady(STORED, weather(7), ()) == weather(7)


LONG = "Ministrija šogad strādā pie daudziem darbiem visā Latvijā, arī Latgalē un Kurzemē. " * 3


@pytest.mark.parametrize(
    ("stored", "reading"),
    [
        (text(FIRST, "Īsi.", LAST), text(FIRST, LONG, LAST)),
        (text(FIRST, LONG, LAST), text(FIRST, "Īsi.", LAST)),
        (text(FIRST), text(LAST)),
        (text(FIRST, LAST), text("Cits.", "Teksts.")),
    ],
)
def test_place_that_is_much_of_the_text_never_flickers(stored: Release, reading: Release) -> None:
    assert differences(stored, reading) == {}
    assert not is_flicker(stored, reading, reading)


@pytest.mark.parametrize(
    ("reading", "earlier", "expected"),
    [
        (weather(3), weather(2), True),
        (weather(3), STORED, False),
        (STORED, weather(2), False),
        (weather(3, first="Šodien nodotas divpadsmit automašīnas."), weather(2), False),
        (replace(weather(3), published=date(2026, 3, 1)), weather(2), False),
    ],
)
def test_reading_is_a_flicker_if_it_differs_only_where_the_text_did(
    reading: Release, earlier: Release, *, expected: bool
) -> None:
    assert is_flicker(STORED, reading, earlier) is expected


OPENING = "Ievads."
PARAGRAPHS = st.lists(st.sampled_from(["Ceļi.", "Skola.", "Budžets.", "Valde.", "Darbi."]), max_size=8)


@pytest.mark.parametrize("has_lead", [False, True])
@given(before=PARAGRAPHS, after=PARAGRAPHS)
def test_reading_is_the_stored_text_without_all_that_differs(
    before: list[str], after: list[str], *, has_lead: bool
) -> None:
    lead, opening = (OPENING, []) if has_lead else ("", [OPENING])
    stored, reading = (replace(text(*opening, *parts), lead=lead) for parts in (before, after))
    assert steady(stored, reading, tuple(differences(stored, reading))) == stored


@given(before=PARAGRAPHS, after=PARAGRAPHS)
def test_reading_that_is_steady_has_no_differences_left(before: list[str], after: list[str]) -> None:
    stored, reading = text(OPENING, *before), text(OPENING, *after)
    settled = steady(stored, reading, tuple(differences(stored, reading)))
    assert differences(stored, settled) == {}
