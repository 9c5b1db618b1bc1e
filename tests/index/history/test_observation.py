from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from index.history.observation import observed, seen_lately
from index.results import Hit, Passage, Stood
from tests.support.listed_release import LISTED

STAY = Stood(
    release="iem-1",
    first=1,
    last=2,
    presumed=date(2026, 2, 1),
    after=None,
    since=datetime(2026, 3, 1, 9, tzinfo=UTC),
    seen=datetime(2026, 3, 10, 9, tzinfo=UTC),
    until=datetime(2026, 3, 20, 9, tzinfo=UTC),
)
HIT = Hit(
    id="iem-1",
    url="https://iem.example/1",
    title=Passage("Virsraksts", ()),
    passages=(),
    published=None,
    site="iem",
    ministry="Iekšlietu ministrija",
    language="lv",
    score=1.0,
)


@pytest.mark.parametrize(
    ("stay", "first", "last", "is_seen"),
    [
        (STAY, date(2026, 2, 1), date(2026, 2, 28), False),  # before it was first read
        (STAY, date(2026, 2, 1), date(2026, 3, 1), True),
        (STAY, date(2026, 3, 4), date(2026, 3, 5), True),  # between two visits that saw it
        (STAY, date(2026, 3, 10), date(2026, 3, 19), True),
        (STAY, date(2026, 3, 11), date(2026, 3, 19), False),  # after it was last seen
        (replace(STAY, seen=None), date(2026, 3, 1), date(2026, 3, 1), True),
        (replace(STAY, seen=None), date(2026, 3, 2), date(2026, 3, 19), False),
        (replace(STAY, seen=None, until=None), date(2026, 3, 10), date(2026, 4, 1), True),
        (replace(STAY, seen=None, until=None), date(2026, 4, 2), date(2026, 4, 9), False),
    ],
)
def test_a_text_that_no_visit_saw_on_the_days_asked_for_is_presumed(
    stay: Stood, first: date, last: date, *, is_seen: bool
) -> None:
    visited = {("iem-1", 2): datetime(2026, 4, 1, 9, tzinfo=UTC)}
    [hit] = observed([replace(HIT, stood=(stay,))], (first, last), lambda _: visited)
    assert hit.stood[0].observed is is_seen


def test_a_text_that_still_stands_names_the_last_visit() -> None:
    asked: list[object] = []
    visited = datetime(2026, 4, 1, 9, tzinfo=UTC)

    def last_seen(versions: object) -> dict[tuple[str, int], datetime]:
        asked.append(versions)
        return {("iem-1", 2): visited}

    standing = replace(STAY, seen=None, until=None)
    [hit] = observed([replace(HIT, stood=(STAY, standing))], None, last_seen)
    assert [stay.seen for stay in hit.stood] == [STAY.seen, visited]
    assert [stay.observed for stay in hit.stood] == [None, None]
    assert asked == [[("iem-1", 2)]]


def test_releases_of_a_list_name_the_last_visit_to_what_still_stands() -> None:
    standing = replace(STAY, seen=None, until=None)
    visited = datetime(2026, 4, 1, 9, tzinfo=UTC)
    stays = [STAY, standing, None, *[replace(standing, release=f"iem-{n}") for n in range(2, 60)]]
    asked: list[int] = []

    def last_seen(versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], datetime]:
        asked.append(len([*versions]))
        return {("iem-1", 2): visited}

    listed = [*seen_lately([replace(LISTED, stood=stay) for stay in stays], last_seen)]
    assert [one.stood and one.stood.seen for one in listed] == [STAY.seen, visited, None, *[None] * 58]
    assert asked == [18, 20, 20, 1]
