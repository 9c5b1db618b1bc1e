"""Searches of a cluster as a whole: pages, counts and documents, from prepared answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from index.analysis import Analyzer
from index.engines.opensearch.mappings import row_field
from index.engines.opensearch.search import ClusterSearcher, searcher
from index.query import BY_NAME, FILTERS, Everything, Filters, Query, Word
from index.results import FacetValue
from index.search.cursor import HitPlace
from tests.support.answering_server import Answering, Prepared
from tests.support.cluster_answers import (
    asked_of,
    counted,
    facts,
    found,
    hit,
    snapshot_of,
    together,
    walked,
    words,
)

INDEXED = words((1, {"lemma": ["mežs"], "exact": ["mežs"]}))
FACTS = facts(100, newest=9, length=400)
EVERYTHING = Query(text="", clause=Everything(), reading="", sort="newest", per_page=2)
HITS = [hit(number, day=number) for number in (5, 4, 3, 2, 1)]


@contextmanager
def opened(analyzer: Analyzer, *answers: Prepared) -> Iterator[tuple[ClusterSearcher, Answering]]:
    with snapshot_of(*answers, facts=FACTS, words=INDEXED) as (snapshot, serving):
        yield ClusterSearcher(snapshot, analyzer), serving


def counts(total: int, **values: dict[str, int]) -> Prepared:
    aggregations: dict[str, Any] = {"shared": {"rows": {"buckets": []}}}
    for name in (*BY_NAME, "year"):
        buckets = [{"key": key, "doc_count": count} for key, count in values.get(name, {}).items()]
        aggregations[name] = {"values": {"buckets": buckets}}
    return found(total=total, aggregations=aggregations)


def stored(*numbers: int, **fields: object) -> Prepared:
    return found(*({"_source": {"id": f"id{one}", "number": one, "shown": {}, **fields}} for one in numbers))


@pytest.mark.parametrize(
    ("page", "cursor", "docs", "last"),
    [
        (1, None, (5, 4), None),
        (2, None, (3, 2), None),
        (3, None, (1,), None),
        (4, None, (), None),
        (1, "*", (5, 4), HitPlace((-4.0,), b"id4")),
    ],
)
def test_a_page_has_its_documents_and_a_cursor_the_next_place(
    analyzer: Analyzer, page: int, cursor: str | None, docs: tuple[int, ...], last: HitPlace | None
) -> None:
    query = Query(
        text="", clause=Everything(), reading="", sort="newest", per_page=2, page=page, cursor=cursor
    )
    with opened(analyzer, together(counts(5, ministry={"fm": 5}), found(*HITS)), stored(*docs)) as (
        searched,
        _,
    ):
        top = searched.search(query)
    assert (top.docs, top.total, top.last) == (docs, 5, last)
    assert top.facets["ministry"] == (FacetValue("fm", 5),)
    assert (top.scores, top.folded) == ((0.0,) * len(docs), ((),) * len(docs))


def test_a_cursor_continues_after_its_place_and_the_last_page_has_none(analyzer: Analyzer) -> None:
    query = Query(text="", clause=Everything(), reading="", sort="newest", per_page=2, cursor="x")
    with opened(analyzer, together(counts(5), found(*HITS[3:])), stored(2, 1)) as (searched, serving):
        top = searched.search(query, after=HitPlace((-3.0,), b"id3"))
        assert asked_of(serving)[0][1]["search_after"] == [3, "id3"]
    assert (top.docs, top.last) == ((2, 1), None)


def test_what_is_counted_passes_the_filters_and_is_not_excluded(analyzer: Analyzer) -> None:
    query = Query(text="", clause=Everything(), reading="", filters=Filters(languages=("lv",)), sort="newest")
    with opened(analyzer, together(counts(0), found())) as (searched, serving):
        top = searched.search(query, excluded=[7, 8], faceted=False)
        ((search, page),) = asked_of(serving)
    among = [{"terms": {"language": ["lv"]}}, {"bool": {"must_not": [{"terms": {"number": [7, 8]}}]}}]
    assert search["post_filter"] == {"bool": {"filter": among}}
    assert search["query"] == {"bool": {"filter": [{"match_all": {}}]}}
    assert (search["size"], search["track_total_hits"], list(search["aggs"])) == (0, True, ["shared"])
    assert page["query"]["bool"]["filter"] == [{"match_all": {}}, *among]
    assert (top.docs, top.total, top.facets) == ((), 0, {})


def test_the_other_matches_of_a_cluster_are_folded_into_its_first(analyzer: Analyzer) -> None:
    members = [hit(4, day=4, cluster="a"), hit(9, day=1, cluster="a"), hit(8, day=2, cluster="a")]
    answers = together(counts(2), found(hit(5, day=5), members[0])), found(*members), stored(5, 4)
    with opened(analyzer, *answers) as (searched, _):
        top = searched.search(EVERYTHING)
    assert (top.docs, top.folded) == ((5, 4), ((), (8, 9)))


def test_counting_takes_no_documents(analyzer: Analyzer) -> None:
    row = {**dict.fromkeys(map(row_field, FILTERS)), "cluster": "a", "day": 5, "language": "lv"}
    aggregations = {"shared": {"rows": {"buckets": [{"key": row, "doc_count": 3}]}}}
    with opened(analyzer, found(total=9, aggregations=aggregations)) as (searched, serving):
        assert searched.count(Everything(), Filters(languages=("lv",))) == 7
        ((search,),) = asked_of(serving)
    assert search["query"] == {"bool": {"filter": [{"match_all": {}}, {"terms": {"language": ["lv"]}}]}}


def test_scores_are_those_of_the_documents_asked_for(analyzer: Analyzer) -> None:
    mezs = Word(text="mežs", lemma=("mežs",))
    hits = found(hit(3, {"body": [1]}), hit(5, {"body": [9]}))
    with opened(analyzer, hits, counted(10), hits) as (searched, _):
        first, missing, other = searched.scores(mezs, [3, 4, 5])
        explained = searched.explain(mezs, [3])
    assert first > missing == other == 0
    assert explained[3].score == pytest.approx(first)


def test_stored_fields_are_kept_and_read_at_once(analyzer: Analyzer) -> None:
    with opened(analyzer, stored(1, 2), stored(3, day=737_000)) as (searched, serving):
        assert [searched._load([1, 2])[doc]["id"] for doc in (1, 2)] == ["id1", "id2"]
        assert searched.stored(2)["number"] == 2
        assert (searched.published(1), searched.published(3)) == (None, date.fromordinal(737_000))
        searches = [search for (search,) in asked_of(serving)]
    assert [search["query"]["terms"]["number"] for search in searches] == [[1, 2], [3]]
    assert searches[0]["size"] == 2
    assert searches[0]["_source"] == ["id", "number", "day", "shown"]


def test_stored_fields_are_dropped_when_they_are_many(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searcher, "_STORED_MAX", 1)
    with opened(analyzer, stored(1, 2), stored(3), stored(1)) as (searched, serving):
        for docs in ([1, 2], [3], [3], [1]):
            searched._load(docs)
        assert len(asked_of(serving)) == 3


def test_a_document_is_found_by_its_id(analyzer: Analyzer) -> None:
    with opened(analyzer, found(hit(7)), found()) as (searched, serving):
        assert (searched.find("a"), searched.find("b")) == (7, None)
        assert [search["query"] for search in walked(serving)] == [{"term": {"id": id_}} for id_ in "ab"]


def test_ids_are_read_page_by_page(analyzer: Analyzer) -> None:
    pages = found(hit(1), hit(2)), found(hit(3)), found()
    with opened(analyzer, *pages) as (searched, serving):
        assert list(searched.ids()) == ["id1", "id2", "id3"]
        after = [search.get("search_after") for search in walked(serving)]
    assert after == [None, [None, 0, "id2"], [None, 0, "id3"]]


def test_coverage_names_the_oldest_and_the_newest_of_each_ministry(analyzer: Analyzer) -> None:
    def top(number: int) -> dict[str, Any]:
        return {"hits": {"hits": [hit(number)]}}

    buckets = [{"key": "fm", "doc_count": 4, "oldest": top(3), "newest": top(9)}]
    with opened(analyzer, found(aggregations={"ministries": {"buckets": buckets}})) as (searched, serving):
        assert searched.coverage() == [("fm", 4, 3, 9)]
        ((search,),) = asked_of(serving)
    asked = search["aggs"]["ministries"]
    assert asked["terms"] == {"field": "ministry", "size": 10_000, "order": {"_key": "asc"}}
    orders = {name: asked["aggs"][name]["top_hits"]["sort"][0]["day"] for name in ("oldest", "newest")}
    assert orders == {
        "oldest": {"order": "asc", "missing": "_last"},
        "newest": {"order": "desc", "missing": "_last"},
    }


def test_matches_are_marked_in_the_stored_texts(analyzer: Analyzer) -> None:
    shown = {"title": "Meži", "language": "lv"}
    mezs = Word(text="mežs", lemma=("mežs",))
    with opened(analyzer, stored(2, 1, shown=shown)) as (searched, _):
        (first, second) = searched.match_offsets(mezs, [1, 2])
    assert [(offset.start, offset.end) for offset in first] == [(0, 4)]
    assert first == second


def test_a_listing_has_the_total_and_the_documents_in_order(analyzer: Analyzer) -> None:
    with opened(analyzer, counts(5), found(*HITS)) as (searched, _):
        listed = searched.list_all(EVERYTHING)
        assert listed.total == 5
        assert list(listed.docs(1, 3)) == [4, 3]


def test_terms_are_looked_up_at_once(analyzer: Analyzer) -> None:
    asked = together(found(total=1), found(total=2), words((1, {"lemma": ["a"]})))
    with opened(analyzer, asked) as (searched, serving):
        searched.look_up([Word(text="a", lemma=("a",)), None, Word(text="b", lemma=("b",))])
        assert (searched.reader.size("lemma", "a"), searched.reader.size("lemma", "b")) == (1, 2)
        assert [word.key for word in searched.reader.words("lemma", "a")] == [1]
        assert [len(searches) for searches in asked_of(serving)] == [3]
