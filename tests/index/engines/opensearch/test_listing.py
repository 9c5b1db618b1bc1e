"""Lists of a cluster's releases, read in pages."""

import pytest

from index.analysis import Analyzer
from index.engines.opensearch import listing
from index.engines.opensearch.listing import ClusterListing
from index.engines.opensearch.search import ClusterSearcher
from index.query import Everything, Query
from tests.support.answering_server import Prepared
from tests.support.cluster_answers import asked_of, facts, found, hit, snapshot_of

EVERYTHING = Query(text="", clause=Everything(), reading="", sort="newest")
COUNTED = found(total=5, aggregations={"shared": {"rows": {"buckets": []}}})
HITS = [hit(number, day=number) for number in (5, 4)] + [hit(3, day=3, cluster="a", ministry="vm")]
MEMBERS = [hit(3, day=3, cluster="a", ministry="vm"), hit(9, day=1, cluster="a", ministry="fm")]


def stored(*numbers: int) -> Prepared:
    shown = {"url": "https://a.example", "site": "a", "ministry": "vm", "language": "lv"}
    return found(
        *({"_source": {"id": f"id{one}", "number": one, "day": one, "shown": shown}} for one in numbers)
    )


def test_releases_are_read_page_by_page_with_those_who_also_published_them(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_PAGE", 2)
    answers = COUNTED, found(*HITS), found(*MEMBERS), stored(4, 5), stored(3), found(*MEMBERS)
    with snapshot_of(*answers, facts=facts(5, newest=5, length=5)) as (snapshot, serving):
        listed = ClusterListing(ClusterSearcher(snapshot, analyzer), EVERYTHING)
        assert listed.total == 5
        releases = list(listed.releases())
        sizes = [search["size"] for (search,) in asked_of(serving) if search.get("_source")]
    assert [release.id for release in releases] == ["id5", "id4", "id3"]
    assert [release.also_published_by for release in releases] == [(), (), ("fm",)]
    assert [release.published and release.published.toordinal() for release in releases] == [5, 4, 3]
    assert sizes == [2, 1]


@pytest.mark.parametrize(
    ("first", "last", "ids"), [(0, 1, ["id5"]), (1, 2, ["id4"]), (1, 1, []), (2, None, ["id4"][:0])]
)
def test_a_range_of_releases_is_read(
    analyzer: Analyzer, first: int, last: int | None, ids: list[str]
) -> None:
    numbers = [int(id_[2:]) for id_ in ids]
    with snapshot_of(COUNTED, found(*HITS[:2]), stored(*numbers)) as (snapshot, _):
        listed = ClusterListing(ClusterSearcher(snapshot, analyzer), EVERYTHING)
        assert [release.id for release in listed.releases(first, last)] == ids


def test_releases_with_ids_are_read(analyzer: Analyzer) -> None:
    with snapshot_of(COUNTED, found(HITS[1]), stored(4), facts=facts(5, newest=5, length=5)) as (snapshot, _):
        listed = ClusterListing(ClusterSearcher(snapshot, analyzer), EVERYTHING)
        assert [release.id for release in listed.among(["id4"])] == ["id4"]
        assert list(listed.among([])) == []
