"""Connects the observed exchanges with those that count and log them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from index.config import ConfigError
from searcher.server import Refused
from searcher.service import Service
from searcher.telemetry.access_log import AccessLog
from searcher.telemetry.exchange import SERVER, Exchange, Listening, Observer, observe_endpoints
from searcher.telemetry.figures import Figures
from searcher.telemetry.probes import add_probes


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The listeners to the exchanges of an app."""

    figures: Figures
    access_log: AccessLog | None
    listeners: list[Listening]

    def record_refusal(self, refused: Refused) -> None:
        """Report a request that the app did not see."""
        exchange = Exchange(
            ended=datetime.now(UTC),
            request_id=refused.request_id,
            method="",
            path="",
            endpoint=SERVER,
            status=refused.status,
            bytes=refused.bytes,
            seconds=0.0,
        )
        for listen in self.listeners:
            listen(exchange)


def add_telemetry(app: Flask, service: Service, config_path: Path, reports: Path) -> Telemetry:
    """Observe the exchanges of *app*, and add its probes; call it when all other endpoints are added.

    Raises:
        ConfigError: a file that the settings at *config_path* name cannot be written.
    """
    # Figures need to know every endpoint, the probes' own included.
    probes = ("healthz", "readyz", "metrics")
    figures = Figures([*app.view_functions, *probes])
    add_probes(app, service, figures, reports)
    observe_endpoints(app)
    access_log = _open_access_log(config_path, service.settings.access_log)
    listeners: list[Listening] = [figures.record]
    if access_log:
        listeners.append(access_log.record)
    telemetry = Telemetry(figures, access_log, listeners)
    app.wsgi_app = Observer(app.wsgi_app, telemetry.listeners)  # type: ignore[method-assign]  # as Flask documents it
    app.extensions["telemetry"] = telemetry
    return telemetry


def _open_access_log(config_path: Path, name: str) -> AccessLog | None:
    if not name:
        return None
    try:
        return AccessLog(config_path.absolute().parent, name)
    except OSError as error:
        raise ConfigError(f"{config_path}: searcher.access_log = {name!r}: {error.strerror}") from error
