"""Random storms: nasty sites for `crawl`, nasty requests for `serve`; see `python -m tests.storm --help`."""
