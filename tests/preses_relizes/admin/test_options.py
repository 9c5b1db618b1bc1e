"""How the subcommands of `releases` end."""

import pytest
import typer
from filelock import Timeout

from crawler.config import ConfigError
from crawler.store import StoreError
from index.analysis.latvian.hunspell import LexiconError
from index.errors import EngineError
from preses_relizes.admin.options import (
    BROKEN,
    BUSY,
    FAILURES,
    UNSOUND,
    USAGE,
    UnsoundFileError,
    exit_on_error,
    explain,
    fail,
    size,
)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ConfigError("config.toml: x"), 2, "releases: config.toml: x"),
        (Timeout("data/crawl.lock"), 3, "releases: data/crawl.lock: held by a crawl or a reindex; try again"),
        (UnsoundFileError("a.tar: x"), 1, "releases: a.tar: x"),
        (StoreError("x.sqlite3: y"), 4, "releases: x.sqlite3: y"),
        (PermissionError(13, "Permission denied", "x"), 4, "releases: x: Permission denied"),
    ],
)
def test_error_is_one_line_with_its_code(
    error: Exception, code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as exit_, exit_on_error():
        raise error
    shown = capsys.readouterr().err
    assert (exit_.value.exit_code, shown.startswith(message), shown.count("\n")) == (code, True, 1)


@pytest.mark.parametrize(("count", "text"), [(0, "0 bytes"), (1500, "1.5 kB"), (2_000_000_000, "2.0 GB")])
def test_sizes_are_for_people(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (1_000_000, "1.0 MB"),
        (999_949_999, "999.9 MB"),
        (1_000_000_000, "1.0 GB"),
    ],
)
def test_a_size_is_in_the_largest_unit_that_it_fills(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LexiconError("lv.aff: x"), ("lv.aff: x", 2)),
        (EngineError("index: x"), ("index: x", 4)),
        (
            Timeout("data/crawl.lock"),
            ("data/crawl.lock: held by a crawl or a reindex; try again when it has ended", 3),
        ),
    ],
)
def test_an_error_is_explained_with_its_code(error: Exception, said: tuple[str, int]) -> None:
    assert explain(error) == said
    assert isinstance(error, FAILURES)


def test_an_error_that_is_none_of_them_passes() -> None:
    with pytest.raises(ZeroDivisionError):
        explain(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError), exit_on_error():
        raise ZeroDivisionError
    assert (UNSOUND, USAGE, BUSY, BROKEN) == (1, 2, 3, 4)


def test_a_command_ends_with_its_name_and_message_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit) as exit_:
        fail("x: y", 3)
    shown = capsys.readouterr()
    assert (exit_.value.exit_code, shown.out, shown.err) == (3, "", "releases: x: y\n")
