"""Lists of all releases that answer a query."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from index.engines.answers.broadening import Broadening
from index.engines.interface import Listing
from index.query import Query
from index.results import ListedRelease
from index.search.standing import release_of, unpack

ListingT = TypeVar("ListingT", bound=Listing)


def list_answers(broadening: Broadening, query: Query, list_matches: Callable[[Query], ListingT]) -> ListingT:
    """Return the releases that match *query*; if few do, those of a broader query, as a search does.

    *list_matches* lists the matches of a settled query.
    """
    typed = broadening.settle(query)
    listing = None if query.near else list_matches(typed)
    answered = broadening.answer(typed, listing.total if listing else None)
    if listing and answered.query is typed:
        return listing
    return list_matches(answered.query)


def listed_release(
    stored: Mapping[str, Any], published: date | None, copies: Collection[str], *, is_of_all: bool
) -> ListedRelease:
    """Return the *stored* release; the ministries *copies* published near-duplicates of it.

    If the list *is_of_all* texts, it says when this one stood.
    """
    shown, id_ = stored["shown"], release_of(stored["id"])
    return ListedRelease(
        id=id_,
        url=shown["url"],
        title=shown.get("title", ""),
        lead=shown.get("lead", ""),
        body=shown.get("body", ""),
        published=published,
        site=shown["site"],
        ministry=shown["ministry"],
        language=shown["language"],
        also_published_by=tuple(sorted({*copies} - {shown["ministry"]})),
        gone=shown.get("gone", False),
        edited=shown.get("edited", False),
        machine_translated=shown.get("machine_translated", False),
        stood=unpack(shown["stay"], id_) if is_of_all and "stay" in shown else None,
    )
