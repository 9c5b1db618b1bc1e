from crawler.store import Store
from crawler.store.run_rows import CrawlRun, RunRows


def test_run_is_unfinished_until_it_is_finished(store: Store) -> None:
    runs = RunRows(store)
    assert runs.unfinished_run() is None
    run = runs.insert(1000)
    assert runs.unfinished_run() == run
    runs.finish(run.id, 2000)
    assert runs.unfinished_run() is None


def test_only_the_last_run_counts_as_unfinished(store: Store) -> None:
    runs = RunRows(store)
    runs.insert(1000)
    last = runs.insert(2000)
    runs.finish(last.id, 3000)
    assert runs.unfinished_run() is None


def test_run_is_found_by_number_or_as_the_last(store: Store) -> None:
    runs = RunRows(store)
    assert runs.get() is None
    first, last = runs.insert(1000), runs.insert(2000)
    assert (runs.get(first.id), runs.get(), runs.get(99)) == (first, last, None)


def test_runs_are_numbered_from_one(store: Store) -> None:
    runs = RunRows(store)
    assert [runs.insert(started) for started in (1000, 900)] == [
        CrawlRun(id=1, started=1000),
        CrawlRun(id=2, started=900),
    ]
    runs.finish(1, 5000)
    assert store.rows("SELECT id, finished FROM run") == [(1, 5000), (2, None)]
    assert runs.unfinished_run() == CrawlRun(id=2, started=900)
