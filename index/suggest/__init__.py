"""What might have been meant?"""

from index.suggest.autocomplete import Completer, Completion
from index.suggest.did_you_mean import Relaxation, Suggestion, did_you_mean, relaxations
from index.suggest.spelling import Suggester

__all__ = [
    "Completer",
    "Completion",
    "Relaxation",
    "Suggester",
    "Suggestion",
    "did_you_mean",
    "relaxations",
]
