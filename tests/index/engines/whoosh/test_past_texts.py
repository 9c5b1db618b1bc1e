"""What is written of earlier texts, and when; what searches find is in `test_through_time`."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.store import Store
from index.analysis import Analyzer, default_analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build, update
from index.engines.whoosh.past_texts import PAST
from index.query import Everything, Filters, Query, parse
from index.results import Results
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, ID, RELEASE

EDITED = replace(RELEASE, title="Labots virsraksts")


def commits(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob(f"_{PAST}_*.toc"))


def built(folder: Path, store: Store) -> Analyzer:
    analyzer = default_analyzer()
    folder.mkdir()
    build(folder, store, analyzer)
    return analyzer


def search(folder: Path, text: str) -> Results:
    engine = WhooshEngine(folder, default_analyzer())
    return engine.search(parse(text, analyzer=default_analyzer(), today=DAY.date()))


def test_only_a_change_of_earlier_texts_is_committed(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        folder = tmp_path / "index"
        analyzer = built(folder, store)
        assert commits(folder) == ["_PAST_0.toc"]
        store.save(replace(RELEASE, url=f"{RELEASE.url}-2", body="Cits."), seen=DAY)
        update(folder, store, analyzer, since=1)
        assert commits(folder) == ["_PAST_0.toc"]
        store.save(EDITED, seen=DAY + timedelta(days=1))
        update(folder, store, analyzer, since=store.last_number() - 1)
        assert commits(folder) == ["_PAST_1.toc"]


def test_an_earlier_text_is_not_written_again(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        for days, title in enumerate(("Pirmais", "Otrais", "Trešais")):
            store.save(replace(RELEASE, title=title), seen=DAY + timedelta(days=days))
        folder = tmp_path / "index"
        analyzer = built(folder, store)
        since = store.last_number()
        store.save(replace(RELEASE, title="Ceturtais"), seen=DAY + timedelta(days=3))
        update(folder, store, analyzer, since=since)
        engine = WhooshEngine(folder, analyzer)
        assert [segment.count for segment in engine._past.segments] == [2, 1]


def test_a_hidden_release_has_no_earlier_texts(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        store.save(EDITED, seen=DAY + timedelta(days=1))
        folder = tmp_path / "index"
        analyzer = built(folder, store)
        assert search(folder, "versijas: ugunsdzēsēji").total == 1
        since = store.last_number()
        store.hide(RELEASE.url, seen=DAY + timedelta(days=2))
        update(folder, store, analyzer, since=since)
        assert search(folder, "versijas: ugunsdzēsēji").total == 0
        assert WhooshEngine(folder, analyzer)._past.live_count == 0


def test_a_release_that_must_not_be_shown_is_taken_out_with_its_earlier_texts(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
        store.save(EDITED, seen=DAY + timedelta(days=1))
        folder = tmp_path / "index"
        analyzer = built(folder, store)
        everything = Query(text="", clause=Everything(), reading="", filters=Filters(versions=True))
        engine = WhooshEngine(folder, analyzer)
        assert (engine.count(everything), engine.without([ID]).count(everything)) == (1, 0)


def test_marks_are_from_the_earlier_text_and_masked(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        store.save(replace(RELEASE, body="Zvaniet ugunsdzēsējiem: 67219363."), seen=DAY)
        store.save(EDITED, seen=DAY + timedelta(days=1))
        built(tmp_path / "index", store)
        [hit] = search(tmp_path / "index", "versijas: zvaniet").hits
        assert (hit.id, hit.version, hit.title.text) == (ID, (ID, 1), RELEASE.title)
        [passage] = hit.passages
        assert "67219363" not in passage.text
        assert [passage.text[start:end] for start, end in passage.marks] == ["Zvaniet"]
        assert search(tmp_path / "index", "zvaniet").total == 0


def test_a_page_with_a_counter_is_one_hit_with_bounded_work(tmp_path: Path) -> None:
    with new_store(tmp_path / "releases.sqlite3") as store:
        with store.transaction():
            for number in range(1_000):
                body = f"Skatījumi: {number}."
                store.save(replace(RELEASE, body=body), seen=DAY + timedelta(hours=number))
        folder = tmp_path / "index"
        analyzer = built(folder, store)
        assert WhooshEngine(folder, analyzer)._past.live_count == 399
        found = search(folder, "versijas: skatījumi")
        assert (found.total, len(found.hits)) == (1, 1)
        [hit] = found.hits
        assert (hit.stood[0].first, hit.stood[-1].last) == (1, 1_000)
        # Versions in a row are one period, but the quoted one is one of its own.
        numbers = [number for one in hit.stood for number in range(one.first, one.last + 1)]
        assert numbers == [*range(1, 101), *range(701, 1_001)]
        assert len(hit.stood) in {3, 4}
