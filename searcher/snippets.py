"""Passages and long lists as HTML, escaped; no other code outside the templates makes HTML."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from index.results import Hit, Passage


def highlight(passage: Passage, label: str = "") -> Markup:
    """Return the text of *passage* as HTML with its matches in ``<mark>``; related words have a class.

    They also have the *label* as their title, if given, in which `%(word)s` becomes the typed word.

    >>> highlight(Passage("a < b", ((0, 1),)))
    Markup('<mark>a</mark> &lt; b')
    >>> highlight(Passage("car", ((0, 3),), ("auto",)), "for %(word)s")
    Markup('<mark class="related" title="for auto">car</mark>')
    """
    text = passage.text
    to_html = str if len(escape(text)) == len(text) else escape  # most texts are the same as HTML
    parts: list[str] = []
    done = 0
    for number, (start, end) in enumerate(passage.marks):
        typed = passage.related_to[number] if passage.related_to else ""
        parts += (
            to_html(text[done:start]),
            _related_mark(typed, label) if typed else "<mark>",
            to_html(text[start:end]),
            "</mark>",
        )
        done = end
    parts.append(to_html(text[done:]))
    return Markup("".join(parts))  # noqa: S704 - each part is escaped or ours


def _related_mark(typed: str, label: str) -> str:
    title = f' title="{escape(label % {"word": typed})}"' if label else ""
    return f'<mark class="related"{title}>'


def checkboxes(values: Iterable[tuple[str, str, str, bool]], name: str) -> Markup:
    """Return a checkbox of the parameter *name* for each value, with its label, its number and its state."""
    # A page may have a hundred: a template takes ten times as long.
    parts = [
        f'<label class="value"><input type="checkbox" name="{name}" value="{_escape_kept(value)}"'
        f"{' checked' * is_checked}><span>{_escape_kept(label)}</span> "
        f'<span class="count">{_escape_kept(count)}</span></label>\n'
        for value, label, count, is_checked in values
    ]
    return Markup("".join(parts))  # noqa: S704 - each part is escaped or ours


@lru_cache(1024)  # each page has the same institutions
def _escape_kept(text: str) -> str:
    return str(escape(text))


def link_to(url: str, passage: Passage | None) -> str:
    """Return *url* with a text fragment that opens it at the first match of *passage*.

    Return "" unless it is http or https.

    Source: https://wicg.github.io/scroll-to-text-fragment/
    """
    if not url.lower().startswith(("http://", "https://")):
        return ""
    if passage is None or not passage.marks or "#" in url:
        return url
    start, end = _extend_to_words(passage.text, *passage.marks[0])
    match = _escape(passage.text[start:end])
    before = _escape(
        " ".join(passage.text[:start].strip(_CUT).rsplit(None, _CONTEXT_WORDS)[-_CONTEXT_WORDS:])
    )
    after = _escape(" ".join(passage.text[end:].strip(_CUT).split(None, _CONTEXT_WORDS)[:_CONTEXT_WORDS]))
    here = (f"{before}-," if before else "") + match + (f",-{after}" if after else "")
    # If the page has other words around the match, the browser looks for the match alone.
    fragment = f"#:~:text={here}" + (f"&text={match}" if here != match else "")
    return url + fragment if len(fragment) <= FRAGMENT_CHARS else url


def original_of(hit: Hit) -> str:
    """Return the address of the original of *hit*, as ``link_to`` does, at its best passage.

    The original has no passages of an earlier text.
    """
    return link_to(hit.url, hit.passages[0] if hit.passages and not hit.is_past else None)


FRAGMENT_CHARS = 2_000
"""A longer fragment is left out: it would only make the answer long."""
_CONTEXT_WORDS = 3
_CUT = "… "
"""Added where a passage is cut; not in the original."""


def _extend_to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a match to a whole word as browsers see it: all of D.Trofimovs."""
    if text[start - 1 : start] == ".":
        start = text.rfind(" ", 0, start) + 1
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isalpha():
        space = text.find(" ", end)
        end = space if space >= 0 else len(text)
    return start, end


def _escape(text: str) -> str:
    return "".join(map(_ESCAPED.__getitem__, text.encode()))


# A hit has three such texts, and `quote` takes several times as long. `-` is syntax inside a text directive.
_ESCAPED = [quote(bytes([code]), safe="").replace("-", "%2D") for code in range(256)]
