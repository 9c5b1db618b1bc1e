"""How commands read shared options, and how they end with a message."""

from datetime import date

import pytest
import typer
from filelock import Timeout

from crawler.cli.options import BUSY, USAGE, count, exit_on_error, find_sites, parse_day, parse_url
from crawler.config import CrawlerConfig, Site


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
