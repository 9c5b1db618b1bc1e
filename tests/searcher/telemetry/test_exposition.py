from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from preses_relizes import __version__
from searcher import create_app
from searcher.telemetry.exposition import CONTENT_TYPE, expose
from searcher.telemetry.figures import Figures
from tests.conftest import Walk
from tests.support.awaiting import wait_until
from tests.support.searches import search
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


def test_the_figures_are_written_like_this(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    service = create_app(config).extensions["service"]
    figures = Figures(["views.search"])
    for number, has_match in ((0, False), (7, True), (20_000, True)):
        figures.record(search("x", seconds=0.25, total=number, has_match=has_match))
    (tmp_path / "crawl.prom").write_text("# TYPE crawl_x gauge\ncrawl_x 3.0\n", encoding="utf-8")
    text = expose(figures, service, tmp_path).decode()
    bounds = ("0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1")
    longer = ("0.25", "0.5", "1", "2.5", "5", "10", "+Inf")
    name = 'serve_request_seconds_bucket{endpoint="views.search",le='
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        'serve_requests_total{endpoint="views.search",status="2xx"} 3.0',
        *(f'{name}"{bound}"}} 0.0' for bound in bounds),
        *(f'{name}"{bound}"}} 3.0' for bound in longer),
        'serve_request_seconds_count{endpoint="views.search"} 3.0',
        'serve_request_seconds_sum{endpoint="views.search"} 0.75',
        'serve_search_hits_bucket{le="0"} 1.0',
        'serve_search_hits_bucket{le="1"} 1.0',
        'serve_search_hits_bucket{le="10"} 2.0',
        'serve_search_hits_bucket{le="100"} 2.0',
        'serve_search_hits_bucket{le="1000"} 2.0',
        'serve_search_hits_bucket{le="10000"} 2.0',
        'serve_search_hits_bucket{le="+Inf"} 3.0',
        "serve_search_hits_count 3.0",
        "serve_search_hits_sum 20007.0",
        'serve_searches_total{match="whole query"} 2.0',
        'serve_searches_total{match="none"} 1.0',
        f'serve_program_info{{version="{__version__}"}} 1.0',
        "serve_index_open 0.0",
        "crawl_x 3.0",
    ]
    assert "# HELP serve_requests_total Answers" in text
    assert "# TYPE serve_searches_total counter" in text


def test_an_index_in_use_has_these_figures(shelf_client: FlaskClient) -> None:
    answer = shelf_client.get("/metrics")
    found = samples(answer.text)
    assert answer.content_type == CONTENT_TYPE
    info = shelf_client.get("/healthz").get_json()
    assert (found["serve_index_open"], found["serve_index_sound"]) == (1, 1)
    assert found["serve_index_releases"] == info["documents"] > 0
    assert found[f"serve_index_info,generation={info['generation']}"] == 1
    assert 0 <= found["serve_index_age_seconds"] < 3600
    assert "serve_crawl_age_seconds" not in found
    assert [name for name in found if name.startswith("crawl_")] == []
