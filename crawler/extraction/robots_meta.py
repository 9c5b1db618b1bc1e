"""What a page asks of those who index it, by the robots meta element and the header X-Robots-Tag.

Source: Google's "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications", which others follow.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.extraction.html.selectors import Elements

# Longer ones are no rules.
_SAID_CHARS_MAX = 4_000
_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview"})
_UNTIL = "unavailable_after"
_NOT_SHOWN = frozenset({"noindex", "none"})
_NOT_FOLLOWED = frozenset({"nofollow", "none"})
_RULES = frozenset({
    "all", "index", "follow", "noindex", "nofollow", "none", "noarchive", "nocache", "nosnippet", "noodp",
    "noydir", "notranslate", "noimageindex", "indexifembedded", _UNTIL, *_VALUED,
})  # fmt: skip
_NAMED = re.compile(r"\s*([^\s:,]{1,100})\s*:(.*)", re.DOTALL)


def refuses_index(header: str, elements: Elements, robot: str, now: datetime) -> bool:
    """Whether a page asks the crawler called *robot* not to show it, now.

    *header* is the value of X-Robots-Tag; several headers stand apart by a newline.
    """
    rules = [*_rules_in_header(header, robot), *_rules_in_head(elements, robot)]
    return any(rule in _NOT_SHOWN or _is_over(rule, now) for rule in rules)


def refuses_links(elements: Elements, robot: str) -> bool:
    """Whether a page asks the crawler called *robot* to follow none of its links."""
    return any(rule in _NOT_FOLLOWED for rule in _rules_in_head(elements, robot))


def _rules_in_header(header: str, robot: str) -> Iterator[str]:
    """Yield the rules for all and for *robot*: a name holds for what follows it in the same header."""
    for line in header[:_SAID_CHARS_MAX].split("\n"):
        is_ours = True
        for rule in _split(line):
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
            for rule in _split(str(meta["content"])[:_SAID_CHARS_MAX]):
                yield from _words(rule)


def _is_ours(name: str, robot: str) -> bool:
    return name.lower() in ("*", robot.lower())


def _split(said: str) -> Iterator[str]:
    """Yield rules, which stand apart by commas, with their values; a day may hold commas itself."""
    before = ""
    for piece in said.split(","):
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
    """Yield *rule*, or each of several that stand apart by spaces; the value of one is none."""
    named = _NAMED.match(rule)
    if named and named[1].lower() == _UNTIL:
        yield f"{_UNTIL}:{named[2].strip()}"
    elif not named:
        yield from rule.lower().split()


def _is_over(rule: str, now: datetime) -> bool:
    """Whether *rule* says until when the page may be shown, and that is past."""
    name, _, until = rule.partition(":")
    end = _moment(until) if name == _UNTIL else None
    return end is not None and end < now


def _moment(said: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(said)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
