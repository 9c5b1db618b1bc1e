"""Sends mail through the operator's mail server."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from searcher.digest.saved_searches import MailSettings

_CLOSING = 421
"""The code of a server that ends the connection, whatever was asked (RFC 5321, 3.8)."""
TIMEOUT_S = 60.0
"""The longest wait for each answer of the server."""


class MailError(Exception):
    """The server did not accept a mail; the message says why."""

    code: int = 0
    """What the server answered (RFC 5321), if it refused this mail alone; 0 if it takes none or has died."""


class Mailer:
    """Sends mail through the server that *settings* name.

    Raises:
        MailError: the file with the password cannot be read.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._password = ""
        if settings.password_file != Path():
            try:
                self._password = settings.password_file.read_text(encoding="utf-8").strip()
            except OSError as error:
                raise MailError(f"{settings.password_file}: cannot be read: {error.strerror}") from error

    def send(self, message: EmailMessage) -> None:
        """Send *message*; when this returns, the server has accepted it.

        Raises:
            MailError: it did not, or it is not known.
        """
        try:
            server = self._connect()
            try:
                server.send_message(message)
            finally:
                # The server has already accepted or refused the mail, so an error now changes nothing.
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
        except (OSError, smtplib.SMTPException) as error:
            name = f"{self._settings.host}:{self._settings.port}"
            failure = MailError(f"{name}: {_explain(error)}")
            failure.code = _code(error)
            raise failure from error

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)
        try:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _explain(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{to}: {code} {_decode(text)}" for to, (code, text) in error.recipients.items())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decode(error.smtp_error)}"
    return str(error) or type(error).__name__


def _code(error: Exception) -> int:
    """Return with which code the server refused a mail; 0 if it would refuse any other, too."""
    code = 0
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max(refusal for refusal, _ in error.recipients.values())
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
    return 0 if code == _CLOSING else code


def _decode(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
