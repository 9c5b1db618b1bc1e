"""An installation in which institutions changed releases after publication."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from crawler.store import Store, release_id
from searcher import create_app
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.shelf import BASE_URL, index
from tests.support.stored_release import publish

SEEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FINANCE = "Finanšu ministrija"
EDITS: Sequence[tuple[str, str, str, str, int]] = (
    # Name, institution, text before, text after, days until the edit.
    ("skaitlis", "Iekšlietu ministrija", "Pabalstu saņems 1 800 ģimeņu.", "Pabalstu saņems 2 300 ģimeņu.", 1),
    ("noliegums", FINANCE, "Nodoklis tiks celts <b>rudenī</b>.", "Nodoklis netiks celts <b>rudenī</b>.", 9),
    ("kluda", FINANCE, "Ministija lemj par budžetu.", "Ministrija lemj par budžetu.", 2),
    ("slepta", FINANCE, "Slepeni maksā 5 eiro.", "Slepeni maksā 7 eiro.", 3),
    ("talrunis", FINANCE, "Zvanīt 67000000 līdz 5. maijam.", "Zvanīt 67111111 līdz 6. maijam.", 4),
)


@dataclass(frozen=True)
class Corrected:
    """A client of the installation, and the ids of its releases by name."""

    client: FlaskClient
    ids: dict[str, str]


def build_corrected(folder: Path) -> Corrected:
    """Store, edit and index releases in *folder*; then hide one that is still in the index."""
    config = folder / "config.toml"
    settings = f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nbase_url = "{BASE_URL}"\nanswer_s = 60\n'
    config.write_text(settings, encoding="utf-8")
    ids = _store(folder / "data" / "releases.sqlite3")
    index(config)
    with Store(folder / "data" / "releases.sqlite3") as store:  # after the last reindex
        store.hide("https://www.iem.example/slepta", seen=SEEN + timedelta(20))
    return Corrected(browse(create_app(config)), ids)


def _store(path: Path) -> dict[str, str]:
    ids: dict[str, str] = {}
    with new_store(path) as store:
        for name, ministry, older, newer, days in EDITS:
            release = publish(name, f"Ziņa: {name}", older, date(2026, 3, 2), ministry=ministry)
            store.save(release, seen=SEEN)
            store.save(replace(release, body=newer), seen=SEEN + timedelta(days))
            ids[name] = release_id(release.site, release.url)
        gone = publish("nonemta", "Noņemtā ziņa", "Te nekā vairs nav.", date(2026, 3, 1))
        store.save(gone, seen=SEEN)
        ids["nonemta"] = release_id(gone.site, gone.url)
        store.mark_gone(ids["nonemta"], seen=SEEN + timedelta(5))
    return ids
