"""`releases init-mail` and `releases mail` with a real mail server."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.post_office import PostOffice, post_office
from tests.support.releases_command import run
from tests.support.shelf import Shelf, build_shelf

PROGRAM = Path(sys.executable).parent / "releases"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return build_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def office(shelf: Shelf, tmp_path: Path) -> Iterator[PostOffice]:
    with post_office(shelf, tmp_path / "office", per_network=10_000) as opened:
        yield opened


def arguments(office: PostOffice) -> tuple[str, ...]:
    return ("mail", "--config", str(office.shelf.config), "--at", office.now.isoformat())


def test_a_round_is_reported_without_a_word_of_who_is_mailed(office: PostOffice) -> None:
    office.ask("a@example.lv")
    done = run(*arguments(office), "--json")
    assert (done.exit_code, json.loads(done.output)["confirmations"]) == (0, 1)
    assert run(*arguments(office)).output.startswith("news 0, confirmations 0, mails 0, refused 0")
    office.ask("b@example.lv")
    office.box.unknown.add("b@example.lv")
    refused = run(*arguments(office))
    assert (refused.exit_code, "refused 1" in refused.output) == (0, True)
    assert "example.lv" not in done.output + refused.output


def test_a_server_that_is_down_is_an_exit_code(office: PostOffice) -> None:
    file = office.desk.mail_path
    file.write_text(file.read_text().replace(f"port = {office.box.port}", "port = 1"), encoding="utf-8")
    for n in range(3):
        office.ask(f"a{n}@example.lv")
    done = run(*arguments(office))
    assert (done.exit_code, "NOT SENT: 127.0.0.1:1: " in done.output) == (1, True)


def test_a_second_round_waits_for_its_turn(office: PostOffice) -> None:
    with FileLock(office.shelf.store.with_name("mail.lock")):
        second = run(*arguments(office))
    assert (second.exit_code, "held by another `releases mail`" in second.output) == (3, True)


@pytest.mark.parametrize("at", ["x", "2026-03-01", "2026-03-01T07:00", "9" * 99])
def test_a_time_needs_its_zone(office: PostOffice, at: str) -> None:
    done = run("mail", "--config", str(office.shelf.config), "--at", at)
    assert (done.exit_code, "not a time with its zone" in done.output) == (2, True)


def test_the_key_is_made_once(shelf: Shelf, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "{shelf.store.parent}"\n', encoding="utf-8")
    first = run("init-mail", "--config", str(config))
    assert (first.exit_code, (tmp_path / "subscriptions.key").stat().st_mode & 0o777) == (0, 0o600)
    second = run("init-mail", "--config", str(config))
    assert (second.exit_code, "there is a key already" in second.output) == (1, True)


def test_what_is_missing_is_named(office: PostOffice) -> None:
    config, folder = office.shelf.config, office.shelf.config.parent
    whole = config.read_text(encoding="utf-8")
    config.write_text(whole.replace("enabled = true", "enabled = false"), encoding="utf-8")
    assert "searcher.subscriptions.enabled is false" in run(*arguments(office)).output
    config.write_text(whole.replace("base_url", "# base_url"), encoding="utf-8")
    assert "searcher.base_url is empty" in run(*arguments(office)).output
    config.write_text(whole, encoding="utf-8")
    key = (folder / "subscriptions.key").rename(folder / "elsewhere")
    done = run(*arguments(office))
    assert (done.exit_code, "`releases init-mail` makes one" in done.output) == (2, True)
    key.rename(folder / "subscriptions.key")
    (folder / "digest.toml").unlink()
    assert "there is no file" in run(*arguments(office)).output


def test_another_key_is_reported_and_mails_nobody(office: PostOffice) -> None:
    office.ask("a@example.lv")
    key = office.shelf.config.parent / "subscriptions.key"
    key.write_text("00" * 32)
    done = run(*arguments(office))
    assert (done.exit_code, "encrypted with another key" in done.output) == (4, True)
    assert office.box.mails == []
