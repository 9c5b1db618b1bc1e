"""What does a page say: a release, the links of a list page, the text of a file?

Confined processes read the pages; importing this package loads no parser.
"""

from crawler.extraction.job import DiscoveredUrl, Extraction, ExtractionJob
from crawler.extraction.reader_pool import ReaderPool
from crawler.page import PageKind

__all__ = [
    "DiscoveredUrl",
    "Extraction",
    "ExtractionJob",
    "PageKind",
    "ReaderPool",
]
