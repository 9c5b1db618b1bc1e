"""The ids of sites are completed from the settings file."""

from pathlib import Path

import pytest
import typer
from typer.main import get_command

from crawler.cli.site_completion import complete_site
from crawler.crawl import app


def completed(begun: str, config: Path | None = None) -> dict[str, str]:
    context = typer.Context(get_command(app))
    context.params["config"] = str(config) if config else None
    return dict(complete_site(context, begun))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config.toml"
    path.write_text('[crawler]\nbuilt_in_sites = ["iem", "izm", "fm"]\n', encoding="utf-8")
    return path


def test_ids_come_with_their_institutions(settings: Path) -> None:
    expected = {"iem": "Iekšlietu ministrija", "izm": "Izglītības un zinātnes ministrija"}
    assert completed("i", settings) == completed("i") == expected
    assert set(completed("")) == {"iem", "izm", "fm"}


def test_wrong_settings_complete_nothing(settings: Path) -> None:
    settings.write_text("[crawler", encoding="utf-8")
    assert completed("i") == completed("i", Path("nowhere.toml")) == {}
