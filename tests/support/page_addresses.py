"""The address of each page and answer of the search service."""

from flask import Flask


def page_addresses(app: Flask, release: str) -> list[str]:
    """Return the address of each page and answer, except those of a revision or a pair of releases."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    filled = [str(rule).replace("<release>", release) for rule in rules]
    return [f"{address}?{_question(address)}" for address in filled if "<" not in address]


def _question(address: str) -> str:
    if address.endswith("/stream"):
        return "seconds=1"  # it waits for news so long
    return "day=2026-03-02" if address.endswith("/as-of") else "q=drošība"
