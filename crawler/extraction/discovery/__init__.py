"""Which releases and further pages does a list page, feed or sitemap link to?"""

from crawler.extraction.discovery.feed import discover_in_feed
from crawler.extraction.discovery.list_page import discover_on_list
from crawler.extraction.discovery.sitemap import discover_in_sitemap

__all__ = ["discover_in_feed", "discover_in_sitemap", "discover_on_list"]
