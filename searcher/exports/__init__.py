"""How are all hits of a search exported? As lines of CSV or JSON, streamed."""

from searcher.exports.rows import COLUMNS, ExportedRelease, Lead, PlainText
from searcher.exports.streams import BusyError, ExportStreams
from searcher.exports.writing import csv_lines, json_lines

__all__ = [
    "COLUMNS",
    "BusyError",
    "ExportStreams",
    "ExportedRelease",
    "Lead",
    "PlainText",
    "csv_lines",
    "json_lines",
]
