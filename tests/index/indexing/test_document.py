from datetime import date
from pathlib import Path

import pytest

from crawler.store import Attachment, Store, release_id
from index.analysis import Analyzer, Pieces, TokenColumns
from index.analysis.forms import FIELD_END, TERM_END
from index.codec import create_in
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.schema import schema
from index.indexing import Document, split_categories
from index.indexing.document import _TYPES, attachment_types
from index.layout import LAYOUT, PART_RANGE
from index.query import BY_NAME, parse
from index.suggest import suggester_data
from tests.index.conftest import SEEN, Save
from tests.support.stored_release import publish


def document(store: Store, id_: str) -> Document:
    stored = store.get(id_)
    assert stored is not None
    return Document.of(stored)


def exact(tokens: TokenColumns | Pieces) -> list[str]:
    """Return the words of a part as written, with the other terms at their positions."""
    if isinstance(tokens, TokenColumns):
        return [" ".join(forms.exact) for forms in tokens.forms]
    read = tokens.reader.tokens(tokens.text)
    return [packed.decode().split(FIELD_END)[2].replace(TERM_END, " ") for _, _, packed in read]


def test_no_phrase_matches_across_parts() -> None:
    for name, layout in LAYOUT.items():
        first, end = PART_RANGE[name]
        assert first == layout.base
        assert end - (layout.base + layout.room) > 99


def test_a_stream_has_every_part_and_the_day(store: Store, save: Save, analyzer: Analyzer) -> None:
    id_ = save("a", title="Viens", lead="Divi", body="Trīs četri", published=date(2017, 11, 27))
    parts = document(store, id_).stream(analyzer)
    written = {part.base: exact(part.tokens) for part in parts}
    assert written[0] == ["viens"]
    assert written[LAYOUT["date"].base] == ["27.11.2017 2017", "27", "novembris"]
    assert written[LAYOUT["body"].base] == ["trīs", "četri"]


def test_words_beyond_the_room_of_a_part_are_left_out(store: Store, save: Save, analyzer: Analyzer) -> None:
    id_ = save("a", title="vārds " * 2_000)
    title = document(store, id_).stream(analyzer)[0]
    assert len(exact(title.tokens)) == LAYOUT["title"].room


def test_the_contact_block_is_left_out(store: Store, save: Save) -> None:
    kept = document(store, save("a", body="Zvaniet 67000001.", contact="Zita Paraudziņa"))
    assert "Paraudziņa" not in repr(kept)
    assert "67000001" not in repr(kept)


@pytest.mark.parametrize(
    "more",
    [
        {},
        # As stored in older indexes.
        {
            "published": date(2017, 11, 27),
            "gone": False,
            "edited": False,
            "translations": (),
            "attachment": "",
        },
    ],
)
def test_empty_fields_are_not_stored_but_shown_as_empty(
    store: Store, save: Save, analyzer: Analyzer, tmp_path: Path, more: dict[str, object]
) -> None:
    kept = document(store, save("a", title="Budget", published=date(2017, 11, 27)))
    fields = kept.fields()
    assert set(fields["shown"]) == {"url", "site", "ministry", "language", "title"}
    fields["shown"] |= more
    folder = tmp_path / "index"
    folder.mkdir()
    writer = create_in(folder, schema()).writer(on_new_segment=suggester_data.write)
    writer.update_analysed(kept.stream(analyzer), **fields)
    writer.commit()
    [hit] = WhooshEngine(folder).search(parse("budget", analyzer=analyzer, today=SEEN.date())).hits
    assert (hit.published, hit.gone, hit.edited, hit.translations) == (date(2017, 11, 27), False, False, ())
    assert not hit.machine_translated


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("", ()),
        ("Statistika", ("Statistika",)),
        ("State Defence, NATO", ("State Defence", "NATO")),
        ("Izglītība, zinātne un kultūra", ("Izglītība, zinātne un kultūra",)),
        ("Новости,  Оборона, новости", ("Новости", "Оборона, новости")),
        ("NATO, NATO", ("NATO",)),
        ("izglītība, zinātne", ("izglītība, zinātne",)),
        (", izglītība,, Drošība, ", ("izglītība", "Drošība")),
        (" ", ()),
        (f"Drošība, {'A' * 81}", ("Drošība",)),
    ],
)
def test_several_categories_are_told_from_one_with_a_comma(text: str, categories: tuple[str, ...]) -> None:
    assert split_categories(text) == categories


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("A" * 80, ("A" * 80,)),
        ("A" * 81, ()),
        ("A, B, C, D, E", tuple("ABCDE")),
        ("A, B, C, D, E, F", tuple("ABCDE")),
        (f"A, {'B' * 81}, C, D, E, F", tuple("ACDEF")),
    ],
)
def test_categories_are_few_and_short(text: str, categories: tuple[str, ...]) -> None:
    assert split_categories(text) == categories


@pytest.mark.parametrize(
    ("url", "title", "type_"),
    [
        ("https://x.lv/a/plans.pdf", "Plāns", "pdf"),
        ("https://x.lv/a/PLANS.PDF?v=2#page=3", "Plāns", "pdf"),
        ("https://x.lv/a.doc", "", "docx"),
        ("https://x.lv/a.csv", "Dati.pdf", "xlsx"),
        ("https://x.lv/a.ppsx", "", "pptx"),
        ("https://x.lv/a.asice", "", "edoc"),
        ("https://x.lv/a.jpeg", "", "image"),
        ("https://x.lv/media/7/download", "plans_2020.xls", "xlsx"),
        ("https://x.lv/media/7/download?attachment", "Plāns (PDF)", "pdf"),
        ("https://x.lv/media/7/download", "Plāns, PDF.", "pdf"),
        ("https://x.lv/media/7/download", "Par PDF failiem", "other"),
        ("https://x.lv/a.zip", "Plāns", "other"),
        ("https://x.lv/pdf.aspx?name=a.pdf", "", "other"),
        ("https://x.lv/", "", "other"),
    ],
)
def test_the_type_of_an_attachment_is_read_from_its_address_or_title(
    url: str, title: str, type_: str
) -> None:
    assert attachment_types([Attachment(url=url, title=title)]) == (type_,)


def test_each_type_of_attachment_is_named_once_and_is_declared(store: Store, save: Save) -> None:
    names = ("b.png", "a.pdf", "c.gif", "d.zip", "e.pdf")
    attachments = tuple(Attachment(url=f"https://x.lv/{name}", title="") for name in names)
    assert attachment_types(attachments) == ("image", "other", "pdf")
    assert {*_TYPES.values(), "other"} == {*BY_NAME["attachment_type"].keys}
    release = publish("a", "Plāni", "Pieci pielikumi.", attachments=attachments)
    store.save(release, seen=SEEN)
    fields = document(store, release_id(release.site, release.url)).fields()
    assert fields["attachment_types"] == b"image\nother\npdf"
    assert document(store, save("b")).fields()["attachment_types"] == b""
