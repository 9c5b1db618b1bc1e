from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.extraction.extractor import BODY_CHARS_MAX
from crawler.store import Attachment, Store, release_id
from crawler.store.history import versions
from index import release_view
from index.errors import EngineError
from index.history import TextHistory
from index.release_view import PARAGRAPHS, REVISIONS, TEXT_CHARS, TITLE_CHARS, URL_CHARS, Archive, DiffCache
from index.revision_diff import DiffChunk, ParagraphDiff, limit_changes
from tests.index.conftest import SEEN, Save
from tests.support.stored_release import publish


def test_a_release_has_its_earlier_texts(data: Path, save: Save, store: Store) -> None:
    id_ = save("a", title="Sēde", body="Sāksies 9.00.\n\nNāciet!")
    stored = store.get(id_)
    assert stored is not None
    store.save(replace(stored.release, body="Sāksies 10.00.\n\nNāciet!"), seen=SEEN + timedelta(1))
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    assert archived.paragraphs == ("Sāksies 10.00.", "Nāciet!")
    (edit,) = archived.revisions
    assert [[(chunk.kind, chunk.text) for chunk in paragraph.chunks] for paragraph in edit.changes or ()] == [
        [("kept", "Sēde")],
        [("kept", "Sāksies"), ("removed", "9.00."), ("added", "10.00.")],
        [("kept", "Nāciet!")],
    ]
    assert (edit.number, edit.count_words("added"), edit.count_words("removed")) == (1, 1, 1)


def test_a_number_with_a_space_is_one_word_of_an_edit(data: Path, save: Save, store: Store) -> None:
    id_ = save("a", title="Sēde", body="Uz mācībām aicinās 1 800 karavīru.")
    stored = store.get(id_)
    assert stored is not None
    store.save(replace(stored.release, body="Uz mācībām aicinās 12 300 karavīru."), seen=SEEN + timedelta(1))
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    (edit,) = archived.revisions
    assert (edit.count_words("added"), edit.count_words("removed")) == (1, 1)


def test_an_edit_can_be_read_alone_by_its_number(data: Path, save: Save, store: Store) -> None:
    id_ = save("a", body="Sāksies 9.00.")
    stored = store.get(id_)
    assert stored is not None
    for day, hour in enumerate((10, 11, 12), 1):
        store.save(replace(stored.release, body=f"Sāksies {hour}.00."), seen=SEEN + timedelta(day))
    archive = Archive(data / "releases.sqlite3")
    archived = archive.edit(id_, 2)
    assert archived is not None
    (edit,) = archived.revisions
    assert (edit.number, edit.until) == (2, SEEN + timedelta(2))
    assert [chunk.text for chunk in (edit.changes or ())[1].chunks] == ["Sāksies", "10.00.", "11.00."]
    assert [archive.edit(id_, number) for number in (0, 4)] == [None, None]


def test_an_edit_names_the_version_that_was_before_it(data: Path, save: Save, store: Store) -> None:
    archive, history = Archive(data / "releases.sqlite3"), TextHistory(data / "releases.sqlite3")
    reread = save("reread", title="reread", body="Pirms.")
    save("reread", title="reread", body="Pēc.")
    stored = store.get(reread)
    assert stored is not None
    store.overwrite(reread, replace(stored.release, body="Pēc, izlasīts labāk."), seen=SEEN + timedelta(1))
    assert store.discard(save("again", title="again", body="Kļūda 404."), since=SEEN)
    again = save("again", title="again", body="Pirms.")
    save("again", title="again", body="Pēc.")
    save("moved", title="moved", body="Pirms.")
    save("moved", title="moved", body="Pēc.")
    successor = save("successor", title="successor", body="Pēc.")
    store.add_addresses(successor, ("https://iem.example/moved",), seen=SEEN + timedelta(2))
    for id_, earlier in ((reread, ["Pirms."]), (again, ["Pirms."]), (successor, ["Pēc.", "Pirms."])):
        archived = archive.release(id_)
        assert archived is not None
        texts = [history.version(edit.release, edit.version) for edit in archived.revisions]
        assert [text and text.paragraphs for text in texts] == [(body,) for body in earlier]


