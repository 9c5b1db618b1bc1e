"""Which subcommands does `crawl` have? One module for each subject."""

from crawler.cli.inspection import check, stats
from crawler.cli.new_settings import init
from crawler.cli.stored_pages import archive, preview, reextract
from crawler.cli.takedown import hide, undo, unhide

__all__ = [
    "archive",
    "check",
    "hide",
    "init",
    "preview",
    "reextract",
    "stats",
    "undo",
    "unhide",
]
