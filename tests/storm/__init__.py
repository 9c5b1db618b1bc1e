"""Random hostile sites for `crawl` and hostile requests for `serve`; see `python -m tests.storm --help`."""
