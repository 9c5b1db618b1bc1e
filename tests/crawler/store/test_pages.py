from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.page import Page
from crawler.store import Store, StoreError
from crawler.store.pages import NO_VALIDATORS, Pages, digest_of_page
from tests.support.stored_release import DAY, RELEASE

URL = "https://iem.example/lv/jaunums/x"
PAGE = Page(
    requested_url=URL,
    url="https://www.iem.example/lv/jaunums/x/",
    status=200,
    headers={"etag": '"1"', "last-modified": "Mon, 02 Mar 2026 09:00:00 GMT"},
    body="<p>Jūra</p>".encode(),
    fetched=datetime(2026, 3, 2, 9, tzinfo=UTC),
    chain=(URL, "https://www.iem.example/lv/jaunums/x/"),
)


def test_kept_page_comes_back_with_its_validators(store: Store) -> None:
    pages = Pages(store)
    pages.keep(URL, PAGE)
    assert pages.get(URL) == PAGE
    kept = pages.validators(URL)
    assert (kept.etag, kept.digest, kept.url) == ('"1"', digest_of_page(PAGE), PAGE.url)
    assert kept.refused_by is None


def test_refused_page_keeps_its_validators_only(store: Store) -> None:
    pages = Pages(store)
    pages.keep_refused(URL, PAGE, "settings 1")
    assert (pages.get(URL), pages.validators(URL).refused_by) == (None, "settings 1")


def test_forgotten_page_has_no_validators(store: Store) -> None:
    pages = Pages(store)
    pages.keep(URL, PAGE)
    pages.forget(URL)
    assert (pages.get(URL), pages.validators(URL)) == (None, NO_VALIDATORS)


def test_pages_of_releases_that_are_gone_or_hidden_for_long_are_forgotten(store: Store) -> None:
    pages, ids = Pages(store), {}
    for name in ("present", "gone", "lately", "hidden"):
        url = f"{URL}-{name}"
        store.save(replace(RELEASE, url=url, body=name), seen=DAY, aliases=(f"{url}-old",))
        for address in (url, f"{url}-old"):
            pages.keep(address, PAGE)
        stored = store.find(url)
        assert stored is not None
        ids[name] = stored.id
    store.mark_gone(ids["gone"], seen=DAY + timedelta(1))
    store.withdraw(ids["hidden"], seen=DAY + timedelta(2))
    store.mark_gone(ids["lately"], seen=DAY + timedelta(9))
    counts = [pages.measure_absent(since=DAY + timedelta(day))[0] for day in (0, 1, 2, 8, 9)]
    assert counts == [0, 2, 4, 4, 6]
    pages.forget_absent(since=DAY + timedelta(8))
    kept = {name for name in ids if pages.get(f"{URL}-{name}") and pages.get(f"{URL}-{name}-old")}
    assert (kept, pages.measure()[0]) == ({"present", "lately"}, 4)


def test_digest_depends_on_the_body_and_on_robots_tags() -> None:
    tagged = replace(PAGE, headers={**PAGE.headers, "x-robots-tag": "noindex"})
    digests = {digest_of_page(page) for page in (PAGE, tagged, replace(PAGE, body=b""))}
    assert len(digests) == 3


def test_damaged_page_is_reported_with_file_and_url(store: Store) -> None:
    pages = Pages(store)
    pages.keep(URL, PAGE)
    store.execute("UPDATE page SET body = x'00'")
    with pytest.raises(StoreError, match=rf"{URL} is damaged; restore the file from a backup"):
        pages.get(URL)
