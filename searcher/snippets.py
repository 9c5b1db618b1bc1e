"""Passages as HTML: escaped first, marked after; the only HTML made outside the templates."""

from urllib.parse import quote

from markupsafe import Markup, escape

from index.results import Passage


def marked(passage: Passage) -> Markup:
    """Return the text of *passage* as HTML with its matches in ``<mark>``.

    >>> marked(Passage("a < b", ((0, 1),)))
    Markup('<mark>a</mark> &lt; b')
    """
    parts: list[str] = []
    done = 0
    for start, end in passage.marks:
        parts += [escape(passage.text[done:start]), "<mark>", escape(passage.text[start:end]), "</mark>"]
        done = end
    parts.append(escape(passage.text[done:]))
    return Markup("".join(parts))  # noqa: S704 - each part is escaped or ours


def link_to(url: str, passage: Passage | None) -> str:
    """Return *url* so that a browser opens it at *passage* (a text fragment), where there is one to point at.

    Only http and https links are given out; anything else becomes empty.

    Source: https://wicg.github.io/scroll-to-text-fragment/
    """
    if not url.lower().startswith(("http://", "https://")):
        return ""
    if passage is None or not passage.marks or "#" in url:
        return url
    start, end = _bounded(passage.text, *passage.marks[0])
    match = _escaped(passage.text[start:end])
    before = _escaped(" ".join(passage.text[:start].strip(_CUT).split()[-_CONTEXT_WORDS:]))
    after = _escaped(" ".join(passage.text[end:].strip(_CUT).split()[:_CONTEXT_WORDS]))
    here = (f"{before}-," if before else "") + match + (f",-{after}" if after else "")
    # Where the page has other words around it, the match alone is looked for.
    fragment = f"#:~:text={here}" + (f"&text={match}" if here != match else "")
    return url + fragment if len(fragment) <= FRAGMENT_CHARS else url


FRAGMENT_CHARS = 2_000
"""A longer one points at no word; it would only make the answer long."""
_CONTEXT_WORDS = 3
_CUT = "… "
"""What stands where a passage is cut; not in the original."""


def _bounded(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a match to what browsers take for a whole word: all of D.Trofimovs."""
    if text[start - 1 : start] == ".":
        start = text.rfind(" ", 0, start) + 1
    if text[end : end + 1] == "." and text[end + 1 : end + 2].isalpha():
        space = text.find(" ", end)
        end = space if space >= 0 else len(text)
    return start, end


def _escaped(text: str) -> str:
    # `-` and `,` are syntax inside a text directive, so they are escaped by hand.
    return quote(text, safe="").replace("-", "%2D")
