"""The place of a release among the hits that led to it: the way back, the previous and the next hit."""

from collections.abc import Sequence
from dataclasses import dataclass

from searcher.i18n import DEFAULT
from searcher.params import DEPTH_MAX, SearchParams
from searcher.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A hit beside the current one."""

    id: str
    title: str
    hit: int
    """Its number among the hits, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitTrail:
    """The place of a release among the hits of a search."""

    hit: int
    """Its number, from 1."""
    total: int
    page: int
    """The page of results that shows it."""
    previous: Neighbour | None
    next: Neighbour | None


def find_trail(
    service: Service, params: SearchParams, hit: int, id_: str, *, face: str = DEFAULT
) -> HitTrail | None:
    """Return the place of the release *id_*, once shown as number *hit*; None if it is no longer there.

    *face* is the language of the pages.
    """
    if not 1 <= hit <= DEPTH_MAX:
        return None
    per_page = params.per_page or service.settings.per_page
    page = (hit - 1) // per_page + 1
    hits, total = _hits(service, params, page, per_page, face)
    place = (hit - 1) % per_page
    if place >= len(hits) or hits[place].id != id_:
        place = next((number for number, one in enumerate(hits) if one.id == id_), -1)
        if place < 0:
            return None
    before = hits[:place]
    if not before and page > 1:
        before, _ = _hits(service, params, page - 1, per_page, face)
    after = hits[place + 1 :]
    if not after and page * per_page < min(total, DEPTH_MAX):
        after, _ = _hits(service, params, page + 1, per_page, face)
    at = (page - 1) * per_page + place + 1
    return HitTrail(
        hit=at,
        total=total,
        page=page,
        previous=_name(before[-1], at - 1) if before else None,
        next=_name(after[0], at + 1) if after else None,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    id: str
    title: str


def _hits(
    service: Service, params: SearchParams, page: int, per_page: int, face: str
) -> tuple[Sequence[_Found], int]:
    on_page = params.model_copy(update={"page": page, "per_page": per_page})
    results = service.results(on_page, face=face)
    return [_Found(hit.id, hit.title.text) for hit in results.hits], results.total


def _name(found: _Found, hit: int) -> Neighbour:
    return Neighbour(id=found.id, title=found.title, hit=hit)
