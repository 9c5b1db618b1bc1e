from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from crawler.store import Release
from index.reindex import app as reindex
from searcher import create_app
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.stored_release import publish

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
HEALTH = "Veselības ministrija"
DAYS = {
    "Vēlēšanas gaidāmas": ((2021, 2, 1), (2021, 5, 31), (2022, 6, 1), (2024, 12, 31)),
    "Pensijas aug": ((2021, 2, 2), (2021, 2, 3), (2021, 8, 9), (2023, 1, 1), (2024, 3, 31), (2024, 4, 1)),
    "Skolas atver": ((2022, 9, 1), (2023, 9, 1), (2023, 9, 2)),
}
WORDS = ("vakcīnas", "slimnīcas", "ārsti", "zāles", "māsas", "klīnikas", "receptes")


def releases() -> list[Release]:
    """Return releases of two institutions; the first pension of 2021 was published again in May."""
    made = [
        replace(
            publish(
                f"{title[:4]}-{number}", f"{title} {WORDS[number]}", f"Par to: {title}. {WORDS[number]}."
            ),
            published=date(*day),
            **({"site": "vm", "ministry": HEALTH} if number % 3 == 2 else {}),
        )
        for title, days in DAYS.items()
        for number, day in enumerate(days)
    ]
    twin = publish(
        "otrreiz", "Pensijas aug vakcīnas", made[4].body, date(2021, 1, 31), site="vm", ministry=HEALTH
    )
    later = publish(
        "vel", "Pensijas aug vakcīnas", made[4].body, date(2022, 1, 31), site="vm", ministry=HEALTH
    )
    return [*made, twin, later, publish("bez", "Pensijas bez datuma", "Pensijas.", None, category="Ziņas")]


@pytest.fixture(scope="package")
def compared(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder: Path = tmp_path_factory.mktemp("compared")
    config = folder / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    with new_store(folder / "data" / "releases.sqlite3") as store:
        ids = {}
        for release in releases():
            store.save(release, seen=SEEN)
            stored = store.find(release.url)
            assert stored is not None
            ids[release.url.rpartition("/")[2]] = stored.id
        same = [ids["Pens-0"], ids["otrreiz"], ids["vel"]]
        for pair in ((one, two) for one in same for two in same if one != two):
            store.execute("INSERT INTO same VALUES (?, ?)", *pair)
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return browse(create_app(config))
