"""The pages, and what people may try with them."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from index.config import ConfigError
from searcher import create_app
from searcher.subscriptions.keys import ID_BYTES
from tests.support.post_office import DROSIBA, PostOffice, about, link_in, open_folder, post_office, text_of
from tests.support.shelf import BASE_URL, Shelf
from tests.support.stored_release import publish

MANAGE = re.compile(r'name="of" value="([\w-]+)"')
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def rows(office: PostOffice) -> int:
    return int(office.desk.file.rows("SELECT count(*) FROM subscription")[0][0])


def fixed(response: TestResponse) -> tuple[int, str]:
    """Return the status and the page."""
    return response.status_code, response.text


# --- The button and the form ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/?q=drošība&sort=newest&page=1", "search?q=drošība"),
        ("/?q=dro%C5%A1%C4%ABba&from=2024&sort=oldest", "search?q=drošība&from=2024"),
        ("/labojumi", "corrections"),
        ("/labojumi?kind=number", "corrections?kind=number"),
        ("/kalendars?kind=event", "calendar?kind=event"),
        ("/iestades/iem", "search?ministry=Iekšlietu ministrija"),
    ],
)
def test_each_page_has_the_button(office: PostOffice, path: str, to: str) -> None:
    page = office.app.test_client().get(path, follow_redirects=True).text
    (address,) = re.findall(r'href="(/abonet[^"]*)"[^>]*>Abonēt', page)
    form = office.get(unescape(address))
    assert form.status_code == 200
    (hidden,) = re.findall(r'name="about" value="([^"]*)"', form.text)
    found = unescape(hidden).replace("+", " ")
    assert found == quote(to, safe="?=&/ ")


def test_without_the_setting_there_is_neither_button_nor_page(shelf: Shelf) -> None:
    client = create_app(shelf.config).test_client()
    assert "/abonet" not in client.get("/?q=dro%C5%A1%C4%ABba").text
    assert client.get("/abonet?about=search").status_code == 404


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("base_url", "searcher.base_url is empty; mails need it for their links"),
        ("digest.toml", "there is no file {folder}/digest.toml with the mail server"),
        ("subscriptions.key", "{folder}/subscriptions.key: there is no key; `releases init-mail` makes one"),
    ],
)
def test_subscriptions_do_not_start_without_what_they_need(
    shelf: Shelf, tmp_path: Path, missing: str, message: str
) -> None:
    own = open_folder(shelf, tmp_path / "office", 25)
    if missing == "base_url":
        text = own.config.read_text(encoding="utf-8")
        own.config.write_text(re.sub(r"(?m)^base_url = .*$", "", text), encoding="utf-8")
    else:
        own.config.with_name(missing).unlink()
    with pytest.raises(ConfigError) as refused:
        create_app(own.config)
    where = f"{own.config}: searcher.subscriptions.enabled"
    assert str(refused.value) == f"{where}: {message.format(folder=own.config.parent)}"


@pytest.mark.parametrize("home", ["/abonet", "/en/subscribe", "/ru/subscribe"])
@pytest.mark.parametrize(
    "to", ["", "x", "search?sort=no", "search?from=never", "corrections?kind=no", "s" * 9000]
)
def test_what_is_nothing_to_subscribe_to_is_refused(office: PostOffice, home: str, to: str) -> None:
    shown = office.get(f"{home}?about={quote(to)}")
    assert (shown.status_code, 'class="narrow"' in shown.text) == (400, False)
    assert office.ask("a@example.lv", to, path=home).status_code == 400
    assert rows(office) == 0


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.lv",
        "a@b",
        "a b@example.lv",
        "a@example.lv\nBcc: b@example.lv",
        "a@example.lv\r\n\r\nspam",
        "a@example.lv\x00",
        "a@example.lv, b@example.lv",
        "<a@example.lv>",
        '"a b"@example.lv',
        "ā@example.lv",
        "a@exam\u202eple.lv",
        "a@-x.lv",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        ".a@example.lv",
        "a..b@example.lv",
        "a@example.lv" + "x" * 300,
        "x" * 65 + "@example.lv",
        EVIL + "@example.lv",
        "-oQ/tmp/x@example",
    ],
)
def test_what_is_no_address_is_refused_at_its_field_and_kept(office: PostOffice, address: str) -> None:
    answer = office.ask(address, rhythm="weekly")
    assert answer.status_code == 400
    assert 'id="address-error"' in answer.text
    (kept,) = re.findall(r'name="address" value="([^"]*)"', answer.text, re.DOTALL)
    assert unescape(kept) == address
    assert re.search(r'value="weekly" checked', answer.text)
    assert "<script>alert" not in answer.text
    assert rows(office) == 0


def test_an_address_with_letters_in_its_domain_is_taken(office: PostOffice) -> None:
    assert office.ask("a@SĀKUMS.lv ").status_code == 200
    office.run()
    assert [mail["To"] for mail in office.box.mails] == ["a@xn--skums-fwa.lv"]


def test_forms_of_other_sites_are_refused(office: PostOffice) -> None:
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert office.ask("a@example.lv", **headers).status_code == 403
    assert rows(office) == 0
    for headers in ({"Sec-Fetch-Site": "same-origin", "Origin": "http://other"}, {"Origin": BASE_URL}, {}):
        assert office.ask("a@example.lv", **headers).status_code == 200


# --- What a stranger cannot learn or do --------------------------------------------------------------


def test_the_answer_never_tells_whether_an_address_is_known(office: PostOffice) -> None:
    office.subscribe("known@example.lv")
    refuses = office.subscribe("refuses@example.lv")
    office.post(refuses, do="refuse")
    answers = {fixed(office.ask(f"{name}@example.lv")) for name in ("known", "refuses", "new", "new", "a")}
    assert len(answers) == 1
    assert office.run().confirmations == 2  # that to `known` waits for its hour


def test_who_refused_for_ever_is_never_written_to(office: PostOffice) -> None:
    office.ask("a+x@example.lv")
    office.run()
    assert office.post(link_in(office.to("a+x@example.lv")[0]), do="refuse").status_code == 200
    for name in ("a", "A", "a+x", "a+y"):
        office.ask(f"{name}@example.lv", rhythm="daily")
    office.wait(hours=2)
    assert office.run().confirmations == 0
    assert rows(office) == 0


def test_a_mailbox_cannot_be_bombed(office: PostOffice) -> None:
    for n in range(19):
        office.ask(f"a+{n}@example.lv", about("search", q=f"vārds{n}"))
    for _ in range(24):
        office.ask("a+1@example.lv", about("search", q="vārds1"))
        office.run()
        office.wait(hours=1, minutes=1)
    assert len(office.box.mails) <= 5  # of three subscriptions, one of which was asked for again


def test_a_network_and_a_day_have_their_limits(shelf: Shelf, tmp_path: Path) -> None:
    with post_office(shelf, tmp_path / "office", per_network=3, per_day=5) as office:
        client = office.app.test_client()

        def statuses(network: str) -> list[int]:
            return [
                client.post(
                    "/abonet",
                    data={"about": DROSIBA, "address": f"a{n}@example.lv", "rhythm": "daily"},
                    environ_base={"REMOTE_ADDR": f"{network}{n}"},
                ).status_code
                for n in range(1, 5)
            ]

        assert statuses("192.0.2.") == [200, 200, 200, 429]
        assert statuses("2001:db8::") == [200, 200, 429, 429]
        assert len(office.desk.file.rows("SELECT * FROM form")) == 3
        office.wait(days=1)
        office.run()
        assert statuses("192.0.2.") == [200, 200, 200, 429]


def test_an_address_has_only_so_many(shelf: Shelf, tmp_path: Path) -> None:
    with post_office(shelf, tmp_path / "office", per_address=2) as office:
        for n in range(2):
            office.subscribe("a@example.lv", about("search", q=f"vārds{n}"))
            office.wait(hours=2)
        office.ask("a@example.lv")
        assert office.run().confirmations == 0


# --- Links from mails ---------------------------------------------------------------------------------


def test_forged_links_lead_nowhere(office: PostOffice) -> None:
    manage = office.subscribe("a@example.lv")
    token = manage.partition("t=")[2]
    confirmation = link_in(office.to("a@example.lv")[0])
    forged = [
        "",
        "x",
        "ā",
        "=" * 50,
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[ID_BYTES:],
        "A" * len(token),
        confirmation.partition("t=")[2],  # of another use
        token + "AAAA",
    ]
    for one in forged:
        for typed in ({"do": "stop_all"}, {"do": "refuse"}, {"List-Unsubscribe": "One-Click"}):
            assert office.post(f"/abonet/parvaldit?t={quote(one)}", **typed).status_code == 404
        assert office.get(f"/abonet/parvaldit?t={quote(one)}").status_code == 404
    assert office.post(f"/abonet/apstiprinat?t={token}", do="refuse").status_code == 404
    assert rows(office) == 1


def test_a_replayed_confirmation_begins_nothing_again(office: PostOffice) -> None:
    manage = office.subscribe("a@example.lv")
    confirmation = link_in(office.to("a@example.lv")[0])
    office.post(confirmation, do="confirm")
    assert rows(office) == 1
    office.post(manage, do="stop_all")
    for _ in range(2):
        assert office.post(confirmation, do="confirm").status_code == 404
    assert rows(office) == 0


def test_only_the_button_of_a_confirmation_confirms(office: PostOffice) -> None:
    office.ask("a@example.lv")
    office.run()
    link = link_in(office.to("a@example.lv")[0])
    client = office.app.test_client()
    for answer in (client.get(link), client.head(link), client.get(f"{link}&do=confirm")):
        assert answer.status_code == 200
    assert client.post(link).status_code == 400
    assert (
        client.post(link, data={"do": "confirm"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    assert office.desk.file.rows("SELECT count(*) FROM subscription WHERE confirmed IS NOT NULL") == [(0,)]


def test_a_managing_page_shows_what_its_address_has_but_no_address(office: PostOffice) -> None:
    first = office.subscribe("a@example.lv", "search?q=drošība")
    office.wait(hours=2)
    office.subscribe("a@example.lv", "search?q=jūra", rhythm="weekly")
    office.subscribe("b@example.lv", "search?q=diena")
    page = office.get(first).text
    assert "„drošība”" in page
    assert "„jūra”" in page
    assert "diena" not in page.replace("dienā", "")
    assert "example.lv" not in page.replace(BASE_URL, "")
    tokens = MANAGE.findall(page)
    assert "reizi dienā" in office.post(first, do="rhythm", of=tokens[1], rhythm="daily").text
    assert office.desk.file.get(office.desk.keys.read_token("manage", tokens[1]) or b"").rhythm == "daily"  # type: ignore[union-attr]  # it is there
    page = office.post(first, do="stop", of=tokens[0]).text  # goes on by the other one
    assert MANAGE.findall(page) == [tokens[1]]
    assert "ir pārtraukts" in office.post(f"/abonet/parvaldit?t={tokens[1]}", do="stop_all").text
    assert rows(office) == 1


def test_one_click_stops_and_a_second_is_no_error(office: PostOffice) -> None:
    manage = office.subscribe("a@example.lv", path="/en/subscribe")
    client = office.app.test_client()
    for _ in range(2):
        answer = client.post(
            manage, data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
        )
        assert (answer.status_code, answer.text) == (200, "You are not mailed any more.\n")
    assert rows(office) == 0


def test_pages_with_links_are_neither_stored_nor_told_to_others(office: PostOffice) -> None:
    manage = office.subscribe("a@example.lv")
    for path in (manage, "/abonet?about=search"):
        headers = office.get(path).headers
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "same-origin")
    assert f"/en/subscribe/manage?t={manage.partition('t=')[2]}" in office.get(manage).text


# --- The text of a search in pages and mails -----------------------------------------------------------


@pytest.mark.parametrize(
    "q",
    [
        EVIL,
        "{{ 7*7 }}",
        "a\r\nBcc: x@example.lv",
        "lēti http://evil.example/x www.evil.example evil.example",
        "mailto:a@evil.example",
        "\u202eabc\u0000",
        "x" * 400,
    ],
)
def test_a_search_carries_nothing_into_a_mail(office: PostOffice, q: str) -> None:
    answer = office.ask("victim@example.lv", about("search", q=q))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    office.run()
    (mail,) = office.box.mails
    assert {*mail.keys()} == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    text = text_of(mail)
    assert "evil" not in text
    assert "49" not in text.splitlines()[2]
    assert max(map(len, text.splitlines()[:6])) < 200
    page = office.get(link_in(mail)).text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_a_mail_of_news_escapes_the_search(office: PostOffice) -> None:
    office.run()
    office.subscribe("a@example.lv", about("search", q="drošība -<b>x</b>"))
    office.save(publish("jauna", "Drošība 1", "Drošība.", date(2026, 3, 1)))
    office.run()
    (mail,) = office.news_to("a@example.lv")
    assert "<b>x" not in text_of(mail, "html")
    assert "&lt;b&gt;x" in text_of(mail, "html")
