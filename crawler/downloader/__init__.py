"""How is a URL fetched, politely and safely? The only room that speaks HTTP."""

from crawler.downloader.environment import Environment, HostBackoff
from crawler.downloader.fetch_error import HOST_FAULTS, NO_ANSWER, FetchError, in_words
from crawler.downloader.fetcher import Fetcher
from crawler.downloader.robots import product_token
from crawler.downloader.session import Session

__all__ = [
    "HOST_FAULTS",
    "NO_ANSWER",
    "Environment",
    "FetchError",
    "Fetcher",
    "HostBackoff",
    "Session",
    "in_words",
    "product_token",
]
