"""May a new index replace the one in use? Judged queries measure its relevance; a guard checks for losses."""

from index.evaluation.acceptance import UNJUDGED, RelevanceVerdict, judge, judged_queries
from index.evaluation.judged_queries import Judged
from index.evaluation.loss_guard import LossError, LossGuard
from index.evaluation.relevance import QueryRunner
from index.evaluation.soundness import find_faults

__all__ = [
    "UNJUDGED",
    "Judged",
    "LossError",
    "LossGuard",
    "QueryRunner",
    "RelevanceVerdict",
    "find_faults",
    "judge",
    "judged_queries",
]
