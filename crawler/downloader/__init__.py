"""How is a URL asked, politely and safely?

Only this room speaks HTTP.
"""

from crawler.downloader.fetcher import HOST_FAULTS, Fetcher, FetchError
from crawler.downloader.robots import product_token

__all__ = [
    "HOST_FAULTS",
    "FetchError",
    "Fetcher",
    "product_token",
]
