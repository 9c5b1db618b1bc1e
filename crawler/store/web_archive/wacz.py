"""Exports stored pages as a WACZ file: a WARC with its index and a list of pages, in one ZIP.

Source: https://specs.webrecorder.net/wacz/1.1.1/. Programs that replay it read only the parts they need.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import IO, BinaryIO
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from crawler.page import Page
from crawler.store.web_archive.warc import LogHeaders, no_headers, payload_digest, write_warc

WARC = "data.warc.gz"
# Lines of the index in a block, which is compressed alone; programs that write WACZ use as many.
BLOCK_LINES = 1024
_WWW = re.compile(r"^www\d*\.")
_ZIP_YEARS = 1980


def write_wacz(
    pages: Iterable[Page],
    out: BinaryIO,
    *,
    created: datetime,
    title_of: Callable[[Page], str],
    headers_of: LogHeaders = no_headers,
) -> int:
    """Write *pages* to *out*; return their number.

    *title_of* returns the title of a page, "" if it has none; *headers_of* is as for ``write_warc``.
    """
    lines: list[str] = []
    listed = [json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"})]

    def note(page: Page, offset: int, length: int) -> None:
        lines.append(_index_line(page, offset, length))
        listed.append(_page_line(page, title_of(page)))

    with ZipFile(out, "w") as archive:
        package = _Package(archive, created)
        with package.add(f"archive/{WARC}", ZIP_STORED) as warc:
            count = write_warc(pages, warc, name=WARC, headers_of=headers_of, on_record=note)
        blocks, index = _compressed_index(sorted(lines))
        package.write("indexes/index.cdx.gz", blocks, ZIP_STORED)
        package.write("indexes/index.idx", index, ZIP_DEFLATED)
        package.write("pages/pages.jsonl", _joined(listed), ZIP_DEFLATED)
        package.close()
    return count


class _Package:
    """The files of a WACZ, of which each is described with its digest."""

    def __init__(self, archive: ZipFile, created: datetime) -> None:
        self._archive, self._created = archive, created.astimezone(UTC)
        self._resources: list[dict[str, str | int]] = []

    @contextmanager
    def add(self, path: str, compression: int) -> Iterator["MeasuredFile"]:
        """Open the file at *path* to write it."""
        with self._archive.open(self._info(path, compression), "w", force_zip64=True) as opened:
            measured = MeasuredFile(opened)
            yield measured
        self._resources.append(
            {
                "name": path.rpartition("/")[2].lower(),
                "path": path,
                "hash": f"sha256:{measured.digest.hexdigest()}",
                "bytes": measured.tell(),
            }
        )

    def write(self, path: str, content: bytes, compression: int) -> None:
        """Write the file at *path*."""
        with self.add(path, compression) as file:
            file.write(content)

    def close(self) -> None:
        """Write the description, and its digest."""
        moment = self._created.strftime("%Y-%m-%dT%H:%M:%SZ")
        about = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "software": f"preses-relizes {version('preses-relizes')}",
            "created": moment,
            "modified": moment,
            "resources": self._resources,
        }
        described = json.dumps(about, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(described).hexdigest()}"}
        self._archive.writestr(self._info("datapackage.json", ZIP_DEFLATED), described)
        self._archive.writestr(
            self._info("datapackage-digest.json", ZIP_DEFLATED), json.dumps(digest, indent=2)
        )

    def _info(self, path: str, compression: int) -> ZipInfo:
        moment = self._created
        info = ZipInfo(path, (max(moment.year, _ZIP_YEARS), *moment.timetuple()[1:6]))
        info.compress_type = compression
        return info


class MeasuredFile:
    """A file that is written through, with the digest and the number of its bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._size = file, 0
        self.digest = sha256()

    def write(self, content: bytes) -> int:
        """Write *content*."""
        self._file.write(content)
        self.digest.update(content)
        self._size += len(content)
        return len(content)

    def tell(self) -> int:
        """Return the number of bytes written."""
        return self._size

    def flush(self) -> None:
        """Do nothing: the ZIP file is written through."""


def _compressed_index(lines: Sequence[str]) -> tuple[bytes, bytes]:
    """Return sorted *lines* as blocks that are compressed one by one, and the list of the blocks."""
    blocks = [_joined(lines[first : first + BLOCK_LINES]) for first in range(0, len(lines), BLOCK_LINES)]
    compressed = [gzip.compress(block, mtime=0) for block in blocks]
    index, offset = ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'], 0
    for block, packed in zip(blocks, compressed, strict=True):
        key = " ".join(block.decode().split(" ", 2)[:2])
        about = {"offset": offset, "length": len(packed), "digest": f"sha256:{sha256(packed).hexdigest()}"}
        index.append(f"{key} {json.dumps({**about, 'filename': 'index.cdx.gz'})}")
        offset += len(packed)
    return b"".join(compressed), _joined(index)


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _index_line(page: Page, offset: int, length: int) -> str:
    """Return the line of a record, as CDXJ: its key, its time, and where it is."""
    about = {
        "url": page.url,
        "mime": page.headers.get("content-type", "").partition(";")[0].strip() or "unk",
        "status": str(page.status),
        "digest": payload_digest(page.body),
        "length": str(length),
        "offset": str(offset),
        "filename": WARC,
    }
    return f"{sort_key(page.url)} {page.fetched.astimezone(UTC):%Y%m%d%H%M%S} {json.dumps(about)}"


def _page_line(page: Page, title: str) -> str:
    moment = page.fetched.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {"id": uuid5(NAMESPACE_URL, f"{moment} {page.url}").hex, "url": page.url, "ts": moment}
    return json.dumps({**about, **({"title": title} if title else {})}, ensure_ascii=False)


def sort_key(url: str) -> str:
    """Return *url* in the order of its parts, as indexes of archives are sorted by it (SURT).

    >>> sort_key("https://www.iem.gov.lv/lv/Jaunums?b=2&a=1")
    'lv,gov,iem)/lv/jaunums?a=1&b=2'
    """
    parts = urlsplit(url.lower())
    host = ",".join(reversed(_WWW.sub("", parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port else ""
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".replace(" ", "%20")
