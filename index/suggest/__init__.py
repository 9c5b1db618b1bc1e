"""What might have been meant? Spelling corrections, autocompletion, relaxations of queries without hits."""

from index.suggest.autocomplete import Completer, Completion
from index.suggest.did_you_mean import Suggestion, did_you_mean, sure_correction
from index.suggest.relaxations import Relaxation, relaxations
from index.suggest.spelling import Suggester

__all__ = [
    "Completer",
    "Completion",
    "Relaxation",
    "Suggester",
    "Suggestion",
    "did_you_mean",
    "relaxations",
    "sure_correction",
]
