"""The text of a page of no known family, by a general extractor library: the last resort."""

from crawler.markup import beginning

# From less than this trafilatura extracts by its second method as well, which loads a hundred lists of words.
_SHORT_PAGE = "<html><body><h1>Virsraksts</h1><p>Teksts, kas ir pavisam īss.</p></body></html>"


def load() -> None:
    """Load what trafilatura reads from files."""
    general_text(_SHORT_PAGE)


def general_text(text: str) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura takes for the text of the page *text*."""
    from trafilatura import extract  # noqa: PLC0415 (takes half a second: only pages that need it pay)

    found = extract(beginning(text), include_comments=False, include_tables=True)
    return tuple(line.removeprefix("- ") for line in (found or "").split("\n") if line.strip())