def test_a_release_names_the_institutions_that_published_it_too(data: Path, save: Save, store: Store) -> None:
    id_, other = save("a"), save("b", ministry="Finanšu ministrija", title="Tā pati ziņa")
    for pair in ((id_, other), (other, id_)):
        store.execute("INSERT INTO same VALUES (?, ?)", *pair)
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    assert [(copy.id, copy.ministry) for copy in archived.copies] == [(other, "Finanšu ministrija")]


def test_numbers_are_masked_and_contacts_left_out(data: Path, save: Save, store: Store) -> None:
    stored = store.get(save("a", body="Zvaniet 67000001.", contact="Zita Paraudziņa"))
    assert stored is not None
    file = Attachment(url="https://iem.example/f.pdf", title="Zvaniet 67000001", text="Tālr. 67000001")
    store.save(replace(stored.release, category="Tālr. 67000001", attachments=(file,)), seen=SEEN)
    archived = Archive(data / "releases.sqlite3").release(stored.id)
    assert "67000001" not in repr(archived)
    assert "Paraudziņa" not in repr(archived)


def test_a_missed_release_has_the_day_it_was_missed(data: Path, save: Save, store: Store) -> None:
    id_ = save("a")
    archive = Archive(data / "releases.sqlite3")
    before = archive.release(id_)
    store.miss(id_, seen=SEEN)
    after = archive.release(id_)
    assert before is not None
    assert after is not None
    assert (before.missed, after.missed, after.gone) == (None, SEEN.date(), False)


def test_hidden_and_unknown_releases_are_not_shown(data: Path, save: Save, store: Store) -> None:
    id_ = save("a")
    store.hide("https://iem.example/a", seen=SEEN)
    archive = Archive(data / "releases.sqlite3")
    assert (archive.release(id_), archive.release("nav")) == (None, None)


def test_only_translations_in_the_store_are_linked(data: Path, save: Save, store: Store) -> None:
    english = save("en", title="News", language="en")
    stored = store.get(save("lv", title="Ziņa"))
    assert stored is not None
    urls = ("https://iem.example/en", "https://iem.example/ru")
    store.save(replace(stored.release, translations=urls), seen=SEEN)
    archived = Archive(data / "releases.sqlite3").release(stored.id)
    assert archived is not None
    assert [(other.id, other.language, other.title) for other in archived.translations] == [
        (english, "en", "News")
    ]


@pytest.mark.parametrize("is_hidden", [False, True])
def test_what_was_taken_down_is_not_named_beside_other_releases(
    data: Path, save: Save, store: Store, *, is_hidden: bool
) -> None:
    english, copy = save("en", title="News", language="en"), save("copy", ministry="Finanšu ministrija")
    stored = store.get(save("lv", title="Ziņa"))
    assert stored is not None
    store.save(replace(stored.release, translations=("https://iem.example/en",)), seen=SEEN)
    for pair in ((stored.id, copy), (copy, stored.id)):
        store.execute("INSERT INTO same VALUES (?, ?)", *pair)
    for name in ("en", "copy") if is_hidden else ():
        store.hide(f"https://iem.example/{name}", seen=SEEN)
    archived = Archive(data / "releases.sqlite3").release(stored.id)
    assert archived is not None
    named = [other.id for other in archived.translations] + [other.id for other in archived.copies]
    assert named == ([] if is_hidden else [english, copy])


@pytest.mark.parametrize("before", range(12))
def test_a_number_that_a_limit_cuts_is_masked(data: Path, save: Save, before: int) -> None:
    id_ = save("a", title=f"{'x' * (TITLE_CHARS - before - 1)} 67000001 un vēl")
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    assert len(archived.title) == TITLE_CHARS
    assert not any(map(str.isdecimal, archived.title))


@pytest.mark.parametrize("edits", [1, REVISIONS, REVISIONS + 1, REVISIONS + 5])
def test_the_newest_edits_are_shown_and_older_ones_announced(
    data: Path, save: Save, store: Store, edits: int
) -> None:
    id_ = save("a", body="Redakcija 0.")
    stored = store.get(id_)
    assert stored is not None
    for number in range(1, edits + 1):
        store.save(replace(stored.release, body=f"Redakcija {number}."), seen=SEEN + timedelta(number))
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    assert [edit.number for edit in archived.revisions] == [*range(edits, max(0, edits - REVISIONS), -1)]
    assert archived.has_older is (edits > REVISIONS)


