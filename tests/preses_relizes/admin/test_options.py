"""How the subcommands of `releases` end."""

import pytest
import typer
from filelock import Timeout

from crawler.config import ConfigError
from crawler.store import StoreError
from preses_relizes.admin.options import UnsoundFileError, exit_on_error, size


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
