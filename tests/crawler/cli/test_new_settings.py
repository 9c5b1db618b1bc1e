"""`crawl init`: what it writes, and what it says to someone new."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.config import load_all
from crawler.config.built_in import built_in_sites, full_file
from crawler.crawl import app
from preses_relizes import __version__


def run(*arguments: str) -> tuple[int, str]:
    """Run `crawl` in this process; return its exit code and output."""
    done = CliRunner().invoke(app, arguments, prog_name="crawl", env={"COLUMNS": "200"})
    return done.exit_code, done.output


def test_new_file_is_valid_and_the_next_commands_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "my new" / "releases"
    code, output = run("init", "--folder", str(folder))
    assert (code, "Replace the address in its `user_agent` with yours" in output) == (0, True)
    config = folder / "config.toml"
    commands = [shlex.split(line, comments=True) for line in output.splitlines() if line.startswith("  ")]
    named = ["--config", str(config)]
    assert commands == [
        ["crawl", *named, "--site", "iem", "--limit", "20", "--report"],
        ["reindex", *named],
        ["serve", *named],
    ]
    storage, settings = load_all(config)
    assert (storage.data_dir, len(settings.sites)) == (folder / "data", len(built_in_sites()))


def test_contact_goes_into_the_user_agent(tmp_path: Path) -> None:
    code, output = run(
        "init", "--folder", str(tmp_path), "--contact", "+https://example.lv/bot; bot@example.lv"
    )
    assert (code, "Replace" in output) == (0, False)
    user_agent = load_all(tmp_path / "config.toml")[1].politeness.user_agent
    assert user_agent == f"preses-relizes/{__version__} (+https://example.lv/bot; bot@example.lv)"


def test_full_file_has_every_option(tmp_path: Path) -> None:
    assert run("init", "--full", "--folder", str(tmp_path))[0] == 0
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == full_file()


def test_contact_of_the_example_is_refused(tmp_path: Path) -> None:
    code, output = run("init", "--folder", str(tmp_path), "--contact", "+https://example.org/bot")
    assert (code, "give your own page" in output, list(tmp_path.iterdir())) == (2, True, [])


@pytest.mark.parametrize("contact", ["", "+", "our team", "bot@localhost", "http://localhost/"])
def test_contact_that_reaches_nobody_is_refused(contact: str, tmp_path: Path) -> None:
    code, output = run("init", "--folder", str(tmp_path), "--contact", contact)
    assert (code, "has no web or e-mail address" in output, list(tmp_path.iterdir())) == (2, True, [])


def test_brackets_in_the_contact_are_refused(tmp_path: Path) -> None:
    code, output = run("init", "--folder", str(tmp_path), "--contact", "(bot@example.lv)")
    assert (code, "leave out the brackets" in output, list(tmp_path.iterdir())) == (2, True, [])


@pytest.mark.parametrize("contact", ["ā", "a\nb"])
def test_contact_that_no_header_can_carry_is_refused(contact: str, tmp_path: Path) -> None:
    code, output = run("init", "--folder", str(tmp_path), "--contact", contact)
    assert (code, "printable ASCII" in output, list(tmp_path.iterdir())) == (2, True, [])


def test_existing_file_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine", encoding="utf-8")
    code, output = run("init", "--folder", str(tmp_path))
    assert (code, "exists already" in output) == (2, True)
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "command",
    [["--site", "iem"], ["check", "--site", "iem"], ["preview", "https://www.iem.gov.lv/lv/jaunums/x"]],
)
def test_no_public_site_is_contacted_under_the_address_of_the_example(
    command: list[str], tmp_path: Path
) -> None:
    run("init", "--folder", str(tmp_path))
    at = 1 if command[0] != "--site" else 0
    code, output = run(*command[:at], "--config", str(tmp_path / "config.toml"), *command[at:])
    message = f"crawl: {tmp_path}/config.toml: crawler.politeness.user_agent names example.org: put your page"
    assert (code, message in output, (tmp_path / "data").exists()) == (2, True, False)


def test_no_public_site_is_contacted_without_an_address(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[crawler]\nbuilt_in_sites = ["iem"]\n[crawler.politeness]\nuser_agent = "bot/1 (our team)"\n',
        encoding="utf-8",
    )
    code, output = run("--config", str(config))
    assert (code, "user_agent has no web or e-mail address: put your page" in output) == (2, True)
    assert not (tmp_path / "data").exists()
