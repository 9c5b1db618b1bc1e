"""A store that lost its releases does not replace the index."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.store import Store
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.generations import CURRENT
from index.evaluation import LossError, LossGuard
from tests.index.conftest import Save
from tests.support.reindexing import SEEN, fill, remove, report, run, said, shown, use_small_dictionary

pytestmark = pytest.mark.sweep

COUNT = 10


def empty(path: Path) -> None:
    remove(path)
    fill(path, range(0))


def restore_backup(path: Path) -> None:
    """Restore the store from a backup."""
    remove(path)
    fill(path, range(4))


def replace_store(path: Path) -> None:
    """Use another store, whose numbers are higher, so that all releases look new."""
    remove(path)
    fill(path, range(100, 120))


def crawl_anew(path: Path) -> None:
    """Lose the store, and crawl only the newest releases."""
    remove(path)
    fill(path, range(COUNT - 3, COUNT + 6))
    with Store(path) as store:
        for _ in range(8):
            store.hide("https://iem.example/15", seen=SEEN)
            store.unhide("https://iem.example/15", seen=SEEN)


def hide_some(path: Path) -> None:
    with Store(path) as store:
        for number in range(4):
            store.hide(f"https://iem.example/{number}", seen=SEEN)


def mark_some_gone(path: Path) -> None:
    with Store(path) as store:
        for number in range(4):
            stored = store.find(f"https://iem.example/{number}")
            assert stored is not None
            store.mark_gone(stored.id, seen=SEEN)


@pytest.fixture
def data(data: Path) -> Path:
    return use_small_dictionary(data)


@pytest.fixture
def indexed(data: Path) -> Path:
    fill(data / "releases.sqlite3", range(COUNT))
    report(data)
    return data


@pytest.mark.parametrize("arguments", [(), ("--full",)])
@pytest.mark.parametrize(
    "lose", [empty, restore_backup, replace_store, crawl_anew, hide_some, mark_some_gone]
)
def test_a_store_that_lost_many_releases_replaces_the_index_only_on_request(
    indexed: Path, lose: Callable[[Path], None], arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    lose(indexed / "releases.sqlite3")
    result = run(indexed, *arguments)
    assert (result.returncode, len(said(result.stderr))) == (1, 1), result
    assert "--accept-loss" in result.stderr
    assert str(indexed / "releases.sqlite3") in result.stderr
    assert {id_: is_gone for id_, is_gone in shown(indexed).items() if id_ in before} == before
    assert report(indexed, *arguments, "--accept-loss")["did"] in {"updated", "rebuilt"}
    with Store.open_readonly(indexed / "releases.sqlite3") as store:
        states = {
            stored.id: stored.state == "gone" for stored in store.changes_since(0) if stored.state != "hidden"
        }
    assert shown(indexed) == states
    assert run(indexed, "--check").returncode == 0


@pytest.mark.parametrize("lose", [hide_some, mark_some_gone, restore_backup])
def test_the_share_is_configured(indexed: Path, lose: Callable[[Path], None]) -> None:
    with (indexed.parent / "config.toml").open("a", encoding="utf-8") as config:
        config.write("loss_share = 0.6\n")
    lose(indexed / "releases.sqlite3")
    assert report(indexed)["did"] in {"updated", "rebuilt"}


def test_a_store_in_another_order_is_indexed_anew(indexed: Path) -> None:
    remove(indexed / "releases.sqlite3")
    fill(indexed / "releases.sqlite3", range(COUNT + 4, -1, -1))
    assert report(indexed)["because"] == f"the index held {COUNT} releases, the store {COUNT + 5}"
    assert report(indexed)["did"] == "nothing"


def test_one_release_may_be_lost_unless_it_is_the_last(data: Path) -> None:
    fill(data / "releases.sqlite3", range(2))
    report(data)
    for number, status in ((0, 0), (1, 1)):
        with Store(data / "releases.sqlite3") as store:
            store.hide(f"https://iem.example/{number}", seen=SEEN)
        assert run(data).returncode == status


def test_releases_gone_before_are_not_lost_again(indexed: Path) -> None:
    mark_some_gone(indexed / "releases.sqlite3")
    report(indexed, "--accept-loss")
    assert report(indexed, "--full")["documents"] == COUNT
    hide_some(indexed / "releases.sqlite3")
    assert report(indexed)["removed"] == 4


@pytest.mark.parametrize("arguments", [(), ("--full",), ("--accept-loss",), ("--full", "--accept-loss")])
@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100, bytes(8192)])
def test_a_missing_or_invalid_store_ends_the_run_and_the_index_stays(
    indexed: Path, content: bytes | None, arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    remove(indexed / "releases.sqlite3")
    if content is not None:
        (indexed / "releases.sqlite3").write_bytes(content)
    result = run(indexed, *arguments)
    assert (result.returncode, result.stderr.count("\n")) == (4, 1), result.stderr
    assert f"{indexed / 'releases.sqlite3'}: " in result.stderr
    assert shown(indexed) == before


@pytest.mark.parametrize("damaged", ["*/*.docs", "*/_MAIN_*.toc", CURRENT])
def test_a_damaged_index_is_not_replaced_by_an_empty_one(indexed: Path, damaged: str) -> None:
    empty(indexed / "releases.sqlite3")
    (path,) = (indexed / "index").glob(damaged)
    path.write_bytes(path.read_bytes()[:-1])
    result = run(indexed, "--full")
    assert (result.returncode, "--accept-loss" in result.stderr) == (1, True)
    assert report(indexed, "--full", "--accept-loss")["documents"] == 0


@pytest.mark.parametrize(
    ("count", "allowed", "lost", "is_refused"),
    [
        (4, 0.5, "ab", False),
        (4, 0.5, "abc", True),
        (4, 0.74, "abc", True),
        (4, 0.75, "abc", False),
        (4, 0, "", False),
        (4, 0, "a", False),  # a single one is hidden now and then
        (4, 0, "ab", True),
        (1, 0, "a", True),
        (1, 0.9, "a", True),
        (1, 1, "a", False),
        (2, 0, "axyz", False),  # others were not in the index
        (2, 0, "ab", True),
    ],
)
def test_more_than_the_share_may_not_be_lost(
    data: Path,
    save: Save,
    read_only_index: Callable[[], WhooshEngine],
    *,
    count: int,
    allowed: float,
    lost: str,
    is_refused: bool,
) -> None:
    ids = {name: save(name) for name in "abcd"[:count]}
    before = read_only_index()
    guard = LossGuard(store=data / "releases.sqlite3", allowed=allowed)
    absent = [ids.get(name, f"iem-{name}") for name in lost]
    if not is_refused:
        guard.check_update(before, absent)
        return
    with pytest.raises(LossError) as error:
        guard.check_update(before, absent)
    assert str(error.value) == (
        f"{len(lost)} of the {count} releases in the index are missing from {data / 'releases.sqlite3'}, "
        f"hidden or gone, more than index.loss_share = {allowed:g} allows"
    )
