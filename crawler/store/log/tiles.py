"""The files of a log by C2SP tlog-tiles: which there are for a size, and where."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.store.log.merkle import HASH_BYTES, Subtree, root_of_hashes

WIDTH = 256
"""Hashes in a full tile, and entries in a full bundle."""
_HEIGHT = 8  # levels of the tree in a tile

_PATH = re.compile(
    r"tile/(?:(?P<level>0|[1-5]?[1-9]|[1-5]0|6[0-3])|entries)"
    r"/(?P<number>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A file of a log: hashes of one level, or a bundle of entries."""

    level: int | None
    """The hashes are of subtrees of 256**level leaves; None: a bundle."""
    number: int
    """Counted from 0 in its level."""
    width: int = WIDTH
    """Hashes or entries in it; fewer than 256 only in the last tile of a level."""

    @property
    def is_full(self) -> bool:
        """Whether it never gets more."""
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """The path of the file below the address of the log."""
        kind = "entries" if self.level is None else str(self.level)
        suffix = "" if self.is_full else f".p/{self.width}"
        return f"tile/{kind}/{_number_path(self.number)}{suffix}"


def parse_path(path: str) -> Tile | None:
    """Return the tile at *path*; None if no log has such a path.

    >>> parse_path("tile/0/x001/234.p/9")
    Tile(level=0, number=1234, width=9)
    """
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    number = int(found["number"].replace("x", "").replace("/", ""))
    tile = Tile(None if found["level"] is None else int(found["level"]), number, int(found["width"] or WIDTH))
    return tile if tile.path == path else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield the tiles and bundles of a tree of *size* leaves."""
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        for kind in (level, None) if level == 0 else (level,):
            yield from (Tile(kind, number) for number in range(full))
            if rest:
                yield Tile(kind, full, rest)
        size, level = full, level + 1


def is_in(tile: Tile, size: int) -> bool:
    """Whether a tree of *size* leaves has the hashes or entries of *tile*."""
    return tile.number * WIDTH + tile.width <= size >> _HEIGHT * (tile.level or 0)


def subtree_of(read: Callable[[int, int], bytes]) -> Subtree:
    """Return the subtrees of the tree whose tiles *read* returns by level and number."""

    def subtree(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, _HEIGHT)
        number, place = divmod(index << height, WIDTH)
        return root_of_hashes(split(read(tile_level, number))[place : place + (1 << height)])

    return subtree


def split(tile: bytes) -> list[bytes]:
    """Return the hashes in the bytes of a tile."""
    return [tile[start : start + HASH_BYTES] for start in range(0, len(tile), HASH_BYTES)]


def bundle(entries: list[bytes]) -> bytes:
    """Return the bytes of a bundle: *entries*, each after its length as two bytes, the higher first."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unbundle(content: bytes) -> Iterator[bytes]:
    """Yield the entries of a bundle.

    Raises:
        ValueError: it is cut short.
    """
    while content:
        end = 2 + int.from_bytes(content[:2])
        if len(content) < end:
            raise ValueError("a bundle of entries is cut short")
        yield content[2:end]
        content = content[end:]


def _number_path(number: int) -> str:
    """Return the path of a tile's number.

    >>> _number_path(1234067)
    'x001/x234/067'
    """
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
