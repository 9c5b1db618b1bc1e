import pytest

from crawler.store.log.merkle import inclusion_proof, leaf_hash, root_of
from crawler.store.log.tiles import Tile, bundle, is_in, parse_path, subtree_of, tiles_of, unbundle
from tests.support.logs import plain_proof, plain_root, tile_bytes

PATHS = [
    (Tile(0, 0), "tile/0/000"),
    (Tile(0, 1234067), "tile/0/x001/x234/067"),
    (Tile(1, 999, 17), "tile/1/999.p/17"),
    (Tile(1, 1000), "tile/1/x001/000"),
    (Tile(63, 0, 255), "tile/63/000.p/255"),
    (Tile(None, 273, 112), "tile/entries/273.p/112"),
]
NO_PATHS = [
    "tile/0/0",
    "tile/0/1000",
    "tile/0/x000/001",
    "tile/0/x001/x002",
    "tile/00/000",
    "tile/64/000",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000/",
    "tile/entries/../000",
    "tile/0/٠٠٠",
    "checkpoint",
]


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_a_tile_has_the_path_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@pytest.mark.parametrize("path", NO_PATHS)
def test_no_other_path_is_a_tile(path: str) -> None:
    assert parse_path(path) is None


def test_a_tree_has_the_tiles_that_the_specification_counts() -> None:
    tiles = [*tiles_of(70_000)]
    of_level = [[tile for tile in tiles if tile.level == level] for level in (0, 1, 2, None)]
    assert [len(level) for level in of_level] == [274, 2, 1, 274]
    assert [level[-1].width for level in of_level] == [112, 17, 1, 112]
    assert all(is_in(tile, 70_000) for tile in tiles)


def test_a_full_tile_has_a_hash_in_the_level_above() -> None:
    assert [*tiles_of(256)] == [Tile(0, 0), Tile(None, 0), Tile(1, 0, 1)]
    assert [*tiles_of(0)] == []


@pytest.mark.parametrize("tile", [Tile(0, 0, 101), Tile(0, 1, 1), Tile(1, 0, 1), Tile(None, 0)])
def test_a_tree_has_no_more_than_its_leaves(tile: Tile) -> None:
    assert not is_in(tile, 100)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_root_and_proofs_come_from_tiles_alone(size: int) -> None:
    entries = [number.to_bytes(4) for number in range(size)]
    hashes = [*map(leaf_hash, entries)]
    content = {(tile.level, tile.number): tile_bytes(entries, tile) for tile in tiles_of(size)}
    subtree = subtree_of(lambda level, number: content[level, number])
    assert root_of(size, subtree) == plain_root(hashes)
    for index in {0, size // 2, size - 1}:
        assert inclusion_proof(index, size, subtree) == plain_proof(index, hashes)


def test_a_bundle_gives_its_entries_back() -> None:
    entries = [b"a", b"", b"x" * 65_535]
    assert bundle(entries[:1]) == b"\x00\x01a"
    assert [*unbundle(bundle(entries))] == entries
    with pytest.raises(ValueError, match="cut short"):
        [*unbundle(bundle(entries)[:-1])]
