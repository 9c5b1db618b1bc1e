from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from searcher import create_app
from tests.conftest import Walk
from tests.support.awaiting import wait_until
from tests.support.serving import serving


def samples(text: str) -> dict[str, float]:
    """Return the value of each sample, by name and labels."""
    return {
        ",".join((sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items())))): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def own_client(walked: Walk) -> FlaskClient:
    """A client of an app that nobody else uses."""
    return create_app(walked.config).test_client()


def test_what_was_answered_is_counted(own_client: FlaskClient) -> None:
    for address in ("/?q=valsts", "/?q=qxzwqxzw", "/api/v1/search?q=valsts", "/api/v1/search?page=0", "/no"):
        own_client.get(address, buffered=True)
    found = samples(own_client.get("/metrics").text)
    assert found["serve_requests_total,endpoint=views.search,status=2xx"] == 2
    assert found["serve_requests_total,endpoint=api.search,status=4xx"] == 1
    assert found["serve_requests_total,endpoint=none,status=4xx"] == 1
    assert found["serve_request_seconds_count,endpoint=api.search"] == 2
    assert found["serve_searches_total,match=whole query"] == 2
    assert found["serve_searches_total,match=none"] == 1
    assert found["serve_search_hits_count"] == 3


def test_answers_from_memory_are_counted_as_searches(own_client: FlaskClient) -> None:
    for _ in range(3):
        own_client.get("/api/v1/search?q=valsts", buffered=True)
    assert samples(own_client.get("/metrics").text)["serve_searches_total,match=whole query"] == 3


def test_the_figures_of_index_and_crawl_are_there(own_client: FlaskClient) -> None:
    found = samples(own_client.get("/metrics").text)
    assert found["serve_index_releases"] == own_client.get("/healthz").get_json()["documents"]
    # Other tests replace the index meanwhile, so only the form of the generation is known.
    [generation] = [name for name in found if name.startswith("serve_index_info,generation=2")]
    assert found[generation] == 1
    assert found["serve_index_age_seconds"] >= 0
    assert found["serve_crawl_age_seconds"] >= 0
    assert found["serve_institutions,health=fresh"] > 0
    assert found["crawl_site_sound,site=iem"] == 1


def test_without_an_index_the_figures_say_so(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    answer = create_app(config).test_client().get("/metrics")
    assert (answer.status_code, samples(answer.text)["serve_index_open"]) == (200, 0)


@pytest.mark.sweep
def test_any_process_tells_the_figures_of_all(walked: Walk) -> None:
    counts = "serve_requests_total,endpoint=views.help_page,status=2xx"
    with serving(walked.lean_config, "--processes", "3") as address:

        def told() -> float:
            return samples(requests.get(f"{address}/metrics", timeout=60).text).get(counts, 0)

        for _ in range(30):
            requests.get(f"{address}/palidziba", timeout=60).raise_for_status()
        # An answer is counted when it has been sent.
        wait_until(lambda: told() == 30)
        assert {told() for _ in range(10)} == {30}
