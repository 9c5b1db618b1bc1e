"""What did institutions change after publication? The corrections as a page, as feeds and as rows."""

from searcher.corrections.correction_params import CorrectionListParams, CorrectionParams
from searcher.corrections.correction_rows import EVENT_COLUMNS, CorrectionRow, DepartureRow, event_line
from searcher.corrections.listing import (
    CorrectionsPage,
    Event,
    all_corrections,
    choose_edits,
    read_corrections,
)
from searcher.corrections.reason_texts import ShownEdit, reason_text
from searcher.corrections.views import (
    corrections,
    corrections_atom,
    corrections_json,
    edit_address,
    filter_pairs,
)

__all__ = [
    "EVENT_COLUMNS",
    "CorrectionListParams",
    "CorrectionParams",
    "CorrectionRow",
    "CorrectionsPage",
    "DepartureRow",
    "Event",
    "ShownEdit",
    "all_corrections",
    "choose_edits",
    "corrections",
    "corrections_atom",
    "corrections_json",
    "edit_address",
    "event_line",
    "filter_pairs",
    "read_corrections",
    "reason_text",
]
