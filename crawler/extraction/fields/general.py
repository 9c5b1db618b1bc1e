"""The text of a page of no known family, by a general extractor library: the last resort."""

from functools import cache

from crawler.extraction.html.parse import beginning
from crawler.extraction.sandbox import own_files

# From less than this trafilatura extracts by its second method as well, which loads a hundred lists of words.
_SHORT_PAGE = "<html><body><h1>Virsraksts</h1><p>Teksts, kas ir pavisam īss.</p></body></html>"


def general_text(text: str) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura takes for the text of the page *text*."""
    load()
    found = _extracted(beginning(text))
    return tuple(line.removeprefix("- ") for line in (found or "").split("\n") if line.strip())


@cache
def load() -> None:
    """Load what trafilatura reads from files: only those who read a page that needs it pay."""
    with own_files():
        _extracted(_SHORT_PAGE)


def _extracted(text: str) -> str | None:
    from trafilatura import extract  # noqa: PLC0415 (takes half a second)

    return extract(text, include_comments=False, include_tables=True)
