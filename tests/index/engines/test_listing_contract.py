from collections.abc import Callable
from datetime import date

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.engines import IndexBuilder, Listing, ServingEngine
from index.query import Filters, Query, parse
from tests.index.conftest import SEEN, Save

Listed = Callable[..., Listing]
SEARCHES = [
    (text, sort)
    for text in ("", "meži vakar", "mezi", "budžets", "ziņa -budžets")
    for sort in ("newest", "oldest", "relevance")
]


def read(text: str, analyzer: Analyzer, **options: object) -> Query:
    return parse(text, analyzer=analyzer, today=date(2026, 11, 25), **options)  # type: ignore[arg-type]  # as the test gives them


@pytest.fixture
def listed(builder: IndexBuilder, serving: ServingEngine, store: Store, analyzer: Analyzer) -> Listed:
    """List the releases that the test saved before it listed any."""
    built: list[bool] = []

    def listing(text: str, **options: object) -> Listing:
        if not built:
            with builder.draft(analyzer) as draft:
                draft.build(store, on_progress=lambda _: None)
                draft.publish()
            built.append(True)
        return serving.listing(read(text, analyzer, **options))

    return listing


@pytest.fixture
def releases(save: Save, store: Store) -> None:
    for day in range(1, 29):
        save(f"{day}", title=f"Ziņa {day}", body=f"Meži deg {'vakar ' * day}", published=date(2020, 2, day))
    one = save("fm", title="Kopā", body="Budžets", ministry="FM", published=date(2021, 1, 1))
    two = save("vm", title="Kopā", body="Budžets", ministry="VM", published=date(2021, 1, 2))
    store.set_cluster(two, one, seen=SEEN)


@pytest.mark.usefixtures("releases")
def test_a_listing_has_what_a_search_finds_in_its_order(
    listed: Listed, serving: ServingEngine, analyzer: Analyzer
) -> None:
    for text, sort in SEARCHES:
        listing = listed(text, sort=sort)
        results = serving.search(read(text, analyzer, sort=sort, per_page=100))
        assert [one.id for one in listing.releases()] == [hit.id for hit in results.hits], (text, sort)
        assert listing.total == results.total


@pytest.mark.usefixtures("releases")
def test_part_of_a_listing_and_some_of_its_ids(listed: Listed) -> None:
    listing = listed("meži", sort="oldest", filters=Filters(published_from=date(2020, 2, 10)))
    ids = [release.id for release in listing.releases()]
    assert [release.id for release in listing.releases(3, 5)] == ids[3:5]
    assert [release.id for release in listing.releases(19)] == []
    assert [release.id for release in listing.among([ids[4], "iem-x", ids[2]])] == [ids[2], ids[4]]
    assert [*listing.among([])] == []


@pytest.mark.usefixtures("releases")
def test_a_release_stands_for_its_copies(listed: Listed) -> None:
    (release,) = listed("budžets", sort="newest").releases()
    assert (release.ministry, release.also_published_by) == ("VM", ("FM",))


def test_an_institution_is_not_among_those_that_also_published_its_release(
    save: Save, store: Store, listed: Listed
) -> None:
    copies = [save(f"{n}", title="Kopā", ministry=name) for n, name in enumerate(("VM", "FM", "AM") * 2)]
    for other in copies[1:]:
        store.set_cluster(other, copies[0], seen=SEEN)
    (release,) = listed("kopā").releases()
    others = {"VM", "FM", "AM"} - {release.ministry}
    assert release.also_published_by == tuple(sorted(others))


def test_a_listed_release_has_its_text_masked(save: Save, listed: Listed) -> None:
    save("a", title="Ziņa", body="Zvaniet 67000000 par mežu.", published=None, language="lv")
    (release,) = listed("mežs").releases()
    assert (release.title, release.published) == ("Ziņa", None)
    assert "67000000" not in release.body


def test_a_release_is_listed_among_others_by_an_earlier_text(listed: Listed, save: Save) -> None:
    id_ = save("1", body="Par lidostu.")
    save("1", body="Par ostu.")
    for text, found in (("lidosta", []), ("versijas: lidosta", [id_]), ("versijas: osta", [id_])):
        assert [one.id for one in listed(text).among([id_, "iem-x"])] == found, text


@pytest.mark.usefixtures("releases")
def test_a_listing_limited_to_some_releases_has_those_of_the_whole(
    listed: Listed, serving: ServingEngine, store: Store, analyzer: Analyzer
) -> None:
    everything = sorted(row[0] for row in store.rows("SELECT id FROM release"))
    for text, sort in SEARCHES:
        whole = [one.id for one in listed(text, sort=sort).releases()]
        for ids in (everything, everything[::2], everything[1::2], *([one] for one in everything)):
            found = serving.among(read(text, analyzer, sort=sort), frozenset(ids))
            assert [one.id for one in found] == [id_ for id_ in whole if id_ in ids], (text, sort)
