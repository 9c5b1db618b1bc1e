"""Accidents of honest sites, crawled day by day: see `python -m tests.accidents --help`."""
