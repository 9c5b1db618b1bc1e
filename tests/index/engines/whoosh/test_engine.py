import sys

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import update
from index.query import Everything, Query
from tests.index.conftest import Save
from tests.index.engines.whoosh.conftest import Publish

EVERYTHING = Query(text="", clause=Everything(), reading="")


def test_an_index_opens_while_a_commit_removes_its_files(
    build_generation: Publish, store: Store, analyzer: Analyzer, save: Save
) -> None:
    save("one", title="Vecs")
    folder = build_generation()
    since = store.last_number()
    save("one", title="Jauns")
    waiting = [folder]

    def commit(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and str(details[0]).endswith(".docs") and waiting:
            update(waiting.pop(), store, analyzer, since=since)

    sys.addaudithook(commit)  # cannot be removed, but does nothing more
    assert [hit.title.text for hit in WhooshEngine(folder, analyzer).search(EVERYTHING).hits] == ["Jauns"]
