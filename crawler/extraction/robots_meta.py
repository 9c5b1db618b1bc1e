"""Robots rules of a page, from its robots meta element and X-Robots-Tag header.

Source: Google's "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications".
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.extraction.html.selectors import Elements

# Longer values are not rules.
_VALUE_CHARS_MAX = 4_000
_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview"})
_UNTIL = "unavailable_after"
_NO_INDEX = frozenset({"noindex", "none"})
_NO_FOLLOW = frozenset({"nofollow", "none"})
_RULES = frozenset({
    "all", "index", "follow", "noindex", "nofollow", "none", "noarchive", "nocache", "nosnippet", "noodp",
    "noydir", "notranslate", "noimageindex", "indexifembedded", _UNTIL, *_VALUED,
})  # fmt: skip
_NAMED = re.compile(r"\s*([^\s:,]{1,100})\s*:(.*)", re.DOTALL)


def refuses_index(header: str, elements: Elements, robot: str, now: datetime) -> bool:
    """Whether a page asks the crawler called *robot* not to index it at *now*.

    *header* is the value of X-Robots-Tag; a newline separates several headers.
    """
    rules = [*_rules_in_header(header, robot), *_rules_in_head(elements, robot)]
    return any(rule in _NO_INDEX or _has_expired(rule, now) for rule in rules)


def refuses_links(elements: Elements, robot: str) -> bool:
    """Whether a page asks the crawler called *robot* not to follow its links."""
    return any(rule in _NO_FOLLOW for rule in _rules_in_head(elements, robot))


def _rules_in_header(header: str, robot: str) -> Iterator[str]:
    """Yield the rules for all robots and for *robot*; a name applies to all that follows in its header."""
    for line in header[:_VALUE_CHARS_MAX].split("\n"):
        is_ours = True
        for rule in _split_rules(line):
            named = _NAMED.match(rule)
            if named and named[1].lower() not in _RULES:
                is_ours = _is_ours(named[1], robot)
                rule = named[2]  # noqa: PLW2901 (the rule without the name before it)
            if is_ours:
                yield from _words(rule)


def _rules_in_head(elements: Elements, robot: str) -> Iterator[str]:
    for meta in elements.select("meta[name][content]"):
        if meta.parent is None or meta.parent.name != "head":
            continue
        name = str(meta["name"]).strip()
        if name.lower() == "robots" or _is_ours(name, robot):
            for rule in _split_rules(str(meta["content"])[:_VALUE_CHARS_MAX]):
                yield from _words(rule)


def _is_ours(name: str, robot: str) -> bool:
    return name.lower() in ("*", robot.lower())


def _split_rules(value: str) -> Iterator[str]:
    """Yield comma-separated rules with their values; a date may contain commas itself."""
    before = ""
    for piece in value.split(","):
        named = _NAMED.match(piece)
        starts = piece.split()[:1]
        is_new = named is not None or (starts and starts[0].lower() in _RULES)
        if before and _UNTIL in before.lower() and not is_new:
            before += f",{piece}"
            continue
        if before:
            yield before
        before = piece
    if before:
        yield before


def _words(rule: str) -> Iterator[str]:
    """Yield the space-separated words of *rule*; of rules with a value, only `unavailable_after`."""
    named = _NAMED.match(rule)
    if named and named[1].lower() == _UNTIL:
        yield f"{_UNTIL}:{named[2].strip()}"
    elif not named:
        yield from rule.lower().split()


def _has_expired(rule: str, now: datetime) -> bool:
    """Whether *rule* is an `unavailable_after` date in the past."""
    name, _, until = rule.partition(":")
    end = _parse_moment(until) if name == _UNTIL else None
    return end is not None and end < now


def _parse_moment(value: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
