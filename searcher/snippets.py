"""Passages as HTML: escaped first, marked after; the only HTML made outside the templates."""

from urllib.parse import quote

from markupsafe import Markup, escape

from index.engine import Passage


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
    start, end = passage.marks[0]
    # `-` and `,` are syntax inside a text directive, so they are escaped by hand.
    fragment = quote(passage.text[start:end], safe="").replace("-", "%2D")
    return f"{url}#:~:text={fragment}"
