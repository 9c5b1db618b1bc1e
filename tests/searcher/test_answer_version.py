"""The version of all answers changes with each thing they depend on, and only with these."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.store import Store
from index.reindex import app as reindex
from preses_relizes.shared.calendar import RIGA, today
from searcher import create_app
from searcher.answer_version import AnswerVersion
from tests.support.crawled import record_crawl
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.stored_release import publish

ONE, OTHER = (publish(name, f"Drošība {name}", "Par drošību.") for name in ("a", "b"))
CRAWLED = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        store.save(ONE, seen=CRAWLED)
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return config


def version_of(config: Path) -> AnswerVersion:
    version = create_app(config).extensions["service"].version
    assert isinstance(version, AnswerVersion)
    return version


def test_nothing_new_is_the_same_version(config: Path) -> None:
    version = version_of(config)
    first = version.now()
    assert version.now() is first
    assert version_of(config).now() == first


def test_a_new_index_and_a_new_crawl_are_new_versions(config: Path) -> None:
    version = version_of(config)
    first = version.now()
    assert version.last_crawl() is None
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        record_crawl(store, ONE.url, at=CRAWLED, outcome="new", site=ONE.site)
    version = version_of(config)  # one that runs learns of it within a minute
    second = version.now()
    assert (version.last_crawl(), second.digest != first.digest) == (CRAWLED, True)
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        store.save(OTHER, seen=CRAWLED + timedelta(1))
    assert version.now() is second  # not indexed yet
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    assert version.now().digest not in (first.digest, second.digest)


def test_edited_abbreviations_are_a_new_version(config: Path) -> None:
    version = version_of(config)
    first = version.now()
    version.definitions.write_text("VUGD\tValsts ugunsdzēsības un glābšanas dienests\n", encoding="utf-8")
    edited = datetime.now(UTC) + timedelta(hours=5)
    os.utime(version.definitions, (edited.timestamp(), edited.timestamp()))
    second = version.now()
    assert second.digest != first.digest
    assert abs(second.modified - edited) < timedelta(seconds=1)


def test_a_version_is_at_least_of_today(config: Path) -> None:
    midnight = datetime.combine(today(), datetime.min.time(), RIGA)
    assert version_of(config).now().modified >= midnight


def test_without_a_store_no_crawl_is_known(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    assert version_of(config).last_crawl() is None
