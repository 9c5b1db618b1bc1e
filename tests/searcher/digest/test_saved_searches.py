from datetime import date
from pathlib import Path

import pytest

from index.config import ConfigError
from searcher.digest.saved_searches import DigestFile, SavedSearch, load_digest

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
