"""Why did a request fail? Pages for people, problem details (RFC 9457) for programs."""

from searcher.problems.error_handlers import add_error_handlers
from searcher.problems.problem_details import Problem, describe_problem, is_for_programs, problem
from searcher.problems.problem_types import PROBLEM_TYPES, TYPES_PATH, ProblemType, type_of_status

__all__ = [
    "PROBLEM_TYPES",
    "TYPES_PATH",
    "Problem",
    "ProblemType",
    "add_error_handlers",
    "describe_problem",
    "is_for_programs",
    "problem",
    "type_of_status",
]
