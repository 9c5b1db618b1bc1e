from datetime import date

from crawler.store import Store
from index.analysis import Analyzer
from index.document import LAYOUT, PART_RANGE, Document
from tests.index.conftest import Save


def document(store: Store, id_: str) -> Document:
    stored = store.get(id_)
    assert stored is not None
    return Document.of(stored, edited=False)


def test_parts_are_further_apart_than_the_words_of_any_phrase() -> None:
    for name, layout in LAYOUT.items():
        first, end = PART_RANGE[name]
        assert first == layout.base
        assert end - (layout.base + layout.room) > 99


def test_a_stream_holds_every_part_and_the_day(store: Store, save: Save, analyzer: Analyzer) -> None:
    id_ = save("a", title="Viens", lead="Divi", body="Trīs četri", published=date(2017, 11, 27))
    parts = document(store, id_).stream(analyzer)
    exact = {part.base: [forms.exact for forms in part.tokens.forms] for part in parts}
    assert exact[0] == [("viens",)]
    assert exact[LAYOUT["date"].base] == [("27.11.2017", "2017"), ("27",), ("novembris",)]
    assert exact[LAYOUT["body"].base] == [("trīs",), ("četri",)]


def test_more_words_than_a_part_has_room_for_are_left_out(
    store: Store, save: Save, analyzer: Analyzer
) -> None:
    id_ = save("a", title="vārds " * 2_000)
    title = document(store, id_).stream(analyzer)[0]
    assert len(title.tokens.forms) == LAYOUT["title"].room


def test_the_contact_block_stays_behind(store: Store, save: Save) -> None:
    kept = document(store, save("a", body="Zvaniet 67000001.", contact="Zita Paraudziņa"))
    assert "Paraudziņa" not in repr(kept)
    assert "67000001" not in repr(kept)
