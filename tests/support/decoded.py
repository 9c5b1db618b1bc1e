"""Posting lists of the core, compiled or interpreted, as tests read and make them."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from index.search.index_reader import IndexReader

Load = Callable[[str], ModuleType]
POSTING_LISTS = "index.search.compiled.posting_lists"


def docs_of(found: Any) -> list[int]:
    """Return the documents of a decoded list."""
    if hasattr(found, "docs"):  # interpreted
        return found.docs[: found.count].tolist()  # type: ignore[no-any-return]
    from index.search.compiled.matches import Matches  # noqa: PLC0415 - it may be missing

    return Matches(found).array().tolist()  # type: ignore[no-any-return]


def frequencies_of(found: Any) -> list[float]:
    """Return the frequencies of an interpreted list."""
    return found.frequencies[: found.count].tolist()  # type: ignore[no-any-return]


def terms_in_form(load: Load, reader: IndexReader) -> None:
    """Give the segments of a generation terms of a form."""
    module = load(POSTING_LISTS)
    for segment in reader.segments:
        vars(segment)["compiled_terms"] = module.SegmentTerms(segment.postings)


def posting_lists(load: Load, reader: IndexReader) -> Any:
    """Return the posting lists of a generation; from now on, its segments have terms of this form."""
    terms_in_form(load, reader)
    return load(POSTING_LISTS).PostingLists(reader, 1 << 20)
