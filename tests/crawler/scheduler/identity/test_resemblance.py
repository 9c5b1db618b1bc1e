"""What two texts share, and which title or day is that of a release."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import DiscoveredUrl
from crawler.scheduler.identity import days_tell, differs_by_loan, fits, is_misdated, overlap
from crawler.scheduler.identity.resemblance import DAYS_APART_MAX
from crawler.store import Release
from crawler.store.records import DateSource
from tests.support.stored_release import RELEASE

DAY = RELEASE.published or date.min
LONG = " ".join(f"vārds{number} pēc kārtas" for number in range(60))
OTHER = " ".join(f"teikums{number} citā rindā" for number in range(60))


def listed(title: str | None, day: date | None = None) -> DiscoveredUrl:
    return DiscoveredUrl(url=RELEASE.url, title=title, published=day, source="list")


TITLE = "Ministrs Bērziņš Daugavpilī tiekas ar ugunsdzēsējiem"


@pytest.mark.parametrize(
    ("given_title", "title", "expected"),
    [
        (TITLE, TITLE, True),
        (TITLE.upper(), TITLE, True),
        ("Ministrs Berzins Daugavpili tiekas ar ugunsdzesejiem", TITLE, True),
        ("Ministrs Bērziņš Daugavpilī tiekas ar ugun…", TITLE, True),
        ("Ministrs Bērziņš Daugavpilī ti...", TITLE, True),
        ("Ministrs Bērziņš Daugavpilī tiekas …", TITLE, True),
        # Only the word that is cut tells titles of one minister apart.
        ("Ministrs Bērziņš Daugavpilī atklā…", TITLE, False),
        ("Foto: ministrs Bērziņš Daugavpilī tiekas ar ugunsdzēsējiem", TITLE, True),
        (TITLE, f"{TITLE} un glābējiem Latgalē", True),
        # A longer title must have most of a shorter one.
        ("Ministrs Daugavpilī atklāj jaunu depo", TITLE, False),
        ("Valdība apstiprina valsts budžetu", TITLE, False),
        # Titles of a series.
        ("Notikumi 12. novembrī", "Notikumi 13. novembrī", False),
        ("Notikumi 12. novembrī", "Notikumi 12. novembrī", True),
        # Titles that say nothing.
        ("Vairāk", TITLE, None),
        ("Lasīt…", TITLE, None),
        ("", TITLE, None),
        (None, TITLE, None),
    ],
)
def test_release_has_the_title_that_a_list_gives(
    given_title: str | None, title: str, expected: bool | None
) -> None:
    assert fits(listed(given_title), replace(RELEASE, title=title)) is expected


@pytest.mark.parametrize(
    ("lead", "body"),
    [
        ("", "Šodien nodotas desmit automašīnas. Tās brauks Latgalē."),
        ("Šodien nodotas desmit automašīnas.", "Tās brauks Latgalē."),
    ],
)
@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Šodien nodotas desmit automašīnas. Tās brauks…", True),
        ("Šodien nodotas desmit automašīnas", True),
        ("Automašīnas desmit nodotas šodien", False),
    ],
)
def test_list_may_give_the_opening_of_the_text(title: str, lead: str, body: str, *, expected: bool) -> None:
    assert fits(listed(title), replace(RELEASE, lead=lead, body=body)) is expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Rīga, 2026. gada 27. novembris.", True),
        ("viens divi trīs četri pieci seši septiņi astoņi deviņi desmit", True),
        ("viens divi trīs četri pieci seši septiņi astoņi deviņi desmit vienpadsmit divpadsmit", False),
    ],
)
def test_opening_may_follow_a_dateline(before: str, *, expected: bool) -> None:
    release = replace(RELEASE, body=f"{before} Tās brauks Latgalē un Kurzemē.")
    assert fits(listed("Tās brauks Latgalē un Kurzemē"), release) is expected


@pytest.mark.parametrize(
    ("title", "days", "source", "expected"),
    [
        ("Lasīt vairāk", 1, "time", True),
        (None, DAYS_APART_MAX, "time", True),
        (None, DAYS_APART_MAX + 1, "time", False),  # surely another release
        (None, 0, "time", False),
        (None, 1, "list", True),  # the page gives no day
        (RELEASE.title, 1, "time", False),  # it has the title
    ],
)
def test_page_of_a_day_close_to_the_listed_one_may_be_another_release(
    title: str | None, days: int, source: DateSource, *, expected: bool
) -> None:
    release = replace(RELEASE, published_source=source)
    assert is_misdated(listed(title, DAY + timedelta(days)), release) is expected
    assert not is_misdated(listed(title), release)
    assert not is_misdated(None, release)


@pytest.mark.parametrize(
    ("exact", "others", "expected"), [(5, 0, True), (4, 0, False), (9, 1, True), (8, 1, False), (0, 0, False)]
)
def test_lists_are_exact_if_nearly_all_days_are_those_of_the_pages(
    exact: int, others: int, *, expected: bool
) -> None:
    rows = [("u", "2026-02-27", "2026-02-27")] * exact + [("u", "2026-02-27", "2026-02-26")] * others
    assert days_tell(rows) is expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (replace(RELEASE, published=DAY + timedelta(1), published_source="list"), True),
        (replace(RELEASE, published=DAY + timedelta(1)), False),  # an edit
        (replace(RELEASE, published_source="list"), False),
        (replace(RELEASE, title="Cits", rules=(("title", "feed"),)), True),
        (replace(RELEASE, title="Cits", rules=(("title", "h1"),)), False),
    ],
)
def test_what_lists_lend_to_a_page_tells_addresses_apart(reading: Release, *, expected: bool) -> None:
    assert differs_by_loan(RELEASE, reading) is expected


def test_words_far_from_the_opening_are_no_title() -> None:
    release = replace(RELEASE, body=f"{LONG} Tās brauks Latgalē un Kurzemē.")
    assert fits(listed("Tās brauks Latgalē un Kurzemē"), release) is False


@pytest.mark.parametrize(
    ("title", "days", "source", "expected"),
    [
        (None, 0, "time", True),
        (None, 3, "time", None),
        (None, 4, "time", False),
        (None, -4, "time", False),
        # The day of a list is given back by every page that has none of its own.
        (None, 0, "list", None),
        (None, 4, "list", None),
        ("Vairāk", 0, "meta", True),
        # The title is worth more than the day.
        (RELEASE.title, 400, "time", True),
        ("Valdība apstiprina valsts budžetu", 0, "time", False),
        ("Šodien nodotas desmit automašīnas", 400, "time", False),
        ("Šodien nodotas desmit automašīnas", 1, "time", True),
    ],
)
def test_day_tells_releases_apart_if_the_title_does_not(
    title: str | None, days: int, source: DateSource, expected: bool | None
) -> None:
    release = replace(RELEASE, published_source=source)
    assert fits(listed(title, DAY + timedelta(days)), release) is expected


@pytest.mark.parametrize(("days", "expected"), [(None, None), (0, True), (9, False)])
def test_title_that_a_page_has_from_the_list_proves_nothing(days: int | None, expected: bool | None) -> None:
    lent = replace(RELEASE, published_source="time", rules=(("title", "list"),))
    day = None if days is None else DAY + timedelta(days)
    assert fits(listed(RELEASE.title, day), lent) is expected


@pytest.mark.parametrize(
    ("title", "expected"), [("Desmit auto saņem glā…", True), ("Desmit auto saņem Lat…", False)]
)
def test_opening_has_the_word_that_is_cut(title: str, *, expected: bool) -> None:
    opening = replace(
        RELEASE, title="Jaunumi", lead="", body="Desmit auto saņem glābēji. Tie brauks Kurzemē."
    )
    assert fits(listed(title), opening) is expected


def test_nothing_is_known_of_a_release_that_no_list_names() -> None:
    assert fits(None, RELEASE) is None


def texts(one: str, other: str) -> tuple[Release, Release]:
    return replace(RELEASE, body=one), replace(RELEASE, body=other)


@pytest.mark.parametrize(
    ("one", "other", "is_most", "is_all"),
    [
        (LONG, LONG, True, True),
        (LONG, LONG.upper(), True, True),
        (LONG, OTHER, False, False),
        (LONG, f"{LONG} {OTHER[:200]}", True, False),
        # Twice the text, or a part of it, is another page.
        (LONG, f"{LONG} {LONG}", False, False),
        (f"{LONG} {LONG}", LONG, True, True),
        (LONG, LONG[: len(LONG) // 3], False, False),
        # Single words of short texts.
        ("Skatīt pielikumu", "Skatīt jauno pielikumu", True, False),
        ("Skatīt pielikumu", "Pielikumu skatīt", True, True),
        ("Skatīt pielikumu", "Ievadiet paroli", False, False),
        ("Skatīt pielikumu", "", False, False),
        ("", "", False, False),
    ],
)
def test_most_of_both_texts_must_be_shared(one: str, other: str, *, is_most: bool, is_all: bool) -> None:
    shared = overlap(*texts(one, other))
    assert (shared.is_most, shared.is_all) == (is_most, is_all)


def test_paragraph_that_becomes_the_lead_is_the_same_text() -> None:
    whole = replace(RELEASE, lead="", body=f"{OTHER}\n\n{LONG}")
    assert overlap(whole, replace(RELEASE, lead=OTHER, body=LONG)).is_all


@given(st.text(max_size=300), st.text(max_size=300))
def test_shares_are_between_nothing_and_all(one: str, other: str) -> None:
    shared = overlap(*texts(one, other))
    assert 0 <= shared.kept <= 1
    assert 0 <= shared.taken <= 1


@given(st.lists(st.sampled_from(["budžets", "ceļi", "skola", "valde", "darbi"]), min_size=1, max_size=90))
def test_text_shares_all_with_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert overlap(*texts(text, text)).is_all
