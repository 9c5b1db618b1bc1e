"""Invented releases of every kind that a feed or an export must get right, indexed, then changed again."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from crawler.store import Store
from index.reindex import app as reindex
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.stored_release import publish

BASE_URL = "https://relizes.example.lv"
SEEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FORMULA = '=HYPERLINK("https://evil.example";"Drošība")'
"""A title that a spreadsheet would run."""


RELEASES = (
    publish("labota", "Seminārs par drošību", "Sākums plkst. 9.00.\n\nIeeja brīva.", date(2026, 3, 2)),
    publish("pazudusi", "Drošības diena", "Drošības diena notiks rīt.", date(2026, 2, 1)),
    publish("slepta", "Drošība un noslēpums", "Šo ziņu iestāde lūdza izņemt.", date(2026, 2, 2)),
    publish("veca", "Drošība jūrā", "Par drošību jūrā, garā redakcija.", date(2025, 1, 1)),
    publish("formula", FORMULA, "@SUM(A1) drošība", date(2024, 5, 1), lead="+371 nav šeit; drošība"),
    publish("nakotne", "Drošība nākotnē", "Drošība rīt.", date(2031, 1, 1)),
    publish("bez", "Drošība\x0b bez datuma", "<script>alert(1)</script> & drošība"),
    publish("mail", "Drošība un saziņa", "Rakstiet uz prese@iem.example par drošību.", date(2023, 1, 1)),
)
NAMES = tuple(release.url.rpartition("/")[2] for release in RELEASES)


@dataclass(frozen=True)
class Shelf:
    """The settings of an installation, and the ids of its releases by name."""

    config: Path
    ids: dict[str, str]

    @property
    def store(self) -> Path:
        """The path of the store."""
        return self.config.parent / "data" / "releases.sqlite3"


def index(config: Path, *options: str) -> None:
    """Run `reindex`."""
    assert CliRunner().invoke(reindex, ["--config", str(config), *options]).exit_code == 0


def build_shelf(folder: Path, *, base_url: str = BASE_URL) -> Shelf:
    """Store and index the releases in *folder*; then edit one, hide one and move one, and index the edits."""
    config = folder / "config.toml"
    config.write_text(
        f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nbase_url = "{base_url}"\nanswer_s = 60\n',
        encoding="utf-8",
    )
    shelf = Shelf(config, {})
    with new_store(shelf.store) as store:
        for release in RELEASES:
            store.save(release, seen=SEEN)
            stored = store.find(release.url)
            assert stored is not None
            shelf.ids[release.url.rpartition("/")[2]] = stored.id
        edited = replace(RELEASES[0], body=RELEASES[0].body.replace("9.00", "10.00"))
        store.save(edited, seen=SEEN + timedelta(2))
        store.mark_gone(shelf.ids["pazudusi"], seen=SEEN + timedelta(1))
        moved = replace(RELEASES[3], url="https://www.iem.example/jauna/veca")
        store.save(moved, seen=SEEN + timedelta(3), aliases=(RELEASES[3].url,))
        found = store.find(moved.url)
        assert found is not None
        shelf.ids["jauna"] = found.id
    index(config)
    with Store(shelf.store) as store:  # not indexed yet
        store.hide(RELEASES[2].url, seen=SEEN + timedelta(4))
    return shelf
