"""All releases as files of open data: NDJSON, CSV, SQLite, Parquet, a DCAT-AP description, checksums."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import tee
from pathlib import Path

import msgspec
from pydantic import Field

from crawler.store import Store, cluster_ministries, shown_structure
from index.indexing.document import Document
from index.register import registered_lines
from index.results import ListedRelease
from preses_relizes.admin.backups.backup_file import sha256_of
from preses_relizes.admin.publication.tables import MissingDuckDBError, write_parquet, written_to_sqlite
from preses_relizes.shared.durable import put_in_place
from searcher.exports import ExportedRelease, StructureAnswer, csv_lines, json_lines
from searcher.exports.dcat import Dump, DumpFile, describe_dump
from searcher.register.register_rows import FollowerRow

NDJSON, CSV, MENTIONS = "releases.ndjson", "releases.csv", "mentions.ndjson"
SQLITE, PARQUET = "releases.sqlite3", "releases.parquet"
DCAT, SUMS = "dcat.jsonld", "SHA256SUMS"
LOG = "log"
_MENTIONS_SCHEMA = (
    "One JSON object on each line: who and what a release mentions, who says what, what falls due and what "
    "followed; places are characters of its lead and body with an empty line between."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The publisher of a dump, as configured."""

    name: str
    contact: str
    page: str


class DumpedRelease(ExportedRelease):
    """A release as a row of a dump."""

    structure: StructureAnswer | None = Field(
        description="What the characters of lead and text were on the page; null: not known."
    )


@dataclass(slots=True)
class DumpScope:
    """The scope of the rows of a dump; filled in while they are written."""

    releases: int = 0
    languages: set[str] = field(default_factory=set)
    first: date | None = None
    last: date | None = None

    def add(self, row: ExportedRelease) -> None:
        """Count *row*."""
        self.releases += 1
        self.languages.add(row.language)
        if row.published:
            self.first = min(self.first or row.published, row.published)
            self.last = max(self.last or row.published, row.published)


def write_dump(
    store: Store, folder: Path, *, address: str, licence: str, publisher: "Publisher"
) -> DumpScope:
    """Write the dump of *store* to *folder*, where it replaces the one before, the checksums last.

    A log of versions that is in *folder* gets checksums, too.

    Raises:
        ConfigError, EngineError: names or register are not as they must be.
        OSError: a file cannot be written.
        StoreError: the store is damaged.
    """
    scope = DumpScope()
    _write_rows(store, folder, scope)
    _write_mentions(store, folder)
    has_parquet = _write_parquet(folder)
    files = [
        _file(folder, NDJSON, "application/x-ndjson", "JSON", "One JSON object on each line, with the text."),
        _file(folder, CSV, "text/csv", "CSV", "UTF-8 with a header, without the text."),
        _file(folder, MENTIONS, "application/x-ndjson", "JSON", _MENTIONS_SCHEMA),
        # The vocabulary has no name for SQLite.
        _file(folder, SQLITE, "application/vnd.sqlite3", "BIN", "The table releases, with the text."),
    ]
    if has_parquet:
        files.append(_file(folder, PARQUET, "application/vnd.apache.parquet", "PARQUET", "With the text."))
    dump = Dump(
        address=address,
        publisher=publisher.name,
        contact=publisher.contact,
        page=publisher.page,
        licence=licence,
        made=datetime.now(UTC),
        languages=frozenset(scope.languages),
        first=scope.first,
        last=scope.last,
    )
    described = json.dumps(describe_dump(dump, files), ensure_ascii=False, indent=2)
    _draft(folder, DCAT).write_text(f"{described}\n", encoding="utf-8")
    sums = [(file.sha256, file.name) for file in files] + [(sha256_of(_draft(folder, DCAT)), DCAT)]
    sums += _sums_of_log(folder)
    _draft(folder, SUMS).write_text("".join(f"{digest}  {name}\n" for digest, name in sums), encoding="utf-8")
    for name in (*(file.name for file in files), DCAT, SUMS):
        put_in_place(_draft(folder, name), folder / name)
    if not has_parquet:  # an earlier export may have had it
        (folder / PARQUET).unlink(missing_ok=True)
    return scope


def _sums_of_log(folder: Path) -> list[tuple[str, str]]:
    """Return the checksums and paths of the files of the log, if there is one in *folder*."""
    files = sorted(path for path in (folder / LOG).rglob("*") if path.is_file() and path.suffix != ".draft")
    return [(sha256_of(path), path.relative_to(folder).as_posix()) for path in files]


def _write_rows(store: Store, folder: Path, scope: DumpScope) -> None:
    for_json, for_csv, for_sqlite = tee(_rows(store, scope), 3)
    table, inserts = csv_lines(for_csv), written_to_sqlite(for_sqlite, _draft(folder, SQLITE))
    with (
        _draft(folder, NDJSON).open("w", encoding="utf-8", newline="") as lines,
        _draft(folder, CSV).open("w", encoding="utf-8", newline="") as cells,
    ):
        cells.write(next(table))  # the header
        for line, row, _ in zip(json_lines(for_json), table, inserts, strict=True):
            lines.write(line)
            cells.write(row)


def _write_parquet(folder: Path) -> bool:
    """Write the Parquet file from that of lines of JSON; return whether that is possible here."""
    try:
        write_parquet(_draft(folder, NDJSON), _draft(folder, PARQUET))
    except MissingDuckDBError:
        return False
    return True


def _write_mentions(store: Store, folder: Path) -> None:
    with _draft(folder, MENTIONS).open("w", encoding="utf-8", newline="") as lines:
        for line, found, followers in registered_lines(store):
            row = {"id": line.id, **msgspec.to_builtins(found)}
            for due, follower in zip(row["due"], followers, strict=True):
                due["followed_by"] = follower and FollowerRow.of(follower).model_dump(mode="json")
            lines.write(f"{json.dumps(row, ensure_ascii=False, sort_keys=False)}\n")


def _rows(store: Store, scope: DumpScope) -> Iterator[DumpedRelease]:
    ministries = cluster_ministries(store)
    written = set()  # a crawl may change a release meanwhile, which is then read again
    for stored in store.changes_since(0):
        if stored.state == "hidden" or stored.id in written:
            continue
        written.add(stored.id)
        document = Document.of(stored)
        listed = ExportedRelease.of(_listed(document, ministries.get(document.cluster, frozenset())))
        structure = shown_structure(stored.release.structure, document.lead, document.body)
        row = DumpedRelease.model_construct(**dict(listed), structure=StructureAnswer.of(structure))
        scope.add(row)
        yield row


def _listed(document: Document, ministries: frozenset[str]) -> ListedRelease:
    return ListedRelease(
        id=document.id,
        url=document.url,
        title=document.title,
        lead=document.lead,
        body=document.body,
        published=document.published,
        site=document.site,
        ministry=document.ministry,
        language=document.language,
        also_published_by=tuple(sorted(ministries - {document.ministry})),
        gone=document.gone,
        edited=document.edited,
        machine_translated=document.machine_translated,
    )


def _draft(folder: Path, name: str) -> Path:
    return folder / f"{name}.draft"


def _file(folder: Path, name: str, mime_type: str, file_type: str, schema: str) -> DumpFile:
    path = _draft(folder, name)
    return DumpFile(
        name=name,
        bytes=path.stat().st_size,
        sha256=sha256_of(path),
        mime_type=mime_type,
        file_type=file_type,
        schema=schema,
    )
