"""What might have been meant? Spelling corrections, completions, and omissions from a query without hits."""

from index.suggest.autocomplete import Completer, Completion
from index.suggest.did_you_mean import Suggestion, correct_unmatched, did_you_mean, sure_correction
from index.suggest.omissions import CountWithin, Omission, omissions
from index.suggest.spelling import Suggester

__all__ = [
    "Completer",
    "Completion",
    "CountWithin",
    "Omission",
    "Suggester",
    "Suggestion",
    "correct_unmatched",
    "did_you_mean",
    "omissions",
    "sure_correction",
]
