"""Sites that the settings no longer have: renamed ones are still crawled, removed ones are reported."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.check import check_orphans
from crawler.config import Site
from crawler.scheduler.orphans import adopt_orphans, count_orphans
from crawler.store import Store
from crawler.store.frontier_rows import FrontierRows
from crawler.store.pending_change_rows import PendingChange, PendingChangeRows
from tests.support.new_store import new_store
from tests.support.stored_release import RELEASE

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LIST, PAGE = "https://iem.example/lv/jaunumi", "https://iem.example/lv/jaunums/x"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in which the site `old` has a list page, a release and a pending change of it."""
    with new_store(tmp_path / "releases.sqlite3") as store:
        rows = FrontierRows(store)
        for kind, url in (("list", LIST), ("release", PAGE)):
            rows.upsert_starts("old", kind, [url], due=1, due_if_failed=2, run=1)  # type: ignore[arg-type]  # of a loop
        store.save(replace(RELEASE, site="old", url=PAGE), seen=NOW)
        [(id_, _)] = store.urls_of("old")
        loss = PendingChange(release=id_, url=PAGE, record=None, reason="missing", seen=NOW, since=NOW)
        PendingChangeRows(store).put("old", loss)
        yield store


def site(id_: str, host: str, *, allow: str = "") -> Site:
    start = f"https://{host}/lv/jaunumi"
    named = {"id": id_, "ministry": "Iekšlietu ministrija", "template": "t", "start": [start]}
    return Site.model_validate(named | ({"allow": [allow]} if allow else {}))


def sites_of(store: Store) -> tuple[list[str], str, int]:
    """Return the sites of the frontier, that of the release, and the number of pending changes of `new`."""
    stored = store.find(PAGE)
    assert stored is not None
    return FrontierRows(store).sites(), stored.release.site, len(PendingChangeRows(store).of_site("new"))


def test_renamed_site_keeps_its_urls_releases_and_pending_changes(store: Store) -> None:
    sites = [site("new", "www.iem.example")]
    adopt_orphans(store, sites, seen=NOW)
    assert sites_of(store) == (["new"], "new", 1)
    assert list(check_orphans(store, sites)) == []


def test_a_release_goes_to_the_site_that_takes_its_path_and_a_list_to_that_of_its_host(store: Store) -> None:
    sites = [site("other", "iem.example", allow="^/en/"), site("new", "iem.example", allow="^/lv/jaunums/")]
    adopt_orphans(store, sites, seen=NOW)
    assert sites_of(store) == (["new", "other"], "new", 1)
    assert [url for url, _ in FrontierRows(store).urls("new")] == [PAGE]


def test_id_and_text_of_a_release_survive_the_renaming_of_its_site(store: Store) -> None:
    before = store.find(PAGE)
    adopt_orphans(store, [site("new", "iem.example")], seen=NOW)
    after = store.find(PAGE)
    assert before is not None
    assert after is not None
    assert (after.id, after.release.title, store.revisions(after.id)) == (before.id, before.release.title, ())


def test_removed_site_is_kept_and_named(store: Store) -> None:
    sites = [site("mod", "mod.example")]
    adopt_orphans(store, sites, seen=NOW)
    assert sites_of(store) == (["old"], "old", 0)
    assert count_orphans(store, sites) == {"old": 2}
    [finding] = check_orphans(store, sites)
    assert (finding.what, finding.remark) == (
        "old",
        "2 URLs of a site that is not in the settings; they are kept but not fetched",
    )


def test_site_of_the_settings_keeps_its_urls(store: Store) -> None:
    adopt_orphans(store, [site("new", "iem.example"), site("old", "old.example")], seen=NOW)
    assert sites_of(store) == (["old"], "old", 0)
