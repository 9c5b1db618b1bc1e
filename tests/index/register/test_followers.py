"""What fell due is followed by a later release about the same matter, or by none if that is not sure."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.analysis import default_analyzer
from index.mentions import DueKind
from index.register import CalendarFilter, ListedDue, MentionReader, record_mentions, register_file
from index.register.followers import FollowerFinder, OpenDue, TopicalRelease
from index.register.matters import MatterWord
from tests.support.judged_followers import judged_followers, judged_releases
from tests.support.new_store import new_store
from tests.support.registered import SEEN

PRECISION, SHOWN = 0.95, 0.75
"""Reached on the judged releases, of which the rules were made: floors, no judgement."""


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> list[ListedDue]:
    path: Path = tmp_path_factory.mktemp("judged") / "releases.sqlite3"
    with new_store(path) as store:
        for release in judged_releases():
            store.save(release, seen=SEEN)
        record_mentions(store, MentionReader.beside(store.path, default_analyzer()))
    return register_file(path).due(CalendarFilter())


def test_links_are_right_and_most_are_shown(listed: list[ListedDue]) -> None:
    labels = judged_followers()
    shown = [(one, one.followed_by.release.id) for one in listed if one.followed_by]
    wrong = [(one.text, later) for one, later in shown if later not in labels.get(one.release.id, ())]
    missed = [one.text for one in listed if one.release.id in labels and not one.followed_by]
    precision = 1 - len(wrong) / len(shown)
    share = (len(shown) - len(wrong)) / sum(one.release.id in labels for one in listed)
    assert (precision >= PRECISION, share >= SHOWN) == (True, True), (precision, share, wrong, missed)


def test_what_follows_is_quoted_byte_for_byte(listed: list[ListedDue]) -> None:
    texts = {one.title: one.body for one in judged_releases()}
    later = [one.followed_by for one in listed if one.followed_by]
    assert all(texts[one.release.title][one.start : one.end] == one.text for one in later)
    assert "Pabeigta Olaines cietuma slimnīcas korpusa atjaunošana" in repr(later)


DAY = date(2026, 3, 1)
WORDS = [MatterWord((term,), is_name=term > 2, is_core=term < 3) for term in range(1, 6)]
DUE = OpenDue(1, 1, "deadline", DAY + timedelta(14), DAY + timedelta(14), WORDS)
FIRST = TopicalRelease(1, "a", DAY, [1, 2, 3, 4, 5], [])


@pytest.mark.parametrize(
    ("day", "topic", "announces", "expected"),
    [
        pytest.param(20, [1, 2, 3, 4, 5], None, 2, id="the same matter"),
        pytest.param(20, [1, 2, 3, 4], None, 2, id="one name is missing"),
        pytest.param(0, [1, 2, 3, 4, 5], None, None, id="not later"),
        pytest.param(400, [1, 2, 3, 4, 5], None, None, id="another year"),
        pytest.param(20, [1, 2, 9], None, None, id="no name in common"),
        pytest.param(20, [1, 3, 4, 5], None, None, id="the core is missing in part"),
        pytest.param(20, [3, 4], None, None, id="too few words"),
        pytest.param(20, [1, 2, 3, 4, 5], 44, 2, id="the day is moved"),
        pytest.param(20, [1, 2, 3, 4, 5], 380, None, id="the next of its kind"),
    ],
)
def test_a_release_follows_if_it_shares_enough(
    day: int, topic: list[int], announces: int | None, expected: int | None
) -> None:
    due = [("deadline", DAY + timedelta(announces))] if announces else []
    later = TopicalRelease(2, "b", DAY + timedelta(day), topic, due)  # type: ignore[arg-type]
    others = [TopicalRelease(9 + at, f"o{at}", DAY, [100 + at], []) for at in range(5)]
    assert FollowerFinder([FIRST, later, *others]).follower(DUE) == expected


@pytest.mark.parametrize(
    ("matter", "shared", "follows"),
    [
        # A word is written c if it is of the core, n if it is a name, p if it is neither; all are as rare.
        ("cc", 2, False),  # three words at least
        ("ccp", 3, True),
        ("pccc", 2, False),
        ("cnn", 3, False),  # two of them no names
        ("ccn", 3, True),
        ("ppp", 3, False),  # some of the core
        ("ccnn", 3, True),  # half of the names
        ("ccnnn", 3, False),
        ("cccpc", 4, True),  # seven tenths of the core
        ("ccpc", 3, False),
        ("ccppppp", 3, True),  # four tenths of all, in which a name counts twice
        ("ccpppppp", 3, False),
        ("ccnppppp", 3, True),
        ("ccnpppppppp", 3, False),
    ],
)
def test_enough_of_the_words_of_each_kind_are_shared(matter: str, shared: int, follows: bool) -> None:
    words = [MatterWord((at,), is_name=kind == "n", is_core=kind == "c") for at, kind in enumerate(matter)]
    first, later = replace(FIRST, topic=[*range(len(matter))]), later_on(20, topic=[*range(shared)])
    balance = TopicalRelease(9, "o", DAY, [*range(shared, len(matter))], [])
    due = replace(DUE, matter=words)
    assert FollowerFinder([first, later, balance]).follower(due) == (2 if follows else None)


def later_on(day: int, number: int = 2, **changed: object) -> TopicalRelease:
    return replace(TopicalRelease(number, "b", DAY + timedelta(day), WORD_TERMS, []), **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last", "day", "follows"),
    [(14, 194, True), (14, 195, False), (-9, 180, True), (-9, 181, False), (14, 1, True)],
)
def test_what_follows_comes_within_half_a_year(last: int, day: int, follows: bool) -> None:
    due = replace(DUE, first=DAY + timedelta(last), last=DAY + timedelta(last))
    assert FollowerFinder([FIRST, later_on(day)]).follower(due) == (2 if follows else None)


@pytest.mark.parametrize(
    ("kind", "announced", "last", "follows"),
    [
        ("deadline", "deadline", 114, True),
        ("deadline", "deadline", 115, False),
        ("event", "event", 115, False),
        ("deadline", "event", 115, True),
        ("completion", "completion", 115, True),
    ],
)
def test_a_much_later_day_of_what_recurs_is_the_next_of_its_kind(
    kind: DueKind, announced: DueKind, last: int, follows: bool
) -> None:
    later = later_on(20, due=[(announced, DAY + timedelta(last))])
    assert FollowerFinder([FIRST, later]).follower(replace(DUE, kind=kind)) == (2 if follows else None)


@pytest.mark.parametrize(("days", "expected"), [((5, 20), 3), ((13, 14), 3), ((14, 20), 2), ((5, 6), 2)])
def test_what_comes_when_the_time_has_come_follows_rather(days: tuple[int, int], expected: int) -> None:
    releases = [FIRST, later_on(days[0]), later_on(days[1], 3)]
    assert FollowerFinder(releases).follower(DUE) == expected


def test_of_equal_releases_the_first_follows_in_whatever_order_they_were_read() -> None:
    later = [TopicalRelease(2 + at, id_, DAY + timedelta(20), WORD_TERMS, []) for at, id_ in enumerate("cb")]
    assert FollowerFinder([FIRST, *later]).follower(DUE) == 3
    assert FollowerFinder([*later, FIRST]).follower(DUE) == 3


WORD_TERMS = [1, 2, 3, 4, 5]