def test_without_a_store_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="run `crawl` first"):
        Archive(tmp_path / "releases.sqlite3").release("a")


def test_the_archive_names_what_came_changed_and_is_absent(data: Path, save: Save, store: Store) -> None:
    shown, hidden = save("a"), save("b")
    store.hide("https://iem.example/b", seen=SEEN)
    archive = Archive(data / "releases.sqlite3")
    assert archive.absent_ids() == {hidden}
    assert archive.histories((shown, hidden)).keys() == {shown}
    assert archive.arrivals(after=0, up_to=9) == {shown: SEEN}


def test_a_missing_store_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        Archive(tmp_path / "releases.sqlite3").absent_ids()


# --- Limits ---


@pytest.mark.parametrize(
    ("lead", "body", "is_cut"),
    [
        ("", "a" * (TEXT_CHARS - 1), False),
        ("", "a" * TEXT_CHARS, True),  # as a crawl cuts it
        ("Ievads", "a" * (TEXT_CHARS - 6), True),
        ("", "a\n\n" * (PARAGRAPHS - 1) + "a", False),
        ("", "a\n\n" * PARAGRAPHS + "a", True),
    ],
)
def test_a_text_with_a_longer_original_says_so(
    data: Path, save: Save, lead: str, body: str, is_cut: bool
) -> None:
    id_ = save("a", lead=lead, body=body)
    archived = Archive(data / "releases.sqlite3").release(id_)
    version = TextHistory(data / "releases.sqlite3").version(id_, 1)
    assert archived is not None
    assert version is not None
    assert (archived.is_cut, version.is_cut) == (is_cut, is_cut)


def test_a_page_shows_as_much_as_a_crawl_keeps() -> None:
    assert TEXT_CHARS == BODY_CHARS_MAX


def test_two_texts_are_compared_once(data: Path, save: Save, store: Store) -> None:
    id_ = save("a", body="Sāksies 9.00.")
    edited(store, id_, "Sāksies 10.00.")
    diffs = DiffCache()
    archived = Archive(data / "releases.sqlite3", diffs).release(id_)
    assert archived is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_view, "diff", lambda *_: pytest.fail("compared again"))
        later = TextHistory(data / "releases.sqlite3", diffs).later_changes(id_, 1)
    assert later is not None
    assert later.changes == archived.revisions[0].changes


def paragraph(*texts: str) -> ParagraphDiff:
    return ParagraphDiff(tuple(DiffChunk("kept", text) for text in texts))


@pytest.mark.parametrize(
    ("chars", "count", "shown"),
    [
        (99, 99, [["abc", "de"], ["fgh"]]),
        (8, 3, [["abc", "de"], ["fgh"]]),
        (7, 99, [["abc", "de"], ["fg…"]]),
        (5, 99, [["abc", "de"]]),
        (4, 99, [["abc", "d…"]]),
        (3, 99, [["abc", "…"]]),
        (2, 99, [["ab…"]]),
        (99, 2, [["abc", "de"]]),
        (99, 1, [["abc"]]),
    ],
)
def test_changes_are_cut_by_characters_and_by_number(chars: int, count: int, shown: list[list[str]]) -> None:
    limited = limit_changes([paragraph("abc", "de"), paragraph("fgh")], chars, count)
    assert [[chunk.text for chunk in one.chunks] for one in limited] == shown


def edited(store: Store, id_: str, *bodies: str) -> None:
    stored = store.get(id_)
    assert stored is not None
    for number, body in enumerate(bodies, 1):
        store.save(replace(stored.release, body=body), seen=SEEN + timedelta(number))


