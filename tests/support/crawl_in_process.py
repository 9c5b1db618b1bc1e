"""Runs `crawl` in this process on a small store, without a site."""

from dataclasses import dataclass, replace
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from crawler.crawl import app
from crawler.store import Store
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, RELEASE

SETTINGS = """
data_dir = "data"
[crawler.politeness]
user_agent = "robots/1 (+https://a.lv/bot)"
[crawler.templates.t]
body = ["div.text"]
[[crawler.sites]]
id = "iem"
ministry = "Iekšlietu ministrija"
template = "t"
start = ["https://www.iem.example/lv/jaunumi"]
[[crawler.sites]]
id = "mod"
ministry = "Aizsardzības ministrija"
template = "t"
start = ["https://www.mod.example/lv/jaunumi"]
enabled = false
"""
OTHER = replace(RELEASE, url=f"{RELEASE.url}-2", title="Cits", body="Pavisam cits teksts.")


@dataclass(frozen=True)
class Installation:
    """Settings of two sites, and a store."""

    config: Path

    @property
    def store_path(self) -> Path:
        """The path of the store, which may not exist."""
        return self.config.parent / "data" / "releases.sqlite3"

    def run(self, command: str, *arguments: str) -> Result:
        """Run a subcommand with these settings."""
        return CliRunner().invoke(
            app,
            [command, *arguments, "--config", str(self.config)],
            prog_name="crawl",
            env={"COLUMNS": "200"},
        )

    def open(self) -> Store:
        """Open the store."""
        return Store(self.store_path)


def install(folder: Path, *, is_empty: bool = False) -> Installation:
    """Make an installation in *folder* with two releases, or without a store."""
    config = folder / "config.toml"
    config.write_text(SETTINGS, encoding="utf-8")
    made = Installation(config)
    if not is_empty:
        with new_store(made.store_path) as store:
            for release in (RELEASE, OTHER):
                store.save(release, seen=DAY)
    return made
