"""The text of a page of no known family, by a general extractor library: the last resort."""

from crawler.markup import beginning


def general_text(text: str) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura takes for the text of the page *text*."""
    from trafilatura import extract  # noqa: PLC0415 (takes half a second: only pages that need it pay)

    found = extract(beginning(text), include_comments=False, include_tables=True)
    return tuple(line.removeprefix("- ") for line in (found or "").split("\n") if line.strip())
