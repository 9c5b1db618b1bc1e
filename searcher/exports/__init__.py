"""How are all hits of a search exported? As lines of CSV or JSON, streamed."""

from searcher.exports.rows import COLUMNS, TEXT_COLUMNS, ExportedRelease, ExportedText, Lead, PlainText
from searcher.exports.streams import BusyError, ExportStreams
from searcher.exports.structure import StructureAnswer
from searcher.exports.writing import csv_lines, json_lines

__all__ = [
    "COLUMNS",
    "TEXT_COLUMNS",
    "BusyError",
    "ExportStreams",
    "ExportedRelease",
    "ExportedText",
    "Lead",
    "PlainText",
    "StructureAnswer",
    "csv_lines",
    "json_lines",
]
