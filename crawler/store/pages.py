"""The last good answer of every URL, compressed: what `If-None-Match` names and `crawl reextract` reads."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.page import ROBOTS_TAG, Page
from crawler.store.database import StoreError
from crawler.store.releases import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What tells an unchanged page from a changed one."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    """Of the body and of what X-Robots-Tag says beside it."""
    url: str | None = None
    """Which answered."""
    refused_by: str | None = None
    """What the page was read by and found to be no release; None: it was not refused."""


NO_VALIDATORS = Validators()


class Pages:
    """The kept pages, in the file of *store*."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, url: str, page: Page) -> None:
        """Keep *page* in place of what the canonical *url* answered before."""
        self._write(url, page, zlib.compress(page.body))

    def keep_validators(self, url: str, page: Page) -> None:
        """Keep of *page* only what it can be told by: it will not be read again."""
        self._write(url, page, zlib.compress(b""))

    def keep_refused(self, url: str, page: Page, refused_by: str) -> None:
        """Keep of *page*, which is no release as read by *refused_by*, what it can be told by."""
        self._write(url, page, zlib.compress(b""), refused_by)

    def _write(self, url: str, page: Page, compressed: bytes, refused_by: str | None = None) -> None:
        self._store.execute(
            """INSERT OR REPLACE INTO page
                 (url, answered, fetched, etag, last_modified, digest, status, headers, body, refused_by)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            url,
            page.url,
            page.fetched.isoformat(),
            page.headers.get("etag"),
            page.headers.get("last-modified"),
            digest_of_page(page),
            page.status,
            json.dumps(dict(page.headers), ensure_ascii=False),
            compressed,
            refused_by,
        )

    def forget(self, url: str) -> None:
        """Drop the page of a canonical URL, so that it is read anew whatever the site says of changes."""
        self._store.execute("DELETE FROM page WHERE url = ?", url)

    def validators(self, url: str) -> Validators:
        """Return what the page of a canonical URL can be told by; nothing where none is kept."""
        rows = self._store.rows(
            "SELECT etag, last_modified, digest, answered, refused_by FROM page WHERE url = ?", url
        )
        if not rows:
            return NO_VALIDATORS
        [(etag, last_modified, digest, answered, refused_by)] = rows
        return Validators(
            etag=etag, last_modified=last_modified, digest=digest, url=answered, refused_by=refused_by
        )

    def kept(self, url: str) -> Page | None:
        """Return the page kept of a canonical URL; none is kept of what was refused."""
        rows = self._store.rows(f"{_KEPT} WHERE url = ? AND refused_by IS NULL", url)
        if not rows:
            return None
        try:
            return _page(rows[0])
        except (zlib.error, ValueError) as error:
            raise StoreError(
                f"{self._store.path}: the page kept of {url} is damaged; restore the file from a backup"
            ) from error

    def of_site(self, site: str) -> Iterator[Page]:
        """Yield the kept pages of the releases of *site*, asked by their canonical URLs."""
        urls = self._store.rows(
            "SELECT url FROM page JOIN frontier USING (url) WHERE site = ? AND kind = 'release' ORDER BY url",
            site,
        )
        for (url,) in urls:
            if page := self.kept(url):
                yield page


_KEPT = "SELECT url, answered, status, headers, body, fetched FROM page"


def _page(row: tuple[str, str, int, str, bytes, str]) -> Page:
    asked, url, status, headers, body, fetched = row
    return Page(
        asked=asked,
        url=url,
        status=status,
        headers=json.loads(headers),
        body=zlib.decompress(body),
        fetched=datetime.fromisoformat(fetched),
        chain=(asked, url),
    )


def digest_of_page(page: Page) -> str:
    """Return what tells two answers apart: the header X-Robots-Tag changes where no word of the page does."""
    robots_tag = page.headers.get(ROBOTS_TAG, "")
    return digest_of(page.body + f"\n{robots_tag}".encode() if robots_tag else page.body)


def digest_of(body: bytes) -> str:
    """Return what tells two bodies apart."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
