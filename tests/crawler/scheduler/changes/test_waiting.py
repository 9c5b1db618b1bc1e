"""A page that waits is judged again on the next day by what it was doubted for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.changes.newcomers import BORROWED, MISDATED, SHARED
from crawler.scheduler.changes.waiting import doubt_again, since_when
from crawler.scheduler.identity import MISNAMED, Judgement
from crawler.store import Release
from crawler.store.pending_change_rows import Identity, PendingChange
from tests.support.stored_release import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = RELEASE.published or date.min
URL = "https://www.iem.gov.lv/lv/jaunums/policija-sanem-jaunas-automasinas-1"


def listed(day: date | None) -> DiscoveredUrl:
    return DiscoveredUrl(url=URL, title="Lasīt vairāk", published=day, source="list")


@pytest.mark.parametrize(
    ("doubt", "identity", "reading", "day", "is_doubted"),
    [
        (BORROWED, "possible", RELEASE, DAY, True),
        (BORROWED, "possible", replace(RELEASE, body="Savs teksts."), DAY, False),
        (MISDATED, "strange", RELEASE, DAY + timedelta(2), True),
        (MISDATED, "strange", RELEASE, DAY, False),
        (MISNAMED, "strange", replace(RELEASE, title="Cita", body="Nekas."), None, True),
        (MISNAMED, "strange", replace(RELEASE, title="Cita", body="Nekas."), DAY, False),  # as listed
        (MISNAMED, "strange", replace(RELEASE, title="Policija saņem jaunas automašīnas"), None, False),
        (SHARED, "strange", RELEASE, None, False),  # judged beside the others, again
    ],
)
def test_page_that_waits_is_stored_once_it_is_not_in_that_doubt(
    doubt: str, identity: Identity, reading: Release, day: date | None, *, is_doubted: bool
) -> None:
    before = PendingChange(
        release=None, url=URL, record=RELEASE, seen=NOW, since=NOW, identity=identity, doubt=doubt
    )
    expected = Judgement(identity, doubt) if is_doubted else None
    assert doubt_again(before, reading, listed(day)) == expected
    assert doubt_again(None, reading, None) is None


OTHER = replace(RELEASE, title="Cita", body="Nekas.")
READ, LATER = NOW + timedelta(1), NOW + timedelta(2)


@pytest.mark.parametrize(
    ("before", "now", "reading", "since", "read"),
    [
        ("likely", "likely", RELEASE, NOW, READ),
        ("likely", "likely", OTHER, LATER, LATER),
        ("likely", "strange", RELEASE, NOW, READ),
        ("strange", "strange", RELEASE, NOW, READ),
        ("strange", "strange", OTHER, NOW, LATER),  # it waits as one page, and is dated as another
        ("strange", "likely", RELEASE, LATER, READ),
    ],
)
def test_what_waits_is_dated_by_the_first_reading_of_its_text(
    before: Identity, now: Identity, reading: Release, since: datetime, read: datetime
) -> None:
    waiting = PendingChange(
        release=None, url=URL, record=RELEASE, seen=READ, since=NOW, read=READ, identity=before
    )
    judgement = Judgement(now, "")
    assert since_when(waiting, judgement, waiting.record, reading, LATER) == (since, read)
    assert since_when(None, judgement, None, reading, LATER) == (LATER, LATER)
    assert since_when(waiting, judgement, None, reading, LATER) == (LATER, LATER)
