"""How is a URL fetched, politely and safely? The only room that speaks HTTP."""

from crawler.downloader.environment import Environment, HostBackoff
from crawler.downloader.fetch_error import HOST_FAULTS, FetchError
from crawler.downloader.fetcher import Fetcher
from crawler.downloader.robots import product_token

__all__ = [
    "HOST_FAULTS",
    "Environment",
    "FetchError",
    "Fetcher",
    "HostBackoff",
    "product_token",
]
