"""Each version of a release keeps its structure; only what its site changed in it is an edit."""

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import CrawlerConfig, load
from crawler.reextract import reextract
from crawler.store import Release, Store, StoreError
from crawler.store.rollback import roll_back
from crawler.store.structure import (
    Span,
    Structure,
    clip,
    differ_in_meaning,
    dump_structure,
    load_structure,
    shown_structure,
)
from samples.server import crawl_config
from tests.support.site_crawl import InProcessReader
from tests.support.stored_release import DAY, ID, RELEASE

WRITTEN = sorted(Path(__file__).with_name("written_by").glob("*.sqlite3.gz"))
# Its releases have lists.
LISTED = Path(__file__).with_name("written_by") / "f99fda6.sqlite3.gz"
LATER = DAY + timedelta(days=2)
LINK = Span(start=7, end=14, kind="a", href="https://www.iem.example/a?x=1#p2")
BOLD = Span(start=0, end=6, kind="strong")
ROW = (Span(start=0, end=14, kind="table"), Span(start=0, end=14, kind="tr"))
CELLS = (Span(start=0, end=0, kind="td"), Span(start=0, end=6, kind="td"), Span(start=7, end=14, kind="td"))


def record(*spans: Span, rules: int = 1) -> str:
    return dump_structure(Structure(body=spans, rules=rules))


def structured(*spans: Span, rules: int = 1) -> Release:
    return replace(RELEASE, structure=record(*spans, rules=rules))


spans = st.builds(
    Span,
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    kind=st.sampled_from(["h2", "ol", "li", "td", "img", "a"]),
    href=st.text(),
    text=st.text(),
    columns=st.integers(1, 9),
    rows=st.integers(1, 9),
    first=st.integers(1, 9),
    numbering=st.sampled_from(["1", "a", "I"]),
)


@given(st.builds(Structure, body=st.lists(spans).map(tuple), lead=st.lists(spans).map(tuple)))
def test_structure_is_the_same_after_it_was_stored(structure: Structure) -> None:
    assert load_structure(dump_structure(structure)) == structure


@pytest.mark.parametrize(
    "damaged", ["", "[]", "{}", '{"rules":1,"body":[[0,1,"script"]]}', '{"rules":1,"body":[5]}']
)
def test_damaged_structure_is_named(damaged: str) -> None:
    with pytest.raises(StoreError, match="a structure is damaged; restore the file from a backup"):
        load_structure(damaged)


def test_beginning_of_a_text_has_the_beginning_of_its_structure() -> None:
    assert clip((BOLD, LINK), 9) == (BOLD, replace(LINK, end=9))
    assert clip((BOLD, LINK), 5) == (replace(BOLD, end=5),)


@pytest.mark.parametrize(
    ("href", "is_shown"),
    [
        ("https://www.iem.example/26783497", True),
        ("https://www.youtube.com/@iem", True),
        ("https://www.iem.example/?rakstit=anna.ozola%40iem.gov.lv", False),
    ],
)
def test_address_with_that_of_a_person_is_not_shown(href: str, *, is_shown: bool) -> None:
    shown = shown_structure(record(BOLD, replace(LINK, href=href)), "", RELEASE.body)
    assert shown is not None
    assert [span.kind for span in shown.body] == ["strong", *(["a"] if is_shown else [])]


def test_caption_is_masked_as_the_text_is() -> None:
    image = Span(start=0, end=0, kind="img", href="https://www.iem.example/a.jpg", text="Zvanīt 67000000")
    shown = shown_structure(record(image), "", RELEASE.body)
    assert shown is not None
    assert shown.body[0].text == "Zvanīt ••••••••"


