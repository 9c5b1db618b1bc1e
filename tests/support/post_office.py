"""An installation that anyone may subscribe to by mail, with a real mail server and a clock of its own."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

from flask_openapi.openapi import OpenAPI
from werkzeug.test import TestResponse

from crawler.store import Release, Store
from searcher import create_app
from searcher.digest import Mailer, load_digest
from searcher.service import Service
from searcher.subscriptions import Desk, MailRound, RoundReport, make_key
from tests.support.mail_server import MailBox, mail_server
from tests.support.shelf import BASE_URL, Shelf, index

MONDAY = datetime(2026, 3, 9, 4, tzinfo=UTC)
"""6:00 in Riga."""
DROSIBA = "search?q=drošība"
_LINK = re.compile(rf"{re.escape(BASE_URL)}(/\S+\?t=[\w-]+)")


@dataclass
class PostOffice:
    """The installation, and the mails that its server took."""

    shelf: Shelf
    app: OpenAPI
    box: MailBox
    now: datetime = MONDAY
    reports: list[RoundReport] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        desk = self.app.extensions["subscriptions"]
        assert isinstance(desk, Desk)
        return desk

    @property
    def service(self) -> Service:
        service = self.app.extensions["service"]
        assert isinstance(service, Service)
        return service

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def save(self, *releases: Release) -> None:
        """Store and index *releases* as a crawl of now does."""
        with Store(self.shelf.store) as store:
            for release in releases:
                store.save(release, seen=self.now)
        index(self.shelf.config)

    def ask(
        self,
        address: str,
        about: str = DROSIBA,
        rhythm: str = "at_once",
        path: str = "/abonet",
        **headers: str,
    ) -> TestResponse:
        typed = {"about": about, "address": address, "rhythm": rhythm}
        return self.app.test_client().post(path, data=typed, headers=headers)

    def post(self, path: str, **typed: str) -> TestResponse:
        return self.app.test_client().post(path, data=typed)

    def get(self, path: str) -> TestResponse:
        return self.app.test_client().get(path)

    def run(self, port: int | None = None) -> RoundReport:
        """Run a round of mails now."""
        settings = load_digest(self.desk.mail_path).mail
        if port:
            settings = settings.model_copy(update={"port": port})
        sending = MailRound(
            app=self.app,
            service=self.service,
            desk=self.desk,
            mailer=Mailer(settings),
            sender=settings.sender,
        )
        self.reports.append(sending.run())
        return self.reports[-1]

    def subscribe(
        self, address: str, about: str = DROSIBA, rhythm: str = "at_once", path: str = "/abonet"
    ) -> str:
        """Subscribe and confirm; return the path of the managing page."""
        assert self.ask(address, about, rhythm, path).status_code == 200
        self.run()
        confirmation = link_in(self.to(address)[-1])
        confirmed = self.post(confirmation, do="confirm")
        found = re.search(r'href="(/[^"]+\?t=[\w-]+)">(?:Mainīt|Change|Изменить)', confirmed.text)
        assert found, confirmed.text
        return found[1]

    def to(self, address: str) -> list[EmailMessage]:
        """Return the distinct mails to *address*, in order."""
        return [mail for mail in self.box.distinct.values() if mail["To"] == address]

    def news_to(self, address: str) -> list[EmailMessage]:
        """Return the mails to *address* that are no requests to confirm."""
        return [mail for mail in self.to(address) if mail["List-Unsubscribe"]]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """Return the path of the last link with a token."""
    return _LINK.findall(text_of(mail))[-1]


def about(kind: str, **named: str) -> str:
    return f"{kind}?{urlencode(named)}"


def open_folder(shelf: Shelf, folder: Path, port: int, **chosen: object) -> Shelf:
    """Copy *shelf* to *folder* and let anyone subscribe there; *chosen* are settings of that."""
    own = Shelf(folder / "config.toml", shelf.ids)
    shutil.copytree(shelf.config.parent, folder)
    allow_subscriptions(own.config, port, **chosen)
    return own


def allow_subscriptions(config: Path, port: int, **chosen: object) -> None:
    """Let anyone subscribe to the installation of *config*; its mails go to a *port* of this machine."""
    folder = config.parent
    settings = "".join(f"{name} = {value}\n" for name, value in chosen.items())
    with config.open("a", encoding="utf-8") as file:
        file.write(f"[searcher.subscriptions]\nenabled = true\n{settings}")
    (folder / "digest.toml").write_text(
        f'[mail]\nsender = "relizes@example.lv"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n',
        encoding="utf-8",
    )
    make_key(folder / "subscriptions.key")


def make_links(config: Path) -> tuple[str, str]:
    """Return the paths of a page that confirms a subscription, and of one that manages others."""
    app = create_app(config)
    desk = app.extensions["subscriptions"]
    for word in ("drošība", "jūra", "diena"):
        typed = {"about": about("search", q=word), "address": "a@example.lv", "rhythm": "daily"}
        assert app.test_client().post("/abonet", data=typed).status_code == 200
    ids = [row[0] for row in desk.file.rows("SELECT id FROM subscription")]
    for id_ in ids[1:]:
        desk.file.confirm(id_, now=desk.now)
    confirm, manage = desk.keys.token("confirm", ids[0]), desk.keys.token("manage", ids[1])
    return f"/abonet/apstiprinat?t={confirm}", f"/abonet/parvaldit?t={manage}"


@contextmanager
def post_office(shelf: Shelf, folder: Path, **chosen: object) -> Iterator[PostOffice]:
    """Open the office in *folder* over a copy of *shelf*."""
    with mail_server() as box:
        own = open_folder(shelf, folder, box.port, **chosen)
        office = PostOffice(own, create_app(own.config), box)
        desk = replace(
            office.desk,
            clock=lambda: office.now.timestamp(),  # noqa: PLW0108 - the time goes on
        )
        office.app.extensions["subscriptions"] = desk
        yield office
