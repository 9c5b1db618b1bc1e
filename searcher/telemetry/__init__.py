"""What does the service report about itself? Figures, an access log, and whether it is ready."""

from searcher.telemetry.access_log import AccessLog
from searcher.telemetry.exchange import Exchange, Observer, observe_search
from searcher.telemetry.figures import Figures
from searcher.telemetry.telemetry import Telemetry, add_telemetry

__all__ = ["AccessLog", "Exchange", "Figures", "Observer", "Telemetry", "add_telemetry", "observe_search"]
