"""The paths that a site claims on its hosts, and a path that two sites claim."""

import re
from collections.abc import Iterator
from itertools import chain, islice, product
from re import _parser as parser  # type: ignore[attr-defined]  # the only parser of patterns
from urllib.parse import urlsplit

from crawler.config.patterns import finds
from crawler.config.settings import Site
from crawler.urls import ADDRESS_CHARS_MAX, canonical

# Maximum number of examples per pattern.
_EXAMPLES_MAX = 64
# Candidates for a character class, the likeliest in a path first.
_CHARS = "x1aA-_./%=?&+~ ā"
# Longer repetitions are shortened to this.
_REPEATS_MAX = 100
_CLASSES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}
# Examples for a site without patterns.
_ANY = ("/", "/lv/jaunums/x", "/en/article/x")


def denies(site: "Site", url: str) -> bool:
    """Whether the settings of *site* deny *url*, as it is spelt or in its canonical form."""
    return bool(site.deny) and any(
        finds(site.deny, urlsplit(spelling).path) for spelling in (url, canonical(url))
    )


def takes(site: "Site", path: str) -> bool:
    """Whether *path*, on a host of *site*, may be one of its releases."""
    return (not site.allow or finds(site.allow, path)) and not finds(site.deny, path)


def shared_path(site: "Site", other: "Site") -> str | None:
    """Return a path that both sites claim; None if none is found.

    The patterns are compared by example paths: a returned path is certainly claimed by both.
    """
    ours, theirs = list(_examples(site)), list(_examples(other))
    joined = (path for own, their in product(ours, theirs) for path in (own + their, their + own))
    paths = chain(ours, theirs, joined)
    return next((path for path in paths if takes(site, path) and takes(other, path)), None)


def _examples(site: "Site") -> Iterator[str]:
    """Yield paths that *site* may claim, one for each alternative of its patterns."""
    for pattern in site.allow:
        for text in islice(_texts(parser.parse(pattern)), _EXAMPLES_MAX):
            yield text if text.startswith("/") else f"/{text}"
    if not site.allow:
        yield from _ANY
        yield from (f"{(urlsplit(str(url)).path).rstrip('/')}/x" for url in site.start)


def _texts(parsed: "parser.SubPattern") -> Iterator[str]:
    """Yield texts that the *parsed* pattern matches."""
    choices = [list(islice(_choices(str(kind), argument), _EXAMPLES_MAX)) for kind, argument in parsed]
    return map("".join, product(*choices))


def _choices(kind: str, argument: object) -> Iterator[str]:
    match kind, argument:
        case "LITERAL", int(code):
            yield chr(code)
        case "NOT_LITERAL", int(code):
            yield next(char for char in _CHARS if char != chr(code))
        case "ANY", _:
            yield _CHARS[0]
        case "IN", list(items):
            yield from islice((char for char in chain(_CHARS, _named_in(items)) if _is_in(items, char)), 1)
        case "BRANCH", (_, [*branches]):
            yield from chain.from_iterable(map(_texts, branches))
        case "SUBPATTERN", (*_, inner):
            yield from _texts(inner)
        case (("MAX_REPEAT" | "MIN_REPEAT"), (int(least), _, inner)):
            times = min(max(least, 1), _REPEATS_MAX)
            yield from ((text * times)[:ADDRESS_CHARS_MAX] for text in _texts(inner))
        case _:
            yield ""


def _named_in(items: list[tuple[int, object]]) -> Iterator[str]:
    """Yield the characters that a parsed character class names, of a range the first."""
    for kind, argument in items:
        match str(kind), argument:
            case "LITERAL", int(code):
                yield chr(code)
            case "RANGE", (int(first), _):
                yield chr(first)


def _is_in(items: list[tuple[int, object]], char: str) -> bool:
    """Whether a parsed character class contains *char*."""
    is_negated = str(items[0][0]) == "NEGATE"
    return is_negated != any(_has(str(kind), argument, char) for kind, argument in items)


def _has(kind: str, argument: object, char: str) -> bool:
    match kind, argument:
        case "LITERAL", int(code):
            return chr(code) == char
        case "RANGE", (int(first), int(last)):
            return first <= ord(char) <= last
        case "CATEGORY", _:
            return re.match(_CLASSES[str(argument)], char) is not None
        case _:
            return False
