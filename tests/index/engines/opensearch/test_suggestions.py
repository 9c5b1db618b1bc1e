"""The data of corrections and completions in a cluster that only keeps what is written."""

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from crawler.store import Store
from index.analysis import Analyzer
from index.config import ClusterSettings
from index.engines.opensearch import suggestions
from index.engines.opensearch.connection import ClusterConnection, RefusedError
from index.engines.opensearch.search import LostSnapshotError
from index.engines.opensearch.suggestions import SuggestionFiles
from index.engines.whoosh.indexer import VOCABULARY, read_meta
from index.errors import EngineError
from tests.index.conftest import SEEN, Save
from tests.support.answering_server import Prepared, answer_with
from tests.support.written_cluster import WrittenCluster

INDEX = "test-files"


@pytest.fixture
def cluster() -> WrittenCluster:
    cluster = WrittenCluster()
    cluster.documents[INDEX] = {}
    return cluster


def files_in(settings: ClusterSettings, folder: Path) -> SuggestionFiles:
    return SuggestionFiles(ClusterConnection(settings), INDEX, folder)


def content_of(folder: Path) -> dict[str, bytes]:
    """Return what is kept of a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(VOCABULARY)}


def kept_in(cluster: WrittenCluster) -> dict[str, bytes]:
    """Return the files in the cluster, after comparing the list of them with their pieces."""
    documents = dict(cluster.documents[INDEX])
    manifest = documents.pop("manifest")
    assert (manifest["file"], manifest["piece"]) == ("manifest", 0)
    files: dict[str, bytes] = {}
    for id_, document in sorted(documents.items(), key=lambda each: (each[1]["file"], each[1]["piece"])):
        assert id_ == f"{document['file']}#{document['piece']}"
        files[document["file"]] = files.get(document["file"], b"") + b64decode(document["content"])
    listed = json.loads(b64decode(manifest["content"]))
    files |= {name: b"" for name, (size, _) in listed.items() if not size}
    assert listed == {name: [len(content), sha256(content).hexdigest()] for name, content in files.items()}
    return files


@pytest.mark.parametrize("piece_bytes", [7_000, 1 << 20])
def test_another_machine_has_the_data_that_one_has_built(
    cluster: WrittenCluster,
    store: Store,
    save: Save,
    analyzer: Analyzer,
    tmp_path: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
    piece_bytes: int,
) -> None:
    monkeypatch.setattr(suggestions, "_PIECE_BYTES", piece_bytes)
    save("a", title="Pensijas palielinās")
    here, there = tmp_path / "here", tmp_path / "there" / "below"
    here.mkdir()
    (here / "left").write_text("from a build before", encoding="utf-8")
    with cluster.serve() as (settings, serving):
        files_in(settings, here).build(store, analyzer)
        assert kept_in(cluster) == content_of(here)
        assert "left" not in content_of(here)
        opened = files_in(settings, there).open(analyzer)
        assert content_of(there) == content_of(here)
        assert [one.word for one in opened.suggester().correct("pensjas")] == ["pensijas"]
        asked = len(serving.requests)
        files_in(settings, there).open(analyzer)
        assert len(serving.requests) == asked + 1  # the list alone
        (path,) = there.glob("*.docs")
        content = path.read_bytes()
        path.write_bytes(content[:-1])
        files_in(settings, there).open(analyzer)
        assert path.read_bytes() == content


def test_an_update_writes_new_files_and_removes_old_ones(
    cluster: WrittenCluster, store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a", title="Pensijas palielinās")
    save("b", title="Nodokļu reforma")
    with cluster.serve() as (settings, _):
        files_in(settings, tmp_path / "here").build(store, analyzer)
        before = kept_in(cluster)
        store.hide("https://iem.example/b", seen=SEEN)
        save("c", title="Robežas žogs")
        files_in(settings, tmp_path / "there").update(store, analyzer)
        after = kept_in(cluster)
        meta = read_meta(tmp_path / "there")
        suggester = files_in(settings, tmp_path / "there").open(analyzer).suggester()
    assert after == content_of(tmp_path / "there")
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert meta is not None
    assert meta["number"] == store.last_number()
    assert [suggester.knows(word) for word in ("pensijas", "reforma", "žogs")] == [True, False, True]


def test_only_the_newest_changes_are_suggested(
    cluster: WrittenCluster,
    store: Store,
    save: Save,
    analyzer: Analyzer,
    tmp_path: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suggestions, "RELEASES_MAX", 2)
    for name, title in (("a", "Pensijas"), ("b", "Reforma"), ("c", "Robeža")):
        save(name, title=title)
    with cluster.serve() as (settings, _):
        files_in(settings, tmp_path / "here").build(store, analyzer)
        suggester = files_in(settings, tmp_path / "here").open(analyzer).suggester()
    assert [suggester.knows(word) for word in ("pensijas", "reforma", "robeža")] == [False, True, True]


def test_data_that_was_not_written_so_is_damage(
    cluster: WrittenCluster, store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a")
    with cluster.serve() as (settings, _):
        files_in(settings, tmp_path / "here").build(store, analyzer)
        (name,) = (name for name in content_of(tmp_path / "here") if name.endswith(".docs"))
        cluster.documents[INDEX][f"{name}#0"]["content"] = b64encode(b"other").decode()
        with pytest.raises(
            EngineError, match=rf"^{INDEX}: {name}: not what was written; run `reindex --full`$"
        ):
            files_in(settings, tmp_path / "there").open(analyzer)
    # Without a table of contents, there is no index that lacks a file.
    assert not [name for name in content_of(tmp_path / "there") if name.endswith((".toc", ".docs"))]


@pytest.mark.parametrize(("status", "error"), [(404, LostSnapshotError), (400, RefusedError)])
def test_a_generation_without_its_data_is_lost(
    analyzer: Analyzer, tmp_path: Path, status: int, error: type[EngineError]
) -> None:
    with answer_with(lambda *_: Prepared(status, b"{}")) as serving:
        settings = ClusterSettings(urls=(serving.url,), prefix="test")
        with pytest.raises(EngineError) as raised:
            files_in(settings, tmp_path / "here").open(analyzer)
    assert type(raised.value) is error
    lacks = f"{INDEX}: lacks its suggestion data; run `reindex --full`"
    assert (str(raised.value) == lacks) == (status == 404)


def test_where_nothing_can_be_written_the_data_is_in_a_temporary_folder(
    cluster: WrittenCluster, store: Store, save: Save, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a", title="Pensijas")
    (tmp_path / "file").write_bytes(b"")
    with cluster.serve() as (settings, _):
        files_in(settings, tmp_path / "here").build(store, analyzer)
        files = files_in(settings, tmp_path / "file" / "below")
        assert files.open(analyzer).suggester().knows("pensijas")
    files._scratch.cleanup()
