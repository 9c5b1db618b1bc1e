"""What did an edit do to a text? Its changed sentences, each with a weight and the reasons for it."""

from index.edits.comparison import compare
from index.edits.edit_file import EditFile
from index.edits.edit_record import KIND_OF, Change, EditKind, EditRecord, Reason, Subject, VersionText
from index.edits.edit_rows import (
    HEAVY,
    KINDS,
    CorrectionFigures,
    Departing,
    Departure,
    EditFilter,
    ListedEdit,
    Order,
)
from index.edits.recording import edit_file, record_edits
from index.edits.weights import MINOR

__all__ = [
    "HEAVY",
    "KINDS",
    "KIND_OF",
    "MINOR",
    "Change",
    "CorrectionFigures",
    "Departing",
    "Departure",
    "EditFile",
    "EditFilter",
    "EditKind",
    "EditRecord",
    "ListedEdit",
    "Order",
    "Reason",
    "Subject",
    "VersionText",
    "compare",
    "edit_file",
    "record_edits",
]
