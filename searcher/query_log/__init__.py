"""What is searched for, counted anonymously?"""

from searcher.query_log.log_file import QueryFileError, QueryLogFile, query_log_file
from searcher.query_log.query_counts import QueryCounts, Thresholds
from searcher.query_log.query_log import QueryLog
from searcher.query_log.query_report import QueryReport, QuerySummary, read_report

__all__ = [
    "QueryCounts",
    "QueryFileError",
    "QueryLog",
    "QueryLogFile",
    "QueryReport",
    "QuerySummary",
    "Thresholds",
    "query_log_file",
    "read_report",
]
