"""Damage to any file of an index is reported by `reindex --check`, and no search answers from it.

The test damages a sample of files; `python -m tests.index.engines.whoosh.test_damaged_index` damages 300.
"""

import random
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.testing import CliRunner

from crawler.store import Store
from index.engines.whoosh.live_engine import LiveEngine
from index.errors import EngineError
from index.query import Everything, Query
from index.reindex import UNSOUND, app
from index.results import Hit
from tests.support.merging_index import NEW, prepare, reindex, save

pytestmark = pytest.mark.sweep

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)
PAGE = 4096


def damage(whole: bytes, rng: random.Random) -> bytes:
    """Return *whole* with a flipped bit, a zeroed page, its end cut off, or zeros appended."""
    at = rng.randrange(len(whole))
    page = at - at % PAGE
    after = whole[page + PAGE :]
    return rng.choice(
        (
            whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :],
            whole[:page] + bytes(len(whole) - page - len(after)) + after,
            whole[:at],
            whole + bytes(rng.choice((1, PAGE))),
        )
    )


def hits(folder: Path) -> tuple[Hit, ...]:
    return LiveEngine(folder / "data" / "index").search(EVERYTHING).hits


def find_unnoticed(folder: Path, times: int) -> Iterator[str]:
    """Damage files of an index *times* times; yield a message for each unnoticed or unhandled damage."""
    prepare(folder)
    CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--full"])
    with Store(folder / "data" / "releases.sqlite3") as store:
        save(store, 1, "Vēlreiz labota ziņa")
    reindex(folder)
    root = folder / "data" / "index"
    current = root / (root / "CURRENT").read_text().split()[0]
    files = [root / "CURRENT", *(path for path in current.iterdir() if path.stat().st_size)]
    expected = hits(folder)
    rng = random.Random(11)
    for number in range(times):
        path = files[number % len(files)]
        whole = path.read_bytes()
        path.write_bytes(damage(whole, rng))
        if path.read_bytes() != whole:
            yield from _check_noticed(folder, expected, f"{path.name}, {number}")
        path.write_bytes(whole)
    assert CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--check"]).exit_code == 0


def _check_noticed(folder: Path, expected: tuple[Hit, ...], name: str) -> Iterator[str]:
    result = CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--check"])
    if (result.exit_code, "run `reindex" in result.output) != (UNSOUND, True):
        yield f"{name}: {result.exit_code} {result.exception!r} {result.output}"
    try:
        shown = hits(folder)
    except EngineError:
        return
    if shown != expected:
        yield f"{name}: found {shown}"


def test_damage_is_reported_and_never_answered_from(tmp_path: Path) -> None:
    assert list(find_unnoticed(tmp_path / "index", 60)) == []


@pytest.mark.parametrize(("kind", "other"), [*permutations((".docs", ".posts", ".hints"), 2)])
def test_swapped_files_of_a_segment_are_reported_and_repaired(tmp_path: Path, kind: str, other: str) -> None:
    folder = tmp_path / "index"
    prepare(folder)
    right = hits(folder)
    path = next((folder / "data" / "index").glob(f"*/*{kind}"))
    path.write_bytes(path.with_suffix(other).read_bytes())
    assert list(_check_noticed(folder, right, path.name)) == []
    full = CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--full"])
    assert (full.exit_code, len(hits(folder))) == (0, 9)


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize(
    "kind", ["CURRENT", "*/*.toc", "*/*.docs", "*/*.posts", "*/*.hints", "*/vocabulary*"]
)
def test_a_reindex_names_damage_and_changes_nothing(tmp_path: Path, kind: str, changed: bool) -> None:
    folder = tmp_path / "index"
    prepare(folder)  # the next commit merges
    if not changed:
        reindex(folder)
    index = folder / "data" / "index"
    files = {path: path.read_bytes() for path in sorted(index.glob("**/*")) if path.is_file()}
    (path, *_) = sorted(index.glob(kind))
    for content in (
        files[path][:-1],
        files[path] + b"\0",
        bytes([*files[path][:64], 1, *files[path][65:]]),
        None,
    ):
        path.unlink() if content is None else path.write_bytes(content)
        if content is None and kind in {"CURRENT", "*/*.toc", "*/vocabulary*"}:
            continue  # as if there were no index, or no cached words
        result = CliRunner().invoke(app, ["--config", str(folder / "config.toml")])
        assert (result.exit_code, result.output.count("\n")) == (UNSOUND, 1), result.output
        assert str(path) in result.output
        assert "run `reindex --full`" in result.output
        left = {file for file in index.glob("**/*") if file.is_file()} - {index / "reindex.lock"}
        assert left | {path} == files.keys() - {index / "reindex.lock"} | {path}
    full = CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--full"])
    assert full.exit_code == 0, full.output
    assert {hit.title.text for hit in hits(folder)} == NEW


def test_a_removed_index_is_rebuilt(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    prepare(folder)
    for path in (folder / "data" / "index").glob("*/*.toc"):
        path.unlink()
    reindex(folder)
    assert {hit.title.text for hit in hits(folder)} == NEW


@pytest.mark.parametrize("kind", ["*.docs", "*.posts"])
def test_a_damaged_index_is_not_rolled_back_to(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "index"
    prepare(folder)
    reindex(folder)
    CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--full"])
    oldest = min((folder / "data" / "index").glob("[0-9]*"))
    (path, *_) = sorted(oldest.glob(kind))
    whole = path.read_bytes()
    path.write_bytes(bytes([*whole[:64], whole[64] ^ 1, *whole[65:]]))
    result = CliRunner().invoke(app, ["--config", str(folder / "config.toml"), "--rollback"])
    assert (result.exit_code, str(path) in result.output) == (UNSOUND, True), result.output


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        missed = list(find_unnoticed(Path(scratch) / "index", 300))
    print("\n".join(missed) or "all 300 were noticed")
