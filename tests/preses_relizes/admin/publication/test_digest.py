"""`releases digest` with a real mail server: also killed at every step of a mail."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from filelock import FileLock

from crawler.store import Store
from tests.support.children import child
from tests.support.mail_server import MailBox, mail_server
from tests.support.releases_command import run
from tests.support.shelf import Shelf, build_shelf, index
from tests.support.stored_release import publish

PROGRAM = Path(sys.executable).parent / "releases"
NEW = [publish(f"jauna-{n}", f"Drošība {n}", "Drošība.", date(2026, 3, n)) for n in (1, 2)]


@dataclass(frozen=True)
class Post:
    """An installation with two new releases, a ledger from before they came, and a mail server."""

    shelf: Shelf
    file: Path
    ledger: Path
    started: bytes
    box: MailBox

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("digest", str(self.file), "--config", str(self.shelf.config))

    def rewind(self) -> None:
        """Make the two releases new again."""
        self.ledger.write_bytes(self.started)
        self.box.mails.clear()
        self.box.on_command = lambda _: None

    def run(self, *options: str) -> Result:
        return run(*self.arguments, *options)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    folder = tmp_path_factory.mktemp("post")
    shelf = build_shelf(folder)
    with mail_server() as box:
        file = folder / "digest.toml"
        file.write_text(
            f'[mail]\nsender = "relizes@example.lv"\nhost = "127.0.0.1"\nport = {box.port}\n'
            'security = "none"\n'
            '[[search]]\nname = "Drošība"\naddress = "https://relizes.example.lv/?q=drošība"\n'
            'to = ["a@example.lv", "b@example.lv"]\n',
            encoding="utf-8",
        )
        ledger = shelf.store.with_name("digest.json")
        first = run("digest", str(file), "--config", str(shelf.config))
        assert (first.exit_code, first.output.count("mailed from now on")) == (0, 2), first.output
        with Store(shelf.store) as store:
            for release in NEW:
                store.save(release, seen=datetime.now(UTC))
        index(shelf.config)
        yield Post(shelf, file, ledger, ledger.read_bytes(), box)


@pytest.fixture
def post(opened: Post) -> Post:
    opened.rewind()
    return opened


def test_new_hits_are_mailed_once(post: Post) -> None:
    sent = post.run("--json")
    assert sent.exit_code == 0, sent.output
    assert [(one["recipient"], one["state"], one["titles"]) for one in json.loads(sent.output)] == [
        ("a@example.lv", "sent", ["Drošība 2", "Drošība 1"]),
        ("b@example.lv", "sent", ["Drošība 2", "Drošība 1"]),
    ]
    assert "nothing new" in post.run().output
    assert len(post.box.mails) == 2


def test_a_dry_run_shows_what_is_due_and_changes_nothing(post: Post) -> None:
    shown = post.run("--dry-run")
    assert (shown.exit_code, "would be sent, 2" in shown.output) == (0, True)
    assert post.ledger.read_bytes() == post.started
    assert post.box.mails == []


@pytest.mark.long_sweep
@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"])
def test_killed_at_any_step_each_hit_is_mailed_once(post: Post, command: str) -> None:
    with child([PROGRAM, *post.arguments], stdout=subprocess.DEVNULL) as process:

        def kill(given: str) -> None:
            if given == command:
                os.kill(process.pid, signal.SIGKILL)
                process.wait(120)  # before the server answers

        post.box.on_command = kill
        assert process.wait(120) == -signal.SIGKILL
    post.box.on_command = lambda _: None
    assert post.run().exit_code == 0
    mails = [*post.box.distinct.values()]
    assert sorted(mail["To"] for mail in mails) == ["a@example.lv", "b@example.lv"]
    assert len({mail.as_bytes() for mail in post.box.mails}) == 2  # what is sent twice is the same
    assert "nothing new" in post.run().output


def test_a_server_that_is_down_is_reported_and_tried_again(post: Post) -> None:
    text = post.file.read_text(encoding="utf-8")
    post.file.write_text(text.replace(f"port = {post.box.port}", "port = 1"), encoding="utf-8")
    failed = post.run()
    post.file.write_text(text, encoding="utf-8")
    assert (failed.exit_code, failed.output.count("NOT SENT: 127.0.0.1:1")) == (1, 2)
    assert post.run().exit_code == 0
    assert len(post.box.distinct) == 2


def test_a_second_digest_waits_for_its_turn(post: Post) -> None:
    with FileLock(post.ledger.with_suffix(".lock")):
        second = post.run()
    assert (second.exit_code, "held by another digest" in second.output) == (3, True)


def test_a_damaged_ledger_is_reported(post: Post) -> None:
    post.ledger.write_text("{")
    done = post.run()
    assert (done.exit_code, "not a ledger of digests" in done.output) == (4, True)


def test_wrong_files_are_usage_errors(post: Post, tmp_path: Path) -> None:
    missing = run("digest", str(tmp_path / "x.toml"), "--config", str(post.shelf.config))
    assert (missing.exit_code, "x.toml: cannot be read" in missing.output) == (2, True)
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "{post.shelf.store.parent}"\n', encoding="utf-8")
    without = run("digest", str(post.file), "--config", str(config))
    assert (without.exit_code, "searcher.base_url is empty" in without.output) == (2, True)
