"""Continues the log: with what a crawl stored, or from an export after a restore. Needs the extra `log`."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.store.history.versions import TextVersion
from crawler.store.log.checkpoint import head_of, signing_key_of, verifier_key_of
from crawler.store.log.log_folder import LogFolder
from crawler.store.log.log_rows import LogRows, Opening, Unlogged
from crawler.store.log.records import (
    NONCE_BYTES,
    LogError,
    TreeHead,
    b64,
    canonical,
    commitment,
    digest_commitment,
    read_from,
    shown_text,
)
from crawler.store.log.tiles import tiles_of, unbundle
from crawler.store.pages import Pages
from crawler.store.releases import Store
from preses_relizes.shared.masking import MASKING

# Versions in one transaction.
_BATCH = 256
_RESUME = "`releases log resume --from EXPORT` reads what it lacks; until then nothing is appended"


def extend(store: Store, folder: LogFolder, *, began: datetime) -> int:
    """Append all versions that are not logged, and publish a checkpoint; return how many leaves it adds.

    The first time, versions older than *began* (UTC) enter as imported. Interrupted, it is to be repeated.

    Raises:
        LogError: the log in the store does not have what was published, as after a restore, or a file of
            the log is not what it should be.
        OSError: one cannot be read or written.
    """
    key = signing_key_of(folder)
    rows, head = LogRows(store), head_of(folder, key.verifier)
    require_past(rows, head)
    if rows.begun() is None:
        rows.begin(began.isoformat())
    unlogged = rows.unlogged(MASKING)
    for start in range(0, len(unlogged), _BATCH):
        with store.transaction():
            _append(store, rows, unlogged[start : start + _BATCH])
    size = rows.size()
    if size > head.size:
        folder.publish(key.sign(size, rows.root(size)))
    return size - head.size


def require_past(rows: LogRows, head: TreeHead) -> None:
    """Check that the log in the store begins with what was published.

    Raises:
        LogError: it does not.
    """
    if (size := rows.size()) < head.size:
        raise LogError(
            f"the log in the store has {size} of the {head.size} leaves that were published; {_RESUME}"
        )
    if rows.root(head.size) != head.root:
        raise LogError("the log in the store is not the one that was published; restore the right backup")


def resume(store: Store, folder: LogFolder, export: Path) -> int:
    """Append the leaves that the log in the folder *export* has beyond those in the store; return how many.

    Raises:
        LogError: the export is of another log, older than what was published last, or not whole.
    """
    verifier, rows = verifier_key_of(folder), LogRows(store)
    with read_from(path := export / "checkpoint"):
        note = path.read_text(encoding="utf-8")
        head = verifier.open(note)
    entries = [*_exported(export, head.size)]
    size = rows.size()
    if entries[:size] != rows.entries(0, head.size):
        raise LogError(f"{export}: has not the leaves of the store; use an export of this log that is newer")
    with store.transaction():
        if size < head.size:
            rows.append(entries[size:])
        if rows.root(head.size) != head.root:
            raise LogError(f"{export}: its leaves are not those of its checkpoint")
        if folder.checkpoint_path.exists():
            require_past(rows, head_of(folder, verifier))
    if not folder.checkpoint_path.exists() or head_of(folder, verifier).size < head.size:
        folder.publish(note)
    return max(0, head.size - size)


def _append(store: Store, rows: LogRows, unlogged: Sequence[Unlogged]) -> None:
    entries: list[bytes] = []
    first, begun = rows.size(), datetime.fromisoformat(rows.begun() or "")
    for one in unlogged:
        version = store.version(one.release, one.version)
        assert version is not None  # noqa: S101 # its row was just read, and this process alone writes
        text = shown_text(version.title, version.lead, version.body)
        known = rows.opening(one.release, one.version)
        if known is not None and rows.commitment(known.position) == commitment(known.nonce, text):
            rows.put(replace(known, masking=MASKING))  # other rules mask this text as before
            continue
        nonce, response_nonce = secrets.token_bytes(NONCE_BYTES), b""
        is_imported = version.stored < begun
        digest = None if is_imported else _response(store, one.url, version)
        fields = _fields(one, version, commitment(nonce, text), is_imported=is_imported)
        if digest is not None:
            response_nonce = secrets.token_bytes(NONCE_BYTES)
            fields["response_commitment"] = b64(digest_commitment(response_nonce, digest))
        rows.put(Opening(one.release, one.version, first + len(entries), nonce, MASKING, response_nonce))
        entries.append(canonical(fields))
    rows.append(entries)


def _fields(
    one: Unlogged, version: TextVersion, commitment_: bytes, *, is_imported: bool
) -> dict[str, str | int]:
    fields: dict[str, str | int | None] = {
        "after": _time(version.after) if version.after else None,
        "commitment": b64(commitment_),
        "imported": True if is_imported else None,
        "kind": version.kind,
        "release": one.release,
        "since": _time(version.since),
        "url": one.address,
        "version": one.version,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _response(store: Store, url: str, version: TextVersion) -> bytes | None:
    """Return the digest of the response from which *version* was read, if it is the last one stored."""
    page = None if version.kind == "withdrawal" else Pages(store).get(url)
    if page is None or not page.body or page.fetched > version.stored:
        return None
    return hashlib.sha256(page.body).digest()


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _exported(export: Path, size: int) -> Iterator[bytes]:
    """Yield the leaves of the log in the folder *export*."""
    for tile in tiles_of(size):
        if tile.level is None:
            try:
                entries = [*unbundle((export / tile.path).read_bytes())]
            except ValueError as error:
                raise LogError(f"{export / tile.path}: {error}") from error
            if len(entries) != tile.width:
                raise LogError(f"{export / tile.path}: has {len(entries)} leaves instead of {tile.width}")
            yield from entries
