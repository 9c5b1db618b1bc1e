"""What did institutions change after publication? The corrections as a page, as feeds and as rows."""

from searcher.corrections.correction_params import CorrectionListParams, CorrectionParams
from searcher.corrections.correction_rows import CORRECTION_COLUMNS, CorrectionRow
from searcher.corrections.listing import CorrectionsPage, all_corrections, read_corrections
from searcher.corrections.reason_texts import ShownEdit, reason_text
from searcher.corrections.views import (
    corrections,
    corrections_atom,
    corrections_json,
    edit_address,
    filter_pairs,
)

__all__ = [
    "CORRECTION_COLUMNS",
    "CorrectionListParams",
    "CorrectionParams",
    "CorrectionRow",
    "CorrectionsPage",
    "ShownEdit",
    "all_corrections",
    "corrections",
    "corrections_atom",
    "corrections_json",
    "edit_address",
    "filter_pairs",
    "read_corrections",
    "reason_text",
]
