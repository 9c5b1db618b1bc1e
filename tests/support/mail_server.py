"""A real mail server on loopback that keeps what it takes, and may interrupt its client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.serving import free_port

REFUSED = "gone@example.lv"
"""A recipient that the server does not know."""


@dataclass
class MailBox:
    """The mails that a server took, and its address."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    unknown: set[str] = field(default_factory=lambda: {REFUSED})
    """The recipients that the server refuses."""
    refusal: str = "550 no such user"
    """What it says to these, with their address."""
    on_command: Callable[[str], None] = lambda _: None
    """Called with each command of the client, before the server answers it."""

    @property
    def distinct(self) -> dict[str, EmailMessage]:
        """The mails by Message-ID, as mail systems tell them apart."""
        return {mail["Message-ID"]: mail for mail in self.mails}

    # aiosmtpd calls these by their names, with arguments by position.
    async def handle_EHLO(  # noqa: N802 - its name there
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.on_command("EHLO")
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.on_command("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.on_command("RCPT")
        if address in self.unknown:
            return self.refusal.format(address.upper())
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        self.on_command("DATA")
        return "250 taken"

    async def handle_QUIT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        self.on_command("QUIT")
        return "221 bye"


@contextmanager
def mail_server(*, password: str = "") -> Iterator[MailBox]:
    """Run a mail server until the block ends; with a *password*, it takes logins."""
    box = MailBox(free_port())

    def check(*arguments: object) -> AuthResult:
        given = arguments[-1]
        is_right = isinstance(given, LoginPassword) and given.password == password.encode()
        return AuthResult(success=is_right, handled=False)

    options = {"authenticator": check, "auth_require_tls": False} if password else {}
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=120, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
