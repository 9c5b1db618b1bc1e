"""Links of a text that lead elsewhere than before, though their words are the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice, zip_longest

from crawler.store import Structure
from crawler.urls import canonical
from index.edits.edit_record import Link, Reason, VersionText

# Links of a text that are compared, reasons that are given, and characters of an address in one.
_LINKS, _REASONS, _REASON_CHARS = 500, 6, 300


def links_of(structure: Structure | None, lead: str, body: str) -> tuple[Link, ...]:
    """Return the links of a text, each with its words, in reading order."""
    parts = ((structure.lead, lead), (structure.body, body)) if structure else ()
    found = ((text[span.start : span.end], span.href) for spans, text in parts for span in spans if span.href)
    return tuple(islice(found, _LINKS))


def changed_links(older: VersionText, newer: VersionText) -> tuple[Reason, ...]:
    """Return which links lead elsewhere; if the words are the same, also which are new or gone.

    >>> text = VersionText("Sēde", "", "Skatīt plānu.", (("plānu", "https://a.lv/1.pdf"),))
    >>> other = VersionText("Sēde", "", "Skatīt plānu.", (("plānu", "https://a.lv/2.pdf"),))
    >>> changed_links(text, other)
    (Reason(subject='link', older='https://a.lv/1.pdf', newer='https://a.lv/2.pdf'),)
    """
    has_same_words = (older.title, older.lead, older.body) == (newer.title, newer.lead, newer.body)
    before, after = _by_words(older.links), _by_words(newer.links)
    pairs = (
        pair
        for words in dict.fromkeys((*before, *after))
        for pair in zip_longest(before.get(words, ()), after.get(words, ()), fillvalue="")
        if has_same_words or all(pair)
    )
    found = (
        Reason("link", one[:_REASON_CHARS], other[:_REASON_CHARS]) for one, other in pairs if one != other
    )
    return tuple(islice(found, _REASONS))


def _by_words(links: Sequence[Link]) -> Mapping[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for words, address in links:
        found[words].append(canonical(address))
    return found
