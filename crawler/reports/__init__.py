"""What does a crawl leave behind for its operator?"""

from crawler.reports.folder import write, write_sample
from crawler.reports.host_times import HostTime, HostTimes
from crawler.reports.markup_change import compare_markup
from crawler.reports.reach import Reach
from crawler.reports.run_report import RunReport, SiteReport, site_report, to_json
from crawler.reports.sample import Sample, SampledPage
from crawler.reports.table import to_table

__all__ = [
    "HostTime",
    "HostTimes",
    "Reach",
    "RunReport",
    "Sample",
    "SampledPage",
    "SiteReport",
    "compare_markup",
    "site_report",
    "to_json",
    "to_table",
    "write",
    "write_sample",
]
