"""Errors name the wrong option or command, and suggest what was meant."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.crawl import app

COMMANDS = ("archive", "check", "hide", "init", "preview", "reextract", "stats", "undo", "unhide")


def run(*arguments: str) -> tuple[int, str]:
    """Run `crawl` in this process; return its exit code and output, without the frame around errors."""
    done = CliRunner().invoke(app, arguments, prog_name="crawl", env={"COLUMNS": "200"})
    return done.exit_code, " ".join(done.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--preview https://a.lv/x", "No such option: --preview. It is a command: crawl preview"),
        ("--stored", "No such option: --stored. It belongs to: crawl preview"),
        ("--offline", "No such option: --offline. It belongs to: crawl check"),
        ("--stord", "No such option: --stord"),
        ("chek", "No such command 'chek'. Did you mean 'check'?"),
        ("https://a.lv/x", "To see how a page is read: crawl preview https://a.lv/x"),
        ("--limit 5 https://a.lv/x", "To see how a page is read: crawl preview https://a.lv/x"),
    ],
)
def test_mistake_is_answered_with_a_suggestion(arguments: str, message: str) -> None:
    code, output = run(*arguments.split())
    assert (code, message in output) == (2, True), output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--site iem check", "--site must follow the command: crawl check --site ..."),
        ("--json stats", "--json must follow the command: crawl stats --json ..."),
        ("--limit 5 reextract", "--limit has no effect on crawl reextract"),
        ("--dry-run undo iem", "--dry-run has no effect on crawl undo"),
        ("--accept-loss iem hide", "--accept-loss has no effect on crawl hide"),
    ],
)
def test_option_before_a_command_is_an_error(arguments: str, message: str) -> None:
    code, output = run(*arguments.split())
    assert (code, message in output) == (2, True), output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("check --offline --site iem", "--site has no effect with --offline"),
        ("hide --unseen", "--unseen has no effect without URL"),
        ("--site iem --accept-loss vugd", "--accept-loss vugd has no effect: this crawl leaves the site out"),
        ("stats --limit 5", "No such option: --limit"),
        ("preview --site iem https://a.lv/x", "No such option: --site"),
    ],
)
def test_option_without_effect_is_an_error(tmp_path: Path, arguments: str, message: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[crawler.templates.t]\nbody = ["p"]\n'
        + "".join(
            f'[[crawler.sites]]\nid = "{id_}"\nministry = "M"\ntemplate = "t"\nstart = ["https://{id_}.lv/"]\n'
            for id_ in ("iem", "vugd")
        ),
        encoding="utf-8",
    )
    code, output = run("--config", str(config), *arguments.split())
    assert (code, message in output) == (2, True), output


def test_help_lists_the_commands() -> None:
    code, output = run("--help")
    assert (code, [command for command in COMMANDS if command not in output]) == (0, [])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example(command: str) -> None:
    code, output = run(command, "--help")
    assert (code, f"• crawl {command}" in output) == (0, True), output