@pytest.mark.parametrize(
    ("older", "newer", "differs"),
    [
        (record(LINK), record(replace(LINK, href="https://www.iem.example/b")), True),
        (record(LINK), record(replace(LINK, start=0)), True),
        (record(LINK), record(), True),
        # The same page, spelt otherwise.
        (record(LINK), record(replace(LINK, href="http://iem.example/a?x=1&utm_source=y")), False),
        (record(*ROW, *CELLS), record(*ROW, CELLS[1], replace(CELLS[0], start=7, end=7), CELLS[2]), True),
        (record(*ROW, *CELLS), record(*ROW, *CELLS[:2], replace(CELLS[2], columns=2)), True),
        (record(*ROW, *CELLS), record(*ROW, *(replace(cell, kind="th") for cell in CELLS)), False),
        # How a text is set.
        (record(LINK), record(BOLD, LINK), False),
        (record(), record(replace(BOLD, kind="h2")), False),
        # Another reading.
        (None, record(LINK), False),
        (record(LINK), None, False),
        (record(LINK), record(rules=2), False),
    ],
)
def test_links_and_cells_say_something_else(older: str | None, newer: str | None, *, differs: bool) -> None:
    assert differ_in_meaning(older, newer) is differs
    assert differ_in_meaning(newer, older) is differs


def kinds(store: Store) -> list[str]:
    return [version.kind for version in store.versions(ID)]


def structures(store: Store) -> list[str | None]:
    return [version.structure for version in store.versions(ID)]


def test_each_version_keeps_its_structure(store: Store) -> None:
    first, second = structured(LINK), replace(structured(BOLD), body="Labots teksts.")
    store.save(first, seen=DAY)
    store.save(second, seen=LATER)
    assert structures(store) == [first.structure, second.structure]
    assert [revision.structure for revision in store.revisions(ID)] == [first.structure]


def test_another_target_of_a_link_is_an_edit(store: Store) -> None:
    first, second = structured(LINK), structured(replace(LINK, href="https://www.iem.example/b"))
    store.save(first, seen=DAY)
    store.save(second, seen=LATER)
    assert (kinds(store), structures(store)) == (["first", "edit"], [first.structure, second.structure])
    assert roll_back(store, "iem", since=LATER, seen=LATER).text_again == (RELEASE.url,)
    assert (kinds(store)[2:], structures(store)[2]) == (["withdrawal"], first.structure)


@pytest.mark.parametrize("old", [RELEASE, structured(), structured(LINK, rules=0)])
def test_structure_that_was_not_kept_or_is_only_set_otherwise_is_no_edit(old: Release, store: Store) -> None:
    new = structured(BOLD, *((LINK,) if old.structure != record() else ()))
    store.save(old, seen=DAY)
    assert store.save(new, seen=LATER) == "changed"
    assert (kinds(store), structures(store)) == (["first"], [new.structure])


def test_structure_read_anew_is_no_version(store: Store) -> None:
    store.save(structured(LINK), seen=DAY)
    store.overwrite(ID, structured(BOLD), seen=LATER)
    assert (kinds(store), structures(store)) == (["first"], [record(BOLD)])


# --- stores of older versions, with the pages that they keep ---


def settings_of(store: Store, folder: Path) -> CrawlerConfig:
    """Return the settings by which the sites of *store* were crawled."""
    rows = store.rows("SELECT site, min(url) FROM frontier GROUP BY site")
    origins = {site: "{0.scheme}://{0.netloc}".format(urlsplit(url)) for site, url in rows}
    path = folder / "config.toml"
    path.write_text(crawl_config(origins, folder), encoding="utf-8")
    return load(path)[1]


@pytest.mark.parametrize("written", WRITTEN, ids=lambda path: path.name)
def test_old_store_reads_its_pages_again(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "releases.sqlite3"
    path.write_bytes(gzip.decompress(written.read_bytes()))
    with Store(path) as store:
        config = settings_of(store, tmp_path)
        before = {stored.id: stored for stored in store.changes_since(0)}
        versions = {id_: store.count_versions(id_) for id_ in before}
        assert {stored.release.structure for stored in before.values()} == {None}
        for site in config.sites:
            assert reextract(site, config, store, InProcessReader().submit)["failed"] == 0
        after = {stored.id: stored for stored in store.changes_since(0)}
        reread = [id_ for id_, stored in after.items() if stored.release.structure is not None]
        assert len(reread) >= len(before) / 2  # of the others, the page is gone or of another address
        same = [id_ for id_ in reread if store.count_versions(id_) == versions[id_]]
        assert same
        for id_ in same:
            assert after[id_].release.body == before[id_].release.body
        listed = [id_ for id_ in reread if '"li"' in (after[id_].release.structure or "")]
        assert bool(listed) is (written == LISTED)
