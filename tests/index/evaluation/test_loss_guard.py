"""A store that lost its releases never takes the index with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.store import Store
from index.engines.whoosh.generations import CURRENT
from tests.support.reindexing import SEEN, fill, remove, report, run, shown, use_small_dictionary

COUNT = 10


def emptied(path: Path) -> None:
    remove(path)
    fill(path, range(0))


def older(path: Path) -> None:
    """As restored from a backup."""
    remove(path)
    fill(path, range(4))


def another(path: Path) -> None:
    """Its numbers are higher, so all looks like news."""
    remove(path)
    fill(path, range(100, 120))


def crawled_anew(path: Path) -> None:
    """A crawl that found but the newest, after the store was lost."""
    remove(path)
    fill(path, range(COUNT - 3, COUNT + 6))
    with Store(path) as store:
        for _ in range(8):
            store.hide("https://iem.example/15", seen=SEEN)
            store.unhide("https://iem.example/15", seen=SEEN)


def hidden(path: Path) -> None:
    with Store(path) as store:
        for number in range(4):
            store.hide(f"https://iem.example/{number}", seen=SEEN)


def gone(path: Path) -> None:
    with Store(path) as store:
        for number in range(4):
            found = store.find(f"https://iem.example/{number}")
            assert found is not None
            store.mark_gone(found.id, seen=SEEN)


@pytest.fixture
def data(data: Path) -> Path:
    return use_small_dictionary(data)


@pytest.fixture
def indexed(data: Path) -> Path:
    fill(data / "releases.sqlite3", range(COUNT))
    report(data)
    return data


@pytest.mark.parametrize("arguments", [(), ("--full",)])
@pytest.mark.parametrize("lose", [emptied, older, another, crawled_anew, hidden, gone])
def test_a_store_that_lost_much_does_not_replace_the_index_without_a_word(
    indexed: Path, lose: Callable[[Path], None], arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    lose(indexed / "releases.sqlite3")
    refused = run(indexed, *arguments)
    assert (refused.returncode, refused.stderr.strip().count("\n") <= 1) == (1, True), refused
    assert "--accept-loss" in refused.stderr
    assert str(indexed / "releases.sqlite3") in refused.stderr
    assert {id_: is_gone for id_, is_gone in shown(indexed).items() if id_ in before} == before
    assert report(indexed, *arguments, "--accept-loss")["did"] in {"updated", "rebuilt"}
    with Store.open_readonly(indexed / "releases.sqlite3") as store:
        states = {one.id: one.state == "gone" for one in store.changes_since(0) if one.state != "hidden"}
    assert shown(indexed) == states
    assert run(indexed, "--check").returncode == 0


@pytest.mark.parametrize("lose", [hidden, gone, older])
def test_the_share_is_configured(indexed: Path, lose: Callable[[Path], None]) -> None:
    with (indexed.parent / "config.toml").open("a", encoding="utf-8") as config:
        config.write("loss_share = 0.6\n")
    lose(indexed / "releases.sqlite3")
    assert report(indexed)["did"] in {"updated", "rebuilt"}


def test_a_store_in_another_order_is_indexed_whole(indexed: Path) -> None:
    remove(indexed / "releases.sqlite3")
    fill(indexed / "releases.sqlite3", range(COUNT + 4, -1, -1))
    assert report(indexed)["because"] == f"the index held {COUNT} releases, the store {COUNT + 5}"
    assert report(indexed)["did"] == "nothing"


def test_one_release_may_go_however_few_there_are_but_not_the_last(data: Path) -> None:
    fill(data / "releases.sqlite3", range(2))
    report(data)
    for number, status in ((0, 0), (1, 1)):
        with Store(data / "releases.sqlite3") as store:
            store.hide(f"https://iem.example/{number}", seen=SEEN)
        assert run(data).returncode == status


def test_what_was_gone_before_is_not_lost_again(indexed: Path) -> None:
    gone(indexed / "releases.sqlite3")
    report(indexed, "--accept-loss")
    assert report(indexed, "--full")["documents"] == COUNT
    hidden(indexed / "releases.sqlite3")
    assert report(indexed)["removed"] == 4


@pytest.mark.parametrize("arguments", [(), ("--full",), ("--accept-loss",), ("--full", "--accept-loss")])
@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100, bytes(8192)])
def test_a_store_that_is_missing_or_none_ends_it_and_the_index_stays(
    indexed: Path, content: bytes | None, arguments: tuple[str, ...]
) -> None:
    before = shown(indexed)
    remove(indexed / "releases.sqlite3")
    if content is not None:
        (indexed / "releases.sqlite3").write_bytes(content)
    done = run(indexed, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
    assert f"{indexed / 'releases.sqlite3'}: " in done.stderr
    assert shown(indexed) == before


@pytest.mark.parametrize("damaged", ["*/*.docs", "*/*.toc", CURRENT])
def test_a_damaged_index_is_not_replaced_by_an_empty_one(indexed: Path, damaged: str) -> None:
    emptied(indexed / "releases.sqlite3")
    (path,) = (indexed / "index").glob(damaged)
    path.write_bytes(path.read_bytes()[:-1])
    done = run(indexed, "--full")
    assert (done.returncode, "--accept-loss" in done.stderr) == (1, True)
    assert report(indexed, "--full", "--accept-loss")["documents"] == 0
