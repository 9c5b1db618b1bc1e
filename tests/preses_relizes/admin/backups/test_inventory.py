"""The files of an installation that a backup has."""

from pathlib import Path

import pytest

from preses_relizes.admin.backups.inventory import named_files, own_files


def own(config: Path) -> list[tuple[str, str, str]]:
    return [(file.role, file.key, str(file.path.relative_to(config.parent))) for file in own_files(config)]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("lv.aff", "lv.dic", "own.toml", "best.toml"):
        (tmp_path / name).write_text("")
    path = tmp_path / "config.toml"
    path.write_text('data_dir = "."\n[index]\ndictionary = "lv.aff"\njudged = "nowhere.toml"\n')
    return path


def test_a_dictionary_has_both_of_its_files(config: Path) -> None:
    assert [row for row in own(config) if row[0] == "named"] == [
        ("named", "index.dictionary", "lv.aff"),
        ("named", "index.dictionary", "lv.dic"),
    ]


def test_named_files_need_not_exist(config: Path) -> None:
    assert ("index.judged", config.parent / "nowhere.toml") in list(named_files(config))


def test_the_ledger_of_mails_is_kept_and_what_can_be_rebuilt_is_not(config: Path) -> None:
    for name in ("digest.json", "vocabulary.json"):
        (config.parent / name).write_text("{}")
    assert [row[2] for row in own(config) if row[2].endswith(".json")] == ["digest.json"]


def test_settings_beside_the_store_are_listed_once(config: Path) -> None:
    assert [row[2] for row in own(config) if row[0] != "named"] == ["config.toml", "best.toml", "own.toml"]


def test_each_file_has_its_name_in_a_backup(config: Path) -> None:
    (config.parent / "notes.txt").write_text("")
    (config.parent / "acronyms.tsv").write_text("")
    (config.parent / "folder.tsv").mkdir()
    (config.parent / "crawl.jsonl").write_text("")
    assert [(file.name, file.role) for file in own_files(config)] == [
        ("config.toml", "settings"),
        ("named/index.dictionary/lv.aff", "named"),
        ("named/index.dictionary/lv.dic", "named"),
        ("data/acronyms.tsv", "data"),
        ("data/best.toml", "data"),
        ("data/notes.txt", "data"),
        ("data/own.toml", "data"),
    ]


def test_without_a_data_folder_there_are_the_settings_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("", encoding="utf-8")
    assert [file.name for file in own_files(path)] == ["config.toml"]
    assert [*named_files(path)] == []


def test_settings_of_the_page_name_files_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[index]\nconcepts = "c.txt"\n', encoding="utf-8")
    assert [*named_files(path)] == [("index.concepts", tmp_path / "c.txt")]
