"""May a new index replace the one in use? Judged queries measure its relevance, a guard checks for losses."""

from index.evaluation.acceptance import UNJUDGED, RelevanceVerdict, judge, judged_queries
from index.evaluation.judged_queries import Judged
from index.evaluation.loss_guard import LossError, LossGuard

__all__ = [
    "UNJUDGED",
    "Judged",
    "LossError",
    "LossGuard",
    "RelevanceVerdict",
    "judge",
    "judged_queries",
]
