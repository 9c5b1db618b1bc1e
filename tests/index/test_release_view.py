from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.store import Attachment, Store
from index.errors import EngineError
from index.release_view import Archive
from tests.index.conftest import SEEN, Save


def test_a_release_has_its_earlier_texts(data: Path, save: Save, store: Store) -> None:
    id_ = save("a", title="Sēde", body="Sāksies 9.00.\n\nNāciet!")
    stored = store.get(id_)
    assert stored is not None
    store.save(replace(stored.release, body="Sāksies 10.00.\n\nNāciet!"), seen=SEEN + timedelta(1))
    archived = Archive(data / "releases.sqlite3").release(id_)
    assert archived is not None
    assert archived.paragraphs == ("Sāksies 10.00.", "Nāciet!")
    (edit,) = archived.revisions
    assert [(change.kind, change.text) for change in edit.changes] == [
        ("kept", "Sēde Sāksies"),
        ("removed", "9.00."),
        ("added", "10.00."),
        ("kept", "Nāciet!"),
    ]


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


def test_without_a_store_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="run `crawl` first"):
        Archive(tmp_path / "releases.sqlite3").release("a")
