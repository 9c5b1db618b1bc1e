"""The data of corrections and completions: a small local index of the newest releases, kept in the cluster.

Both need every word within an edit or two, as fast as someone types. So each server has them on its own disk,
in the files of an embedded index; a generation names the files, and the cluster keeps them in pieces.
"""

import json
import os
import shutil
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.store import Store
from index.analysis import Analyzer
from index.engines.opensearch.bulk import Action, BulkWriter
from index.engines.opensearch.connection import ClusterConnection, RefusedError
from index.engines.opensearch.search import LostSnapshotError
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import VOCABULARY, build, read_meta, update
from index.errors import EngineError
from preses_relizes.shared.durable import name_errors

RELEASES_MAX = 100_000
"""The number of newest changes whose words and titles are suggested."""
# A node keeps a piece in memory while it writes it.
_PIECE_BYTES = 1 << 20
_MANIFEST = "manifest"
_NOT_FOUND = 404

_Files = Mapping[str, tuple[int, str]]
"""The files by name: their size in bytes and their SHA-256."""


class SuggestionFiles:
    """The suggestion data of a generation, on this machine in *folder* and in the cluster in *index*."""

    def __init__(self, connection: ClusterConnection, index: str, folder: Path) -> None:
        self._connection, self._index, self._folder = connection, index, folder

    def build(self, store: Store, analyzer: Analyzer) -> None:
        """Make the data from the newest releases of *store*."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        build(self._folder, store, analyzer, since=max(0, store.last_number() - RELEASES_MAX))
        self._upload({})

    def update(self, store: Store, analyzer: Analyzer) -> None:
        """Bring the changes since the last update into the data."""
        before = self._download()
        since = (read_meta(self._folder) or {"number": 0})["number"]
        update(self._folder, store, analyzer, since=since)
        self._upload(before)

    def open(self, analyzer: Analyzer) -> WhooshEngine:
        """Open the data; what this machine lacks is read from the cluster.

        Raises:
            EngineError: there is none, or it is damaged.
        """
        try:
            self._download()
        except OSError:  # a server may not write to the data directory
            self._scratch = TemporaryDirectory(prefix="suggestions-")
            self._folder = Path(self._scratch.name)
            self._download()
        return WhooshEngine(self._folder, analyzer)

    def _upload(self, before: _Files) -> None:
        """Write the files that are new since *before* to the cluster, then their list."""
        files = {
            path.name: (path.stat().st_size, sha256(path.read_bytes()).hexdigest())
            for path in sorted(self._folder.iterdir())
            if path.is_file() and not path.name.startswith(VOCABULARY)
        }
        writer = BulkWriter(self._connection, self._index)
        for name in files.keys() - before.keys():
            writer.write(self._read_pieces(name))
        listed = b64encode(json.dumps(files).encode()).decode()
        self._connection.request(
            "PUT", (self._index, "_doc", _MANIFEST), {"file": _MANIFEST, "piece": 0, "content": listed}
        )
        for name in before.keys() - files.keys():
            count = _pieces_in(before[name][0])
            writer.write(Action(id=f"{name}#{piece}", version=2) for piece in range(count))

    def _read_pieces(self, name: str) -> Iterator[Action]:
        with (self._folder / name).open("rb") as file:
            for piece, content in enumerate(iter(lambda: file.read(_PIECE_BYTES), b"")):
                fields = {"file": name, "piece": piece, "content": b64encode(content).decode()}
                yield Action(id=f"{name}#{piece}", version=1, document=fields)

    def _download(self) -> _Files:
        """Read the files that this machine lacks; return the list of all."""
        files: _Files = json.loads(self._get(_MANIFEST))
        self._folder.mkdir(parents=True, exist_ok=True)
        # The table of contents comes last: an index in the folder is always whole.
        for name in sorted(files, key=lambda name: name.endswith(".toc")):
            size, digest = files[name]
            path = self._folder / name
            if not path.exists() or path.stat().st_size != size:
                self._write(path, size, digest)
        return files

    def _write(self, path: Path, size: int, digest: str) -> None:
        content = b"".join(self._get(f"{path.name}#{piece}") for piece in range(_pieces_in(size)))
        if sha256(content).hexdigest() != digest:
            raise EngineError(f"{self._index}: {path.name}: not what was written; run `reindex --full`")
        # Other servers, and a thread that opens the next state of the generation, may write the same file.
        draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
        with name_errors(draft):
            draft.write_bytes(content)
            draft.replace(path)

    def _get(self, id_: str) -> bytes:
        try:
            answer = self._connection.read("GET", (self._index, "_doc", id_))
        except RefusedError as error:
            if error.status == _NOT_FOUND:
                message = f"{self._index}: lacks its suggestion data; run `reindex --full`"
                raise LostSnapshotError(message) from error
            raise
        return b64decode(answer["_source"]["content"])


def _pieces_in(size: int) -> int:
    return -(-size // _PIECE_BYTES)
