import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from crawler.store import Release, Store
from searcher import create_app
from searcher.digest.ledger import Ledger
from searcher.service import Service
from tests.support.mail_server import MailBox, mail_server
from tests.support.shelf import Shelf, index


@dataclass(frozen=True)
class Desk:
    """An installation whose releases a test may change, and a mail server."""

    shelf: Shelf
    app: Flask
    box: MailBox

    @property
    def service(self) -> Service:
        service = self.app.extensions["service"]
        assert isinstance(service, Service)
        return service

    def ledger(self) -> Ledger:
        return Ledger(self.shelf.store.with_name("digest.json"))

    def save(self, *releases: Release, seen: datetime | None = None) -> None:
        """Store and index *releases* as a crawl of now does."""
        with Store(self.shelf.store) as store:
            for release in releases:
                store.save(release, seen=seen or datetime.now(UTC))
        index(self.shelf.config)

    def hide(self, url: str) -> None:
        with Store(self.shelf.store) as store:
            store.hide(url, seen=datetime.now(UTC))


@pytest.fixture
def desk(shelf: Shelf, tmp_path: Path) -> Iterator[Desk]:
    own = Shelf(tmp_path / "own" / "config.toml", shelf.ids)
    shutil.copytree(shelf.config.parent, own.config.parent)
    with mail_server() as box:
        yield Desk(own, create_app(own.config), box)