@pytest.mark.parametrize(
    ("name", "limit", "compared"), [("CHANGE_CHARS", 1 << 20, 3), ("CHANGE_CHARS", 1, 1), ("CHANGES", 1, 1)]
)
def test_older_edits_are_not_compared_beyond_the_limit_of_a_page(  # noqa: PLR0917 - fixtures and a row
    data: Path, save: Save, store: Store, name: str, limit: int, compared: int
) -> None:
    id_ = save("a", body="Pirmā redakcija.")
    edited(store, id_, "Otrā redakcija.", "Trešā redakcija.", "Ceturtā redakcija.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release_view, name, limit)
        archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    are_compared = [edit.changes is not None for edit in archived.revisions]
    assert are_compared == [number < compared for number in range(3)]


@pytest.mark.parametrize(("number", "kinds"), [(0, None), (1, "Otrā"), (3, "Ceturtā"), (4, None)])
def test_an_edit_is_found_by_its_number(
    data: Path, save: Save, store: Store, number: int, kinds: str | None
) -> None:
    id_ = save("a", body="Pirmā redakcija.")
    edited(store, id_, "Otrā redakcija.", "Trešā redakcija.", "Ceturtā redakcija.")
    archived = Archive(data / "releases.sqlite3").edit(id_, number)
    added = archived and [
        chunk.text
        for edit in archived.revisions
        for paragraph in edit.changes or ()
        for chunk in paragraph.chunks
        if chunk.kind == "added"
    ]
    assert added == ([kinds] if kinds else None)


def test_lists_of_a_page_are_short(data: Path, save: Save, store: Store) -> None:
    id_ = save("a", body="\n\n".join(f"Rindkopa {number}." for number in range(5)))
    stored = store.get(id_)
    assert stored is not None
    files = [Attachment(url=f"https://iem.example/{number}.pdf", title="x" * 600) for number in range(31)]
    files.insert(0, Attachment(url="https://iem.example/" + "x" * URL_CHARS, title=""))
    store.save(replace(stored.release, attachments=tuple(files)), seen=SEEN + timedelta(1))
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    assert [file.url for file in archived.attachments] == [file.url for file in files[1:31]]
    assert {len(file.title) for file in archived.attachments} == {TITLE_CHARS}
    assert len(archived.paragraphs) == 5
    assert Archive(data / "releases.sqlite3").has(id_)
    assert not Archive(data / "releases.sqlite3").has("nowhere")


def test_a_release_is_found_at_all_its_addresses(data: Path, store: Store) -> None:
    moved, old = "https://iem.example/zinas/x", "https://iem.example/x"
    release = replace(publish("x", "Ziņa", "Teksts."), url=moved)
    store.save(release, seen=SEEN, aliases=(old,))
    archive, id_ = Archive(data / "releases.sqlite3"), release_id("iem", moved)
    pasted = (
        moved,
        "http://www.iem.example/zinas/x/?utm_source=a#top",
        f"{old}?utm_source=a",
        f"https://relizes.example.lv/en/releases/{id_}?q=x",
        f"/releases/{id_}",
    )
    assert [(found := archive.find(url)) and found.id for url in pasted] == [id_] * len(pasted)
    store.hide(moved, seen=SEEN + timedelta(1))
    assert [archive.find(url) for url in (*pasted, "https://iem.example/y", "/releases/x")] == [None] * 7


def test_the_address_of_a_merged_release_is_that_of_the_one_in_its_place(data: Path, store: Store) -> None:
    first, second = (
        replace(publish(name, "Ziņa", f"{name} teksts."), url=f"https://iem.example/{name}")
        for name in ("a", "b")
    )
    for release in (first, second):
        store.save(release, seen=SEEN)
    ids = [release_id("iem", release.url) for release in (first, second)]
    store.add_addresses(ids[1], (first.url,), seen=SEEN + timedelta(1))
    archive = Archive(data / "releases.sqlite3")
    for url in (first.url, second.url, *(f"/releases/{id_}" for id_ in ids)):
        found = archive.find(url)
        assert found is not None
        assert found.id == ids[1]


def test_an_edit_between_texts_that_are_not_kept_has_no_changes(
    data: Path, save: Save, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "FIRST_KEPT", 2)
    monkeypatch.setattr(versions, "LAST_KEPT", 2)
    stored = store.get(save("a", body="Skatīts 0 reizes."))
    assert stored is not None
    for number in range(1, 6):
        text = replace(stored.release, body=f"Skatīts {number} reizes.")
        store.save(text, seen=SEEN + timedelta(number))
    archived = Archive(data / "releases.sqlite3").release(stored.id)
    assert archived is not None
    # Of six versions the third and the fourth have no text.
    assert [(edit.number, edit.changes is None) for edit in archived.revisions] == [
        (5, False),
        (4, True),
        (3, True),
        (2, True),
        (1, False),
    ]
