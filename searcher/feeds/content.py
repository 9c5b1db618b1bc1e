"""The texts of a feed entry, and the addresses it links to."""

from textwrap import shorten

from flask import g, render_template, url_for
from markupsafe import Markup

from index.results import ListedRelease, Stood
from searcher.feeds.entries import FeedEntry
from searcher.links import version_path
from searcher.service import current_service
from searcher.snippets import link_to

SUMMARY_CHARS = 300


def title(release: ListedRelease) -> str:
    """Return the title of *release*; its address if it has none."""
    return clean(release.title).strip() or release.url


def summary(release: ListedRelease) -> str:
    """Return the beginning of the text of *release* as one line."""
    return shorten(clean(release.lead or release.body), SUMMARY_CHARS, placeholder="…")


def content(entry: FeedEntry) -> Markup:
    """Return the whole text of a release as HTML, after a note if it was edited or is gone.

    Of a search through time there is also a note when the text stood.
    """
    release = entry.release
    notes = [
        text
        for holds, text in (
            (release.edited, "edited after publication"),
            (release.gone, "no longer on the site"),
        )
        if holds
    ]
    note = ", ".join(map(g.interface.text, notes))
    paragraphs = [text for text in (release.lead, *release.body.split("\n\n")) if text.strip()]
    parts = [Markup("<p>{}</p>").format(text) for text in paragraphs]
    if note and current_service().settings.base_url:
        parts.insert(0, Markup('<p><a href="{}">{}</a></p>').format(page_address(release), note))
    elif note:
        parts.insert(0, Markup("<p>{}</p>").format(note))
    if stood := standing(release):
        parts.insert(0, Markup("<p>{}</p>").format(stood))
    return Markup("").join(parts)


def standing(release: ListedRelease) -> str:
    """Return which version of *release* its text is and when it stood; "" if not of a search through time."""
    return render_template("standing.txt", stay=release.stood).strip() if release.stood else ""


def page_address(release: ListedRelease) -> str:
    """Return the address of our page of *release*; without a configured ``base_url`` only its path."""
    path = url_for("views.release", interface=g.interface.language, release=release.id)
    return f"{current_service().settings.base_url}{path}"


def alternate_address(release: ListedRelease) -> str:
    """Return the address of the original; of our page if the original is gone or cannot be opened.

    Of an earlier text it is the page of that version.
    """
    if release.stood and release.stood.is_past:
        return version_address(release.stood)
    original = "" if release.gone else link_to(release.url, None)
    return original.translate(_NOT_IRI) or page_address(release)


def version_address(stay: Stood) -> str:
    """Return the address of our page of the version of *stay*; without a ``base_url`` only its path."""
    return f"{current_service().settings.base_url}{version_path(stay.release, stay.first)}"


def clean(text: str) -> str:
    """Return *text* without control characters, which XML 1.0 does not allow or readers refuse."""
    return text.translate(_NOT_XML)


# Sites use these in addresses, but no IRI may have them outside of the host. Source: RFC 3987, 2.2
_NOT_IRI = {ord(char): f"%{ord(char):02X}" for char in ' "<>[\\]^`{|}'}
# Source: https://www.w3.org/TR/xml/#charsets; readers take U+FFFD for a sign of a wrong encoding.
_NOT_XML = dict.fromkeys(
    (
        *(code for code in range(0x20) if code not in (0x9, 0xA, 0xD)),
        *range(0x7F, 0xA0),
        *range(0xD800, 0xE000),
        0xFFFD,
        0xFFFE,
        0xFFFF,
    )
)
