"""The alert rules and the dashboard: valid, of figures that exist, and each alert rings when it should."""

import json
import re
import shutil
from itertools import chain
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from searcher import create_app
from tests.conftest import Walk
from tests.support.children import run_bounded

pytestmark = [
    pytest.mark.sweep,
    pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool: apt-get install prometheus"),
]

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
ALERTS = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
PANELS = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))["panels"]
EXPRESSIONS = [
    *re.findall(r"expr: (.*)", ALERTS),
    *(target["expr"] for panel in PANELS for target in panel["targets"]),
]
# An alert, the series that causes it, its values then and otherwise, as `promtool test rules` writes them:
# a value, by how much it grows each minute, and for how many minutes.
CAUSES = {
    "ReleasesDown": ('up{job="releases"}', "0+0x3000", "1+0x3000"),
    "ReleasesNoIndex": ("serve_index_open", "0+0x3000", "1+0x3000"),
    "ReleasesIndexDamaged": ("serve_index_sound", "0+0x3000", "1+0x3000"),
    "ReleasesErrors": ('serve_requests_total{status="5xx"}', "0+5x3000", "0+0x3000"),
    "ReleasesSlow": (
        'serve_request_seconds_bucket{endpoint="views.search",le="0.5"}',
        "0+80x3000",
        "0+99x3000",
    ),
    "ReleasesNotCrawled": ("serve_crawl_age_seconds", "90000+60x3000", "0+0x3000"),
    "ReleasesNotIndexed": ("serve_index_age_seconds", "0+60x3000", "0+0x3000"),
    "ReleasesSiteUnwell": ('crawl_site_sound{site="iem"}', "0+0x3000", "1+0x3000"),
}
ALWAYS = {
    'serve_requests_total{status="2xx"}': "0+100x3000",
    'serve_request_seconds_bucket{endpoint="views.search",le="1"}': "0+100x3000",
    'serve_request_seconds_bucket{endpoint="views.search",le="+Inf"}': "0+100x3000",
    "crawl_end_timestamp_seconds": "1000+0x3000",
}
AT_MINUTES = 2000


def promtool(*arguments: str | Path) -> CompletedProcess[str]:
    return run_bounded(["promtool", *arguments], capture_output=True, text=True, check=False)


def rings(name: str, series: str, values: str, folder: Path) -> bool:
    """Return whether the alert *name* rings after the *series* had its *values* for a day and more."""
    asked = {series: values} | {one: value for one, value in ALWAYS.items() if one != series}
    test = {
        "rule_files": [str(FOLDER / "alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": one, "values": value} for one, value in asked.items()],
                "promql_expr_test": [
                    {
                        "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})',
                        "eval_time": f"{AT_MINUTES}m",
                        "exp_samples": [{"labels": "{}", "value": 1}],
                    }
                ],
            }
        ],
    }
    (folder / "test.yml").write_text(json.dumps(test), encoding="utf-8")  # JSON is YAML
    return promtool("test", "rules", folder / "test.yml").returncode == 0


def test_rules_are_valid() -> None:
    done = promtool("check", "rules", FOLDER / "alerts.yml")
    assert done.returncode == 0, done.stderr


def test_the_expressions_of_the_dashboard_are_valid(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": one} for number, one in enumerate(EXPRESSIONS)]
    path = tmp_path / "rules.yml"
    path.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}), encoding="utf-8")
    done = promtool("check", "rules", path)
    assert done.returncode == 0, done.stderr


def test_every_figure_exists(walked: Walk) -> None:
    shown = create_app(walked.config).test_client().get("/metrics").text
    named = set(chain.from_iterable(re.findall(r"\b(?:serve|crawl)_\w+", one) for one in EXPRESSIONS))
    assert len(named) > 8
    assert {name.removesuffix("_bucket") for name in named} <= set(re.findall(r"# TYPE (\S+)", shown))


@pytest.mark.parametrize("name", re.findall(r"alert: (\w+)", ALERTS))
def test_each_alert_rings_for_its_cause_only(name: str, tmp_path: Path) -> None:
    series, bad, good = CAUSES[name]
    assert (rings(name, series, bad, tmp_path), rings(name, series, good, tmp_path)) == (True, False)
