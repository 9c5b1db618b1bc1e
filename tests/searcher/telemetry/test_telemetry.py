"""Who hears of the exchanges of an app."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.config import ConfigError
from searcher import create_app
from searcher.server import Refused
from searcher.telemetry import Telemetry


def telemetry(folder: Path, settings: str = "") -> Telemetry:
    config = folder / "config.toml"
    config.write_text(f"[searcher]\n{settings}\n", encoding="utf-8")
    found = create_app(config).extensions["telemetry"]
    assert isinstance(found, Telemetry)
    return found


def test_exchanges_are_counted_and_logged_if_a_file_is_named(tmp_path: Path) -> None:
    plain = telemetry(tmp_path)
    assert (plain.access_log, plain.listeners) == (None, [plain.figures.record])
    logging = telemetry(tmp_path, 'access_log = "access.log"')
    assert logging.access_log is not None
    assert logging.listeners == [logging.figures.record, logging.access_log.record]
    assert (tmp_path / "access.log").exists()


def test_every_endpoint_is_counted_by_name(tmp_path: Path) -> None:
    names = {"healthz", "readyz", "metrics", "none", "server", "static", "views.search", "api.search"}
    assert names <= {*telemetry(tmp_path).figures.endpoints}


def test_a_request_that_the_server_refused_is_reported_to_all(tmp_path: Path) -> None:
    logging = telemetry(tmp_path, 'access_log = "access.log"')
    logging.record_refusal(Refused(request_id="r-9", status=431, bytes=17))
    line = json.loads((tmp_path / "access.log").read_text(encoding="utf-8"))
    assert datetime.now(UTC) - datetime.fromisoformat(line.pop("time")) < timedelta(minutes=10)
    assert line == {
        "id": "r-9",
        "method": "",
        "path": "",
        "endpoint": "server",
        "status": 431,
        "bytes": 17,
        "ms": 0.0,
    }
    assert [*logging.figures.requests()] == [("server", "4xx", 1)]


def test_a_log_is_beside_the_settings_or_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        telemetry(tmp_path, 'access_log = "no/log"')
    fault = f"{tmp_path / 'config.toml'}: searcher.access_log = 'no/log': No such file or directory"
    assert str(caught.value) == fault
