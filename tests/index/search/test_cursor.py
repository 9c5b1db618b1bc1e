import base64
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build, update
from index.query import Everything, Filters, Query, parse
from index.results import Results
from index.search.cursor import START, Cursor, CursorError, HitPlace
from tests.index.conftest import Save

QUERY = Query(text="", clause=Everything(), reading="", per_page=2, cursor=START)


@pytest.fixture
def folder(tmp_path: Path, save: Save, store: Store, analyzer: Analyzer) -> Path:
    for number in range(7):
        save(f"{number}", title=f"Ziņa {number}", published=date(2020, 1, 1 + number // 3))
    path = tmp_path / "index"
    path.mkdir()
    build(path, store, analyzer)
    return path


def walk(engine: WhooshEngine, query: Query) -> Iterator[Results]:
    while query.cursor is not None:
        yield (results := engine.search(query))
        query = replace(query, cursor=results.cursor)


def ids(pages: Iterator[Results]) -> list[str]:
    return [hit.id for page in pages for hit in page.hits]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_list_every_hit_once_and_in_order(folder: Path, sort: str) -> None:
    engine, query = WhooshEngine(folder), replace(QUERY, sort=sort)  # type: ignore[arg-type]  # a valid order
    at_once = engine.search(replace(query, cursor=None, per_page=100))
    assert ids(walk(engine, query)) == [hit.id for hit in at_once.hits]
    assert (len(at_once.hits), at_once.cursor) == (7, None)


def test_what_is_near_is_paged_too(folder: Path, analyzer: Analyzer) -> None:
    query = parse("ziņa šokolāde", analyzer=analyzer, today=date(2020, 1, 1), per_page=2)
    pages = list(walk(WhooshEngine(folder), replace(query, cursor=START, near=True)))
    assert ([page.total for page in pages], len(ids(iter(pages)))) == ([7] * 4, 7)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_paging_by_date_continues_in_a_changed_index(
    folder: Path, save: Save, store: Store, analyzer: Analyzer, sort: str
) -> None:
    query = replace(QUERY, sort=sort)  # type: ignore[arg-type]  # a valid order
    before = ids(walk(WhooshEngine(folder), query))
    first = WhooshEngine(folder).search(query)
    save("new", title="Cita ziņa", published=date(2020, 1, 9 if sort == "newest" else 1))
    update(folder, store, analyzer, since=7)
    rest = walk(WhooshEngine(folder), replace(query, cursor=first.cursor))
    after = [hit.id for hit in first.hits] + ids(rest)
    assert [id_ for id_ in after if id_ in before] == before


def test_paging_by_score_refuses_another_generation(
    folder: Path, save: Save, store: Store, analyzer: Analyzer
) -> None:
    cursor = WhooshEngine(folder).search(QUERY).cursor
    save("new", title="Cita ziņa")
    update(folder, store, analyzer, since=7)
    with pytest.raises(CursorError, match="the index has changed"):
        WhooshEngine(folder).search(replace(QUERY, cursor=cursor))


@pytest.mark.parametrize(
    "other",
    [{"sort": "newest"}, {"filters": Filters(languages=("lv",))}],
)
def test_cursor_of_another_search_is_refused(folder: Path, other: dict[str, object]) -> None:
    engine = WhooshEngine(folder)
    cursor = engine.search(QUERY).cursor
    with pytest.raises(CursorError, match="another search"):
        engine.search(replace(QUERY, cursor=cursor, **other))  # type: ignore[arg-type]  # valid fields


def test_page_size_may_change_between_pages(folder: Path) -> None:
    engine = WhooshEngine(folder)
    first = engine.search(QUERY)
    assert len(engine.search(replace(QUERY, cursor=first.cursor, per_page=100)).hits) == 5


@given(keys=st.lists(st.floats(allow_nan=False), min_size=1, max_size=2), id_=st.text(max_size=9))
def test_cursor_is_read_as_written(keys: list[float], id_: str) -> None:
    cursor = Cursor.at(HitPlace(tuple(keys), id_.encode()), QUERY, "g.1")
    assert Cursor.read(cursor.write()) == cursor


def encoded(values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "text",
    ["", "x", "ā", "**", "A" * 999, encoded([]), encoded(["a", "b", "c"]), encoded(["a", "b", 10**400, "c"])],
)
def test_text_that_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorError, match="not a cursor"):
        Cursor.read(text)


@pytest.mark.parametrize("keys", [[0.0], [0.0] * 3, [float("nan")], [float("-inf"), 1e300]])
def test_forged_cursor_finds_fewer_hits_and_raises_nothing(folder: Path, keys: list[float]) -> None:
    engine = WhooshEngine(folder)
    genuine = Cursor.read(engine.search(QUERY).cursor)
    assert genuine is not None
    forged = Cursor(genuine.search, genuine.generation, HitPlace(tuple(keys), b""))
    assert engine.search(replace(QUERY, cursor=forged.write())).total == 7
