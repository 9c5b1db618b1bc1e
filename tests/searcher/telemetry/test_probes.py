from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from typer.testing import CliRunner

from index.reindex import app as reindex
from index.results import IndexInfo
from searcher import create_app
from searcher.telemetry.probes import _describe_damage
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


def test_a_ready_service_tells_all_it_knows(tmp_path: Path) -> None:
    client = ready(tmp_path, "crawl_age_max_h = 30", timedelta(hours=2))
    alive, told = client.get("/healthz").get_json(), client.get("/readyz").get_json()
    info = client.application.extensions["service"].engine.info()
    assert alive == {"status": "ok", "generation": info.generation, "documents": 1, "number": info.number}
    crawled = datetime.fromisoformat(told.pop("crawled"))
    assert timedelta(hours=2) <= datetime.now(UTC) - crawled < timedelta(hours=3)
    assert round(told.pop("crawl_age_h"), 1) == pytest.approx(2.0, abs=0.1)
    assert told == {"status": "ready", "generation": info.generation, "documents": 1, "crawl_age_max_h": 30}


@pytest.mark.parametrize(
    ("settings", "crawled", "reason"),
    [
        ("", None, "no crawl has read anything yet"),
        ("", timedelta(hours=80.5), "the last crawl began 80.5 hours ago; the limit is 72"),
        ("crawl_age_max_h = 1.5", timedelta(hours=2), "the last crawl began 2.0 hours ago; the limit is 1.5"),
    ],
)
def test_the_reason_not_to_be_ready_is_told(
    tmp_path: Path, settings: str, crawled: timedelta | None, reason: str
) -> None:
    told = ready(tmp_path, settings, crawled).get("/readyz").get_json()
    assert (told["detail"], told["errors"]) == (reason, {"crawl": reason})


def test_without_a_limit_an_unknown_crawl_is_null(tmp_path: Path) -> None:
    told = ready(tmp_path, "crawl_age_max_h = 0", None).get("/readyz").get_json()
    assert (told["crawled"], told["crawl_age_h"], told["crawl_age_max_h"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("is_fallback", "said"),
    [
        (False, "the index is damaged; `reindex --full`"),
        (True, "the index is damaged; `reindex --full`; until then, g-1 answers"),
    ],
)
def test_damage_is_told_with_the_index_that_answers(is_fallback: bool, said: str) -> None:
    info = IndexInfo(
        generation="g-1", documents=1, number=1, fingerprint="f", damage="/srv/x", is_fallback=is_fallback
    )
    assert _describe_damage(info) == said
