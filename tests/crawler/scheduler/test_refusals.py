"""A page that was no release is asked for again as soon as it would be read in another way."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.config import Site, Template
from crawler.extraction import DiscoveredUrl
from crawler.page import Page
from crawler.scheduler.plan import FrontierUrl
from crawler.scheduler.refusals import Refusals
from crawler.store import Store
from crawler.store.pages import NO_VALIDATORS, Pages

URL = "https://a.lv/x"
SITE = Site.model_validate({"id": "a", "ministry": "A", "template": "t", "start": ["https://a.lv/"]})
HINTS = DiscoveredUrl(url=URL, title="T", published=date(2026, 1, 1), source="list")
ENTRY = FrontierUrl(url=URL, request_url=URL, site="a", kind="release", depth=1, hints=HINTS, changed=1)
PAGE = Page(
    requested_url=URL,
    url=URL,
    status=200,
    headers={"etag": '"1"'},
    body=b"x",
    fetched=datetime(2026, 3, 2, tzinfo=UTC),
    chain=(URL,),
)
TEMPLATES = {"t": Template(), "u": Template(body=(".u",))}


def test_a_refused_page_need_not_be_downloaded_again(store: Store) -> None:
    refusals = Refusals(SITE, TEMPLATES, Pages(store))
    assert refusals.validators(ENTRY) == NO_VALIDATORS
    refusals.keep(ENTRY, PAGE)
    kept = Refusals(SITE, dict(reversed(TEMPLATES.items())), Pages(store)).validators(ENTRY)
    assert (kept.etag, kept.url) == ('"1"', URL)


def test_an_address_that_has_never_answered_has_no_validators(store: Store) -> None:
    refusals = Refusals(SITE, TEMPLATES, Pages(store))
    refusals.keep(ENTRY, PAGE)
    assert refusals.validators(replace(ENTRY, changed=0)) == NO_VALIDATORS


@pytest.mark.parametrize(
    "entry",
    [
        replace(ENTRY, hints=None),
        replace(ENTRY, hints=replace(HINTS, title="Cits")),
        replace(ENTRY, hints=replace(HINTS, published=date(2026, 1, 2))),
        replace(ENTRY, hints=replace(HINTS, source="feed")),
    ],
)
def test_what_a_list_gives_now_counts(store: Store, entry: FrontierUrl) -> None:
    refusals = Refusals(SITE, TEMPLATES, Pages(store))
    refusals.keep(ENTRY, PAGE)
    assert refusals.validators(entry) == NO_VALIDATORS


@pytest.mark.parametrize(
    ("site", "templates"),
    [
        (SITE, TEMPLATES | {"t": Template(body=(".t",))}),
        (SITE, {"t": Template()}),
        (SITE.model_copy(update={"ministry": "B"}), TEMPLATES),
    ],
)
def test_settings_that_read_otherwise_count(store: Store, site: Site, templates: dict[str, Template]) -> None:
    Refusals(SITE, TEMPLATES, Pages(store)).keep(ENTRY, PAGE)
    assert Refusals(site, templates, Pages(store)).validators(ENTRY) == NO_VALIDATORS


def test_a_page_that_was_read_keeps_its_validators_in_any_case(store: Store) -> None:
    Pages(store).keep(URL, PAGE)
    assert Refusals(SITE, {}, Pages(store)).validators(replace(ENTRY, hints=None)).etag == '"1"'
