from dataclasses import replace
from datetime import timedelta

from crawler.store import Store
from crawler.store.statistics import SiteStats, site_stats
from tests.support.stored_release import DAY, ID, RELEASE


def test_releases_are_counted_by_state(store: Store) -> None:
    for name in ("gone", "hidden", "missing"):
        store.save(replace(RELEASE, url=f"{RELEASE.url}-{name}", body=name), seen=DAY)
    store.save(RELEASE, seen=DAY)
    store.save(replace(RELEASE, body="Labots."), seen=DAY)
    store.save(replace(RELEASE, site="mod", url="https://mod.example/x"), seen=DAY)
    for name in ("gone", "missing"):
        stored = store.find(f"{RELEASE.url}-{name}")
        assert stored is not None
        for day in range(2 if name == "gone" else 1):
            store.miss(stored.id, seen=DAY + timedelta(day))
    store.hide(f"{RELEASE.url}-hidden", seen=DAY)
    assert site_stats(store, "iem") == SiteStats(
        site="iem",
        present=2,
        missing=1,
        gone=1,
        hidden=1,
        denied=0,
        revisions=1,
        held=0,
        urls=0,
        left=0,
        newest="2026-02-27",
    )


def test_site_without_releases_has_zeros(store: Store) -> None:
    assert store.get(ID) is None
    stats = site_stats(store, "iem")
    assert (stats.present, stats.gone, stats.urls, stats.newest) == (0, 0, 0, "")
