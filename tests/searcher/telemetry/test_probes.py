from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from index.reindex import app as reindex
from searcher import create_app
from tests.support.crawled import record_crawl
from tests.support.new_store import new_store
from tests.support.published import release


def ready(folder: Path, settings: str, crawled: timedelta | None) -> FlaskClient:
    """Return a client of an app with one release, which was crawled some time ago."""
    config = folder / "config.toml"
    config.write_text(f"[searcher]\n{settings}\n", encoding="utf-8")
    with new_store(folder / "data" / "releases.sqlite3") as store:
        one = release(1, ("Sēde", "Notiks sēde.", "Sākums 9.00."))
        store.save(one, seen=datetime(2026, 3, 1, tzinfo=UTC))
        if crawled is not None:
            record_crawl(store, one.url, at=datetime.now(UTC) - crawled, outcome="new", site=one.site)
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    return create_app(config).test_client()


def test_a_fresh_index_is_ready(tmp_path: Path) -> None:
    answer = ready(tmp_path, "", timedelta(hours=1)).get("/readyz")
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["status"], body["documents"], body["crawl_age_max_h"]) == ("ready", 1, 72)
    assert 1 <= body["crawl_age_h"] < 2


@pytest.mark.parametrize(
    ("settings", "crawled", "status"),
    [
        ("", timedelta(hours=71, minutes=55), 200),
        ("", timedelta(hours=72, minutes=5), 503),
        ("crawl_age_max_h = 24", timedelta(hours=24, minutes=5), 503),
        ("crawl_age_max_h = 0", timedelta(days=900), 200),
        ("crawl_age_max_h = 0", None, 200),
        ("", None, 503),
    ],
)
def test_readiness_ends_with_the_age_of_the_last_crawl(
    tmp_path: Path, settings: str, crawled: timedelta | None, status: int
) -> None:
    client = ready(tmp_path, settings, crawled)
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert client.get("/healthz").status_code == 200
    if status == 503:
        assert answer.content_type == "application/problem+json"
        assert "crawl" in answer.get_json()["errors"]


def test_without_an_index_the_service_is_not_ready(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    answer = create_app(config).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["detail"] == "the index is not ready; try again in a few minutes"
