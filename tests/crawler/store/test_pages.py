from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.page import Page
from crawler.store import Store, StoreError
from crawler.store.pages import NO_VALIDATORS, Pages, digest_of_page

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
