"""The last good response of each URL, compressed: for validators and for `crawl reextract`."""

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
    """The values that show whether a page is unchanged."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    """Digest of the body and of X-Robots-Tag."""
    url: str | None = None
    """The URL that answered."""
    refused_by: str | None = None
    """Fingerprint of the settings by which the page was refused as a release; None: it was not refused."""


NO_VALIDATORS = Validators()


class Pages:
    """Reads and writes the table `page` of *store*."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, url: str, page: Page) -> None:
        """Store *page* as the response of the canonical *url*."""
        self._write(url, page, zlib.compress(page.body))

    def keep_validators(self, url: str, page: Page) -> None:
        """Store only the validators of *page*: it will not be extracted again."""
        self._write(url, page, zlib.compress(b""))

    def keep_refused(self, url: str, page: Page, refused_by: str) -> None:
        """Store only the validators of *page*, which was refused under the fingerprint *refused_by*."""
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

    def hold(self, url: str, page: Page) -> None:
        """Store *page* as what was read for the pending change of the canonical *url*; it ends with that."""
        self._store.execute(
            "INSERT OR REPLACE INTO held_page VALUES (?, ?, ?, ?, ?, ?)",
            url,
            page.url,
            page.fetched.isoformat(),
            page.status,
            json.dumps(dict(page.headers), ensure_ascii=False),
            zlib.compress(page.body),
        )

    def take(self, url: str) -> None:
        """Let the page held for *url* be the stored one; without validators, so that it is fetched again."""
        self._store.execute(
            """INSERT OR REPLACE INTO page (url, answered, fetched, digest, status, headers, body)
               SELECT url, answered, fetched, '', status, headers, body FROM held_page WHERE url = ?""",
            url,
        )

    def forget(self, url: str) -> None:
        """Delete the page of a canonical URL, so that it is fetched and extracted again in any case."""
        self._store.execute("DELETE FROM page WHERE url = ?", url)

    def validators(self, url: str) -> Validators:
        """Return the validators of a canonical URL, empty if no page is stored."""
        rows = self._store.rows(
            "SELECT etag, last_modified, digest, answered, refused_by FROM page WHERE url = ?", url
        )
        if not rows:
            return NO_VALIDATORS
        [(etag, last_modified, digest, answered, refused_by)] = rows
        return Validators(
            etag=etag, last_modified=last_modified, digest=digest, url=answered, refused_by=refused_by
        )

    def get(self, url: str) -> Page | None:
        """Return the page stored for a canonical URL; refused pages are not stored."""
        rows = self._store.rows(f"{_SELECT} WHERE url = ? AND refused_by IS NULL", url)
        if not rows:
            return None
        try:
            return _page(rows[0])
        except (zlib.error, ValueError) as error:
            raise StoreError(
                f"{self._store.path}: the stored page of {url} is damaged; restore the file from a backup"
            ) from error

    def of_site(self, site: str) -> Iterator[Page]:
        """Yield the stored pages of the releases of *site*, by canonical URL."""
        urls = self._store.rows(
            "SELECT url FROM page JOIN frontier USING (url) WHERE site = ? AND kind = 'release' ORDER BY url",
            site,
        )
        for (url,) in urls:
            if page := self.get(url):
                yield page

    def measure(self) -> tuple[int, int]:
        """Return the number of stored pages and the bytes that they take up."""
        return self._measure("")

    def measure_absent(self, *, since: datetime) -> tuple[int, int]:
        """Return the number and bytes of the pages of releases that were gone or hidden by *since*."""
        return self._measure(f"WHERE {_ABSENT}", since.isoformat())

    def forget_absent(self, *, since: datetime) -> None:
        """Delete the pages of releases that were gone or hidden by *since*."""
        self._store.execute(f"DELETE FROM page WHERE {_ABSENT}", since.isoformat())  # noqa: S608 (a constant)

    def _measure(self, condition: str, *values: str) -> tuple[int, int]:
        sql = f"SELECT count(*), coalesce(sum(length(body)), 0) FROM page {condition}"  # noqa: S608 (as above)
        [(count, size)] = self._store.rows(sql, *values)
        return count, size


# Includes every address of a release, since a page is stored under the address that was requested.
_ABSENT = """url IN (
  SELECT url FROM (
    SELECT url, state, changed FROM release
    UNION ALL SELECT alias.url, state, changed FROM alias JOIN release ON release.id = alias.release
  ) WHERE state <> 'present' AND changed <= ?1
)"""
_SELECT = "SELECT url, answered, status, headers, body, fetched FROM page"


def _page(row: tuple[str, str, int, str, bytes, str]) -> Page:
    requested_url, url, status, headers, body, fetched = row
    return Page(
        requested_url=requested_url,
        url=url,
        status=status,
        headers=json.loads(headers),
        body=zlib.decompress(body),
        fetched=datetime.fromisoformat(fetched),
        chain=(requested_url, url),
    )


def digest_of_page(page: Page) -> str:
    """Return the digest of a response; X-Robots-Tag counts, as it may change while the body does not."""
    robots_tag = page.headers.get(ROBOTS_TAG, "")
    return digest_of(page.body + f"\n{robots_tag}".encode() if robots_tag else page.body)


def digest_of(body: bytes) -> str:
    """Return the digest of a body."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
