import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

from searcher.digest.saved_searches import MailSettings
from searcher.digest.smtp import TIMEOUT_S, Mailer, MailError, _explain
from tests.support.mail_server import REFUSED, MailBox, mail_server
from tests.support.serving import free_port


def settings(port: int, **other: object) -> MailSettings:
    values = {"sender": "r@example.lv", "host": "127.0.0.1", "port": port, "security": "none"}
    return MailSettings.model_validate(values | other)


def message(to: str = "a@example.lv") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "r@example.lv", to, "Ziņa", "<x@a.lv>"
    mail.set_content("Drošība")
    return mail


def test_a_mail_is_taken() -> None:
    with mail_server() as box:
        Mailer(settings(box.port)).send(message())
        (mail,) = box.mails
    assert (mail["Subject"], mail.get_content().strip()) == ("Ziņa", "Drošība")


def test_a_login_uses_the_password_of_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("slepens\n", encoding="utf-8")
    with mail_server(password="slepens") as box:
        Mailer(settings(box.port, user="r", password_file=secret)).send(message())
        assert len(box.mails) == 1
        secret.write_text("cits", encoding="utf-8")
        with pytest.raises(MailError, match="535"):
            Mailer(settings(box.port, user="r", password_file=secret)).send(message())
    assert len(box.mails) == 1


def refused(box: MailBox, to: str = "a@example.lv", **other: object) -> str:
    with pytest.raises(MailError) as raised:
        Mailer(settings(box.port, **other)).send(message(to))
    assert box.mails == []
    return str(raised.value)


def test_a_refusal_says_who_and_why() -> None:
    with mail_server() as box:
        assert f"127.0.0.1:{box.port}: {REFUSED}: 550 no such user" in refused(box, REFUSED)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_nothing_is_sent_in_the_clear_if_encryption_is_asked_for(security: str) -> None:
    with mail_server() as box:
        refused(box, security=security)


def test_a_server_that_is_down_and_a_missing_password_are_errors(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="refused"):
        Mailer(settings(free_port())).send(message())
    with pytest.raises(MailError, match="cannot be read"):
        Mailer(settings(1, user="r", password_file=tmp_path / "x"))


def test_a_fault_after_the_mail_was_taken_is_none() -> None:
    with mail_server() as box:

        def break_off(command: str) -> None:
            if command == "QUIT":
                raise OSError("the server stops")

        box.on_command = break_off
        Mailer(settings(box.port)).send(message())
    assert len(box.mails) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            smtplib.SMTPRecipientsRefused({"a@a.lv": (550, b"n\xc4\x81"), "b@b.lv": (551, "no")}),  # type: ignore[dict-item]  # some servers' answers are text
            "a@a.lv: 550 nā; b@b.lv: 551 no",
        ),
        (smtplib.SMTPAuthenticationError(535, b"bad \xff"), "535 bad \N{REPLACEMENT CHARACTER}"),
        (smtplib.SMTPServerDisconnected("closed"), "closed"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_an_error_is_told_in_the_words_of_the_server(error: Exception, told: str) -> None:
    assert _explain(error) == told


def test_without_a_user_there_is_no_login() -> None:
    with mail_server(password="slepens") as box:
        Mailer(settings(box.port)).send(message())
        assert len(box.mails) == 1


def test_an_answer_is_awaited_for_a_minute() -> None:
    assert TIMEOUT_S == 60.0
