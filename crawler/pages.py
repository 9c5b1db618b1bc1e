"""The last good answer of every URL, compressed: what `If-None-Match` names and `crawl --stored` reads."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page as the site last sent it."""

    asked: str
    """The URL asked."""
    url: str
    """The URL that answered."""
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What tells an unchanged page from a changed one."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    """Of the body."""
    url: str | None = None
    """Which answered."""


NO_VALIDATORS = Validators()


class Pages:
    """The kept pages, in the file of *store*."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, page: KeptPage) -> None:
        """Keep *page* in place of what its URL answered before."""
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    page.asked,
                    page.url,
                    page.fetched.isoformat(),
                    page.headers.get("etag"),
                    page.headers.get("last-modified"),
                    digest_of(page.body),
                    page.status,
                    json.dumps(dict(page.headers), ensure_ascii=False),
                    zlib.compress(page.body),
                ),
            )

    def forget(self, asked: str) -> None:
        """Drop the page of a URL, so that it is read anew whatever the site says of changes."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM page WHERE url = ?", (asked,))

    def validators(self, asked: str) -> Validators:
        """Return what the page of a URL can be told by; nothing where none is kept."""
        rows = self._store.rows("SELECT etag, last_modified, digest, answered FROM page WHERE url = ?", asked)
        if not rows:
            return NO_VALIDATORS
        [(etag, last_modified, digest, url)] = rows
        return Validators(etag=etag, last_modified=last_modified, digest=digest, url=url)

    def of_site(self, site: str) -> Iterator[KeptPage]:
        """Yield the kept pages of the releases of *site*, by URL."""
        asked = ""
        next_page = """SELECT page.url, answered, status, headers, body, fetched
                       FROM page JOIN frontier USING (url)
                       WHERE site = ? AND kind = 'release' AND page.url > ? ORDER BY page.url LIMIT 1"""
        while rows := self._store.rows(next_page, site, asked):
            [(asked, url, status, headers, body, fetched)] = rows
            yield KeptPage(
                asked=asked,
                url=url,
                status=status,
                headers=json.loads(headers),
                body=zlib.decompress(body),
                fetched=datetime.fromisoformat(fetched),
            )


def digest_of(body: bytes) -> str:
    """Return what tells two bodies apart."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
