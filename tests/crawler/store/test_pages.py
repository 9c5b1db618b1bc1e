import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pytest

from crawler.page import Page
from crawler.store import Store, StoreError
from crawler.store.frontier_rows import FrontierRows, Mention, NewUrl
from crawler.store.pages import NO_VALIDATORS, Pages, Validators, digest_of, digest_of_page
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
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

PENDING = PendingChange(release=None, url=URL, record=RELEASE, seen=DAY, since=DAY)


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


def test_a_held_page_is_taken_without_validators(store: Store) -> None:
    pages = Pages(store)
    PendingChangeRows(store).put("iem", PENDING)
    pages.hold(URL, PAGE)
    assert pages.get(URL) is None
    pages.take(URL)
    assert (pages.get(URL), pages.validators(URL)) == (PAGE, Validators(digest="", url=PAGE.url))


@pytest.mark.parametrize("end", ["delete", "put", "resolve"])
def test_a_held_page_ends_with_its_pending_change(store: Store, end: str) -> None:
    pages, rows = Pages(store), PendingChangeRows(store)
    rows.put("iem", PENDING)
    pages.hold(URL, PAGE)
    rows.put("iem", PENDING) if end == "put" else getattr(rows, end)(URL)
    pages.take(URL)
    assert pages.get(URL) is None


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


@pytest.mark.parametrize("keep", ["keep", "keep_validators", "keep_refused"])
def test_what_shows_that_a_page_is_unchanged_is_kept_in_any_case(store: Store, keep: str) -> None:
    pages = Pages(store)
    getattr(pages, keep)(URL, PAGE, *(("settings 1",) if keep == "keep_refused" else ()))
    assert pages.validators(URL) == Validators(
        etag='"1"',
        last_modified="Mon, 02 Mar 2026 09:00:00 GMT",
        digest=digest_of_page(PAGE),
        url="https://www.iem.example/lv/jaunums/x/",
        refused_by="settings 1" if keep == "keep_refused" else None,
    )
    body = None if (found := pages.get(URL)) is None else found.body
    assert body == {"keep": PAGE.body, "keep_validators": b"", "keep_refused": None}[keep]


def test_a_page_kept_later_replaces_the_earlier(store: Store) -> None:
    pages = Pages(store)
    pages.keep_refused(URL, PAGE, "settings 1")
    bare = replace(PAGE, headers={"x": "ž"}, status=203, body=b"later")
    pages.keep(URL, bare)
    assert pages.get(URL) == bare
    kept = pages.validators(URL)
    assert (kept.etag, kept.last_modified, kept.refused_by) == (None, None, None)


def test_pages_of_a_site_are_those_of_its_releases_by_address(store: Store) -> None:
    pages, rows = Pages(store), FrontierRows(store)
    listed = Mention(source="list", title=None, published=None, lastmod=None)
    for name, site, kind in (
        ("b", "iem", "release"),
        ("a", "iem", "release"),
        ("list", "iem", "list"),
        ("c", "mod", "release"),
        ("refused", "iem", "release"),
    ):
        url = f"{URL}-{name}"
        rows.insert(
            NewUrl(
                url=url,
                request_url=url,
                site=site,
                kind=kind,  # type: ignore[arg-type]  # one of the kinds
                depth=1,
                mention=listed,
                due=0,
                found_in_run=1,
            )
        )
        if name == "refused":
            pages.keep_refused(url, PAGE, "settings 1")
        else:
            pages.keep(url, PAGE)
    assert [page.requested_url for page in pages.of_site("iem")] == [f"{URL}-a", f"{URL}-b"]


def test_pages_are_measured_as_they_are_stored(store: Store) -> None:
    pages = Pages(store)
    assert pages.measure() == (0, 0)
    pages.keep(URL, replace(PAGE, body=b"x" * 10_000))
    pages.keep(f"{URL}-2", PAGE)
    size = len(zlib.compress(b"x" * 10_000)) + len(zlib.compress(PAGE.body))
    assert pages.measure() == (2, size)
    assert pages.measure_absent(since=DAY) == (0, 0)


def test_a_digest_is_of_the_body_alone_without_a_robots_tag() -> None:
    assert digest_of_page(PAGE) == digest_of(PAGE.body)
    tagged = replace(PAGE, headers={"x-robots-tag": "noindex"})
    assert digest_of_page(tagged) == digest_of(PAGE.body + b"\nnoindex")
    assert digest_of(b"x") == blake2b(b"x", digest_size=16).hexdigest()
