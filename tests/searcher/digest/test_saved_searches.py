from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.config import ConfigError
from searcher.digest.saved_searches import (
    RECIPIENTS_MAX,
    SEARCHES_MAX,
    DigestFile,
    MailSettings,
    SavedSearch,
    Subscription,
    load_digest,
)

MAIL = '[mail]\nsender = "relizes@example.lv"\nhost = "smtp.example.lv"\n'
SEARCH = '[[search]]\nname = "Budžets"\naddress = "/?q=budžets"\nto = ["a@example.lv"]\n'


def search(address: str, *to: str) -> SavedSearch:
    return SavedSearch(name="x", address=address, to=to or ("a@example.lv",))


@pytest.mark.parametrize(
    ("address", "language"),
    [
        ("https://relizes.example.lv/?q=jūra", "lv"),
        ("https://relizes.example.lv/en/?q=jūra", "en"),
        ("https://example.lv/relizes/ru/?q=j%C5%ABra", "ru"),
        ("/en/?q=jūra", "en"),
        ("q=jūra", "lv"),
        ("?q=jūra&page=2&sort=oldest&per_page=50&explain=true", "lv"),
    ],
)
def test_the_address_of_a_result_page_is_a_search(address: str, language: str) -> None:
    saved = search(address)
    assert (saved.params.q, saved.params.sort, saved.params.page) == ("jūra", "newest", 1)
    assert saved.language == language
    assert saved.query == (("q", "jūra"), ("sort", "newest"))


def test_filters_are_part_of_a_search() -> None:
    params = search("/?q=a&ministry=FM&from=2019&has=edited").params
    assert (params.ministry, params.from_, params.has) == (["FM"], date(2019, 1, 1), ["edited"])


def test_a_search_that_is_not_corrected_stays_so() -> None:
    assert search("/?q=budzjets&verbatim=true").params.verbatim
    assert not search("/?q=budzjets").params.verbatim


def test_two_spellings_of_a_search_are_one_subscription() -> None:
    file = DigestFile.model_validate(
        {
            "mail": {"sender": "r@a.lv", "host": "a.lv"},
            "search": [
                {"name": "x", "address": "/?q=a&to=2019-12-31", "to": ["a@a.lv", "b@a.lv"]},
                {"name": "y", "address": "/?to=2019&q=+a", "to": ["a@a.lv"]},
            ],
        }
    )
    assert [one.recipient for one in file.subscriptions()] == ["a@a.lv", "b@a.lv"]


def test_a_password_file_is_found_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "digest.toml"
    path.write_text(f'{MAIL}password_file = "secret"\n{SEARCH}', encoding="utf-8")
    assert load_digest(path).mail.password_file == tmp_path / "secret"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SEARCH, "mail: Field required"),
        (MAIL + SEARCH.replace("q=", "query="), "search.0.address: query: no such parameter"),
        (MAIL + SEARCH.replace("q=budžets", "from=nekad"), "search.0.address: from: not a date"),
        (MAIL + SEARCH.replace("a@example.lv", "Jānis <a@example.lv>"), "search.0.to.0: "),
        (MAIL + SEARCH.replace("Budžets", r"Budžets\nBcc: x@example.lv"), "search.0.name: "),
        (MAIL.replace("relizes@example.lv", r"a@a.lv\r\nBcc: x@a.lv"), "mail.sender: "),
        (MAIL + 'security = "ssl"\n', "mail.security: "),
        (MAIL + "retries = 3\n", "mail.retries: unknown key"),
        ("[mail", "not a TOML file"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "digest.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_digest(path)
    assert f"{path}: {message}" in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_digest(tmp_path / "digest.toml")


@pytest.mark.parametrize(
    "address",
    [
        "/?q=a&colour=",
        "/?q=a&from=nekad",
        "/?q=a&q=b",
    ],
)
def test_a_parameter_that_no_page_takes_is_refused_even_if_it_is_empty(address: str) -> None:
    with pytest.raises(ValidationError):
        search(address)


def test_what_is_typed_verbatim_stays_so() -> None:
    assert search("/?q=a&verbatim=true").params.verbatim is True
    assert search("/?q=a").params.verbatim is False
    assert search("/?q=a&verbatim=true").query == (("q", "a"), ("sort", "newest"), ("verbatim", "true"))


def test_every_filter_and_nothing_of_the_page_is_kept() -> None:
    saved = search("/?q=a&ministry=B&category=C&language=lv&has=gone&from=2019&to=2020&page=3&per_page=20")
    assert saved.query == (
        ("q", "a"),
        ("ministry", "B"),
        ("category", "C"),
        ("language", "lv"),
        ("has", "gone"),
        ("from", "2019"),
        ("to", "2020"),
        ("sort", "newest"),
    )


def test_the_key_of_a_subscription_is_recipient_language_and_search() -> None:
    saved = search("https://a.lv/en/?q=jūra")
    assert Subscription(saved, "a@b.lv").key == "a@b.lv en?q=j%C5%ABra&sort=newest"


def test_the_server_of_mail_has_defaults() -> None:
    mail = MailSettings.model_validate({"sender": "r@a.lv", "host": "a.lv"})
    assert (mail.port, mail.security, mail.user, mail.password_file) == (587, "starttls", "", Path())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("port", 0),
        ("port", 65_536),
        ("user", "x" * 201),
        ("host", "a b"),
        ("host", ""),
        ("host", "a" * 254),
        ("sender", "a" * 250 + "@b.lv"),
        ("sender", "a"),
    ],
)
def test_a_value_of_the_server_beyond_its_bounds_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        MailSettings.model_validate({"sender": "r@a.lv", "host": "a.lv", key: value})


@pytest.mark.parametrize(("key", "value"), [("port", 1), ("port", 65_535), ("user", "x" * 200)])
def test_a_value_of_the_server_may_reach_its_bounds(key: str, value: object) -> None:
    assert (
        getattr(MailSettings.model_validate({"sender": "r@a.lv", "host": "a.lv", key: value}), key) == value
    )


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_a_search_has_as_many_recipients_as_allowed(more: int, *, is_taken: bool) -> None:
    to = tuple(f"a{number}@b.lv" for number in range(RECIPIENTS_MAX + more))
    if is_taken:
        assert len(search("/?q=a", *to).to) == RECIPIENTS_MAX == 100
    else:
        with pytest.raises(ValidationError):
            search("/?q=a", *to)
    with pytest.raises(ValidationError):
        SavedSearch(name="x", address="/?q=a", to=())


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_a_file_has_as_many_searches_as_allowed(more: int, *, is_taken: bool) -> None:
    one = {"name": "x", "address": "/?q=a", "to": ["a@a.lv"]}
    content = {"mail": {"sender": "r@a.lv", "host": "a.lv"}, "search": [one] * (SEARCHES_MAX + more)}
    if is_taken:
        assert len([*DigestFile.model_validate(content).subscriptions()]) == 1
        assert SEARCHES_MAX == 1_000
    else:
        with pytest.raises(ValidationError):
            DigestFile.model_validate(content)


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_a_file_may_have_a_million_bytes(tmp_path: Path, more: int, *, is_taken: bool) -> None:
    path = tmp_path / "digest.toml"
    path.write_bytes((MAIL + SEARCH).encode().ljust(1_000_000 + more, b"\n"))
    if is_taken:
        assert load_digest(path).mail.password_file == Path()
    else:
        with pytest.raises(ConfigError, match=r"digest\.toml: longer than 1,000,000 bytes$"):
            load_digest(path)
