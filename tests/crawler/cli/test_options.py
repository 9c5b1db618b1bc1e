"""How commands read shared options, and how they end with a message."""

from datetime import date
from pathlib import Path

import pytest
import typer
from filelock import Timeout

from crawler.cli.options import (
    BROKEN,
    BUSY,
    UNSOUND,
    USAGE,
    count,
    exit_on_error,
    find_sites,
    load_settings,
    open_console,
    parse_day,
    parse_url,
    require_contact,
)
from crawler.config import CrawlerConfig, Site, load_all
from crawler.store import StoreError


def sites(*ids: str, disabled: str = "") -> CrawlerConfig:
    return CrawlerConfig(
        sites=tuple(
            Site.model_validate(
                {
                    "id": id_,
                    "ministry": "M",
                    "template": "general",
                    "start": [f"https://{id_}.lv/"],
                    "enabled": id_ != disabled,
                }
            )
            for id_ in ids
        )
    )


@pytest.mark.parametrize(
    ("ids", "expected"),
    [(None, ["iem"]), ([], ["iem"]), (["mod"], ["mod"]), (["mod", "iem", "mod"], ["mod", "iem"])],
)
def test_sites_are_those_named_or_else_all_that_are_enabled(
    ids: list[str] | None, expected: list[str]
) -> None:
    assert [site.id for site in find_sites(sites("iem", "mod", disabled="mod"), ids)] == expected


@pytest.mark.parametrize(
    ("settings", "ids", "message"),
    [
        (sites("iem", "mod"), ["nav"], "crawl: no site 'nav' in the settings; there are iem, mod\n"),
        (sites(), ["nav"], "crawl: no site 'nav' in the settings; there are none\n"),
        (
            sites(),
            None,
            "crawl: no sites in the settings: name some in built_in_sites, or add [[crawler.sites]]\n",
        ),
    ],
)
def test_unknown_sites_end_the_command(
    settings: CrawlerConfig, ids: list[str] | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as exit_:
        find_sites(settings, ids)
    assert (exit_.value.exit_code, capsys.readouterr().err) == (USAGE, message)


def test_url_is_read_in_its_canonical_form() -> None:
    assert parse_url("https://WWW.iem.gov.lv/lv/jaunums/x/") == parse_url(
        "https://www.iem.gov.lv/lv/jaunums/x"
    )


def test_day_is_read_as_written() -> None:
    assert parse_day("2026-01-31") == date(2026, 1, 31)


@pytest.mark.parametrize("text", ["foo", "", "2026-02-30", "31.01.2026", "2026-01-31T10:00"])
def test_what_is_no_day_ends_the_command_with_an_example(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=f"^{text!r} is not a day, such as 2026-01-31.$"):
        parse_day(text)


def test_busy_lock_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as exit_, exit_on_error():
        raise Timeout("crawl.lock")
    assert exit_.value.exit_code == BUSY
    assert capsys.readouterr().err == "crawl: another crawl is running on the same data\n"


@pytest.mark.parametrize(("number", "text"), [(0, "0 edits"), (1, "1 edit"), (2, "2 edits")])
def test_noun_agrees_with_its_number(number: int, text: str) -> None:
    assert count(number, "edit") == text


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (StoreError("x.sqlite3: y"), 4, "x.sqlite3: y"),
        (PermissionError(13, "Permission denied", "f"), 4, "f: Permission denied"),
    ],
)
def test_a_store_or_a_file_that_fails_ends_the_command(
    error: Exception, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as exit_, exit_on_error():
        raise error
    assert (exit_.value.exit_code, capsys.readouterr().err) == (code, f"crawl: {message}\n")
    assert (UNSOUND, USAGE, BUSY, BROKEN) == (1, 2, 3, 4)


def test_wrong_settings_end_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text("data_dir = 5", encoding="utf-8")
    with pytest.raises(typer.Exit) as exit_:
        load_settings(path)
    assert (exit_.value.exit_code, capsys.readouterr().err) == (
        2,
        f"crawl: {path}: data_dir = 5: not a path\n",
    )
    path.write_text("[searcher]\nport = 0", encoding="utf-8")
    assert load_settings(path)[0].data_dir == tmp_path / "data"
    with pytest.raises(typer.Exit):
        load_settings(path, load_all)


def test_a_public_site_is_told_whom_to_reach(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = sites("iem")
    with pytest.raises(typer.Exit) as exit_:
        require_contact(settings.sites, settings, tmp_path)
    reason = "crawler.politeness.user_agent names example.org: put your page or e-mail address there"
    expected = f"crawl: {tmp_path}: {reason}, so that iem.lv can reach you\n"
    assert (exit_.value.exit_code, capsys.readouterr().err) == (2, expected)
    require_contact([], settings, tmp_path)


def test_an_address_that_is_none_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as exit_:
        parse_url("a.lv/x")
    reason = "a.lv/x: not a web address; it must begin with http:// or https://"
    assert (exit_.value.exit_code, capsys.readouterr().err) == (2, f"crawl: {reason}\n")
    assert parse_url("https://www.a.lv/x/") == "https://a.lv/x"


def test_tables_have_a_fixed_width_outside_of_terminals() -> None:
    assert open_console().width == 140
