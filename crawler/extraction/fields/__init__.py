"""What are the fields of the release on a page?

One module for each field; `regions` holds the page and its text by position, which most of them read.
"""

from crawler.extraction.fields.regions import PageContext, Regions, find_regions

__all__ = ["PageContext", "Regions", "find_regions"]
