"""Hits as they are made of documents, their marks and the other documents of their clusters."""

from collections.abc import Callable
from datetime import date

import pytest

from crawler.store import Store
from index.engines.answers.hits import HitMaker
from index.engines.whoosh.engine import WhooshEngine
from index.query import Everything, Query, Word
from index.results import Passage, Translation
from index.search import Searcher
from tests.index.conftest import SEEN, Save

FOREST = Word(text="mežs", lemma=("mežs",))


@pytest.fixture
def searcher(save: Save, store: Store, read_only_index: Callable[[], WhooshEngine]) -> Searcher:
    first = save("a", title="Meži", body="Meži deg.", ministry="FM", published=date(2020, 1, 3))
    for name, ministry in (("b", "VM"), ("c", "EM"), ("d", "FM")):
        store.set_cluster(save(name, ministry=ministry, published=date(2020, 1, 2)), first, seen=SEEN)
    save("e", title="Pļavas", published=None, language="en", machine_translated=True, translations=("a",))
    return read_only_index()._searcher


def test_each_hit_of_a_page_has_its_own_copies_scores_and_marks(searcher: Searcher) -> None:
    query = Query(text="", clause=Everything(), reading="", sort="newest")
    top = searcher.search(query)
    first, second = HitMaker(searcher, is_of_all=False).hits(FOREST, top)
    assert (first.title, first.passages) == (Passage("Meži", ((0, 4),)), (Passage("Meži deg.", ((0, 4),)),))
    assert (first.ministry, first.also_published_by) == ("FM", ("EM", "VM"))
    assert (first.published, first.language, first.machine_translated) == (date(2020, 1, 3), "lv", False)
    assert (second.title, second.also_published_by) == (Passage("Pļavas", ()), ())
    assert (second.published, second.language, second.machine_translated) == (None, "en", True)
    assert (first.gone, first.edited, first.translations) == (False, False, ())
    assert second.translations == (Translation(id=first.id, language="lv", title="Meži"),)


def test_matches_have_the_scores_of_the_clause(searcher: Searcher) -> None:
    made = HitMaker(searcher, is_of_all=False)
    docs = [doc for doc in (searcher.find(id_) for id_ in searcher.reader.ids()) if doc is not None]
    hits = made.matches(FOREST, sorted(docs))
    assert [hit.score > 0 for hit in hits] == [hit.title.text == "Meži" for hit in hits]
    assert sum(hit.score > 0 for hit in hits) == 1
    assert [hit.also_published_by for hit in hits] == [()] * 5
    assert [bool(hit.title.marks) for hit in hits] == [hit.title.text == "Meži" for hit in hits]
