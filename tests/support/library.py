"""A few invented releases, indexed: one with an edit, a copy at another institution and a translation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from crawler.store import Attachment, Store
from crawler.store.log.continuation import extend
from crawler.store.log.log_folder import LogFolder
from index.reindex import app as reindex
from tests.support.crawled import record_crawl
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.kept_log import init_log
from tests.support.new_store import new_store
from tests.support.stored_release import publish

SEEN = datetime(2026, 3, 1, 9, tzinfo=UTC)
BASE_URL = "https://relizes.example.lv"


RELEASES = (
    publish(
        "seminars",
        "Seminārs par drošību",
        "Otrdien notiks seminārs par drošības izaicinājumiem.\n\nSākums plkst. 9.00.",
        date(2024, 3, 5),
        category="Notikumi",
        attachments=(
            Attachment(
                url="https://www.iem.example/f.pdf", title="Darba kārtība", kind="PDF", size=1_200_000
            ),
        ),
        translations=("https://www.iem.example/seminar",),
    ),
    publish("seminar", "Seminar on security", "A seminar on security.", date(2024, 3, 5), language="en"),
    publish("budzets", "Budžets pieņemts", "Valdība pieņēma budžetu drošībai.", date(2022, 10, 1)),
    publish("bez-datuma", "Ziņa bez datuma", "Drošības padoms ikdienai un līksmei."),
    publish(
        "kopija",
        "Seminārs par drošību",
        "Cita iestāde raksta par to pašu semināru un drošību.",
        date(2024, 3, 6),
        site="vm",
        ministry="Veselības ministrija",
    ),
)


def _save_all(store: Store) -> dict[str, str]:
    ids = {}
    for release in RELEASES:
        store.save(release, seen=SEEN)
        record_crawl(store, release.url, at=SEEN, outcome="new", site=release.site)
        stored = store.find(release.url)
        assert stored is not None
        ids[release.url.rpartition("/")[2].replace("-", "_")] = stored.id
    for pair in ((ids["seminars"], ids["kopija"]), (ids["kopija"], ids["seminars"])):
        store.execute("INSERT INTO same VALUES (?, ?)", *pair)
    edited = replace(RELEASES[0], body=RELEASES[0].body.replace("9.00", "10.00"))
    store.save(edited, seen=SEEN + timedelta(2))
    return ids


def build_library(folder: Path) -> tuple[Path, dict[str, str]]:
    """Store and index the releases in *folder*; return the settings, and the ids by name."""
    config = folder / "config.toml"
    config.write_text(
        f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nbase_url = "{BASE_URL}"\nper_page = 2\n',
        encoding="utf-8",
    )
    with new_store(folder / "data" / "releases.sqlite3") as store:
        ids = _save_all(store)
        log = LogFolder(folder / "data" / "log")
        init_log(log)
        extend(store, log, began=SEEN)
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return config, ids
