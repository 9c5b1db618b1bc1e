"""An installation whose invented releases name people, quote them, cite acts and announce dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flask.testing import FlaskClient

from crawler.store import Release, Store, release_id
from index.analysis import default_analyzer
from index.register import MentionReader, RegisterFile, record_mentions, register_file
from searcher import create_app
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.shelf import BASE_URL, index
from tests.support.stored_release import publish

SEEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FINANCE, POLICE = "Finanšu ministrija", "Valsts policija"
MINISTER, OFFICIAL = "Agra Lepzare", "Ainārs Brukns"

BUDGET = publish(
    "budzets",
    "Pieņemts skolu budžets",
    "Otrdien finanšu ministre Agra Lepzare tikās ar Valsts ugunsdzēsības un glābšanas dienesta priekšnieku "
    "Aināru Bruknu.\n\n“Skolām piešķirsim 12 miljonus eiro,” uzsvēra Agra Lepzare.\n\n"
    "Pieteikumi jāiesniedz līdz 2031. gada 15. martam.\n\n"
    "To nosaka Ministru kabineta 2017. gada 28. marta noteikumi Nr. 171. Kuldīgā sāks pirmie.",
    date(2026, 3, 1),
    ministry=FINANCE,
)
LATER = publish(
    "velak",
    "Par ceļiem",
    "Finanšu ministre Agra Lepzare norādīja, ka ceļu remonts turpināsies.",
    date(2026, 3, 2),
    ministry=FINANCE,
)
VICTIM = publish(
    "cietusais",
    "Notikums Kuldīgā",
    "Naktī uz ceļa cieta Valdis Nelaimīgs. Policija meklē aculieciniekus.",
    date(2026, 3, 1),
    ministry=POLICE,
)
HIDDEN = publish(
    "slepta",
    "Slēptā ziņa",
    "Finanšu ministre Agra Lepzare norādīja, ka šis teikums ir noslēpums.",
    date(2026, 3, 3),
    ministry=FINANCE,
)
RELEASES: tuple[Release, ...] = (BUDGET, LATER, VICTIM, HIDDEN)


@dataclass(frozen=True)
class Registered:
    """A client of the installation, its settings, and its store."""

    client: FlaskClient
    config: Path
    store: Path


def id_of(release: Release) -> str:
    """Return the id of *release*."""
    return release_id(release.site, release.url)


def build_registered(folder: Path, *, names: str = "", also: Sequence[Release] = ()) -> Registered:
    """Store and index the releases, and *also* others, with the file of *names*; one is hidden."""
    config, data = folder / "config.toml", folder / "data"
    settings = f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nbase_url = "{BASE_URL}"\nanswer_s = 60\n'
    config.write_text(settings, encoding="utf-8")
    path = data / "releases.sqlite3"
    with new_store(path) as store:
        for release in (*RELEASES, *also):
            store.save(release, seen=SEEN)
        store.hide(HIDDEN.url, seen=SEEN)
    if names:
        (data / "names.toml").write_text(names, encoding="utf-8")
    index(config)
    return Registered(browse(create_app(config)), config, path)


def record(store: Store) -> RegisterFile:
    """Read what the releases of *store* mention; return the register."""
    record_mentions(store, MentionReader.beside(store.path, default_analyzer()))
    return register_file(store.path)
