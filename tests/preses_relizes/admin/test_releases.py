"""`releases` as a group: what it says to someone who has never seen it."""

import re

import pytest

from crawler.store.database import NEWEST_FORMAT
from index.versions import LAYOUT
from preses_relizes import __version__
from preses_relizes.admin.releases import app
from tests.support.releases_command import run

NAMES = (command.callback.__name__ for command in app.registered_commands if command.callback)
COMMANDS = sorted(name.replace("_", "-") for name in NAMES)


def test_alone_it_lists_its_commands() -> None:
    shown = run().output
    assert [name for name in COMMANDS if not re.search(rf"│ {name} ", shown)] == []
    assert "Exit codes: 0 success" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_begins_with_what_it_does(command: str) -> None:
    shown = run(command, "--help")
    assert (shown.exit_code, "--config" in shown.output) == (0, True)


def test_unknown_command_is_answered_with_the_likely_one() -> None:
    done = run("upgrad")
    assert (done.exit_code, "Did you mean 'upgrade'?" in done.output) == (2, True)


def test_the_versions_of_program_store_and_index_are_shown() -> None:
    program, store, index = run("--version").output.splitlines()
    assert program == f"preses-relizes {__version__}"
    assert (store, index) == (f"store format {NEWEST_FORMAT}", f"index layout {LAYOUT}")
