"""May a new index be used?"""

from index.evaluation.acceptance import UNJUDGED, Verdict, judge, judged_queries
from index.evaluation.judged_queries import Judged
from index.evaluation.loss_guard import LossError, LossGuard

__all__ = [
    "UNJUDGED",
    "Judged",
    "LossError",
    "LossGuard",
    "Verdict",
    "judge",
    "judged_queries",
]
