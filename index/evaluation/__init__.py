"""May a new index be used?"""

from index.evaluation.acceptance import UNJUDGED, Verdict, judge, judged_queries
from index.evaluation.judged_queries import Judged
from index.evaluation.loss_guard import LossError, LossGuard
from index.evaluation.soundness import find_faults

__all__ = [
    "UNJUDGED",
    "Judged",
    "LossError",
    "LossGuard",
    "Verdict",
    "find_faults",
    "judge",
    "judged_queries",
]
