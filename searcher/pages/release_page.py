"""The page of a release, of one of its edits or versions, and of a release beside its translation."""

from dataclasses import replace
from http import HTTPStatus
from itertools import chain, islice
from urllib.parse import urlsplit

from flask import Response, abort, g, request
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from index.edits import EditFilter, Reason
from index.indexing import split_categories
from index.release_view import ArchivedRelease, Edit
from index.topics import topics_of
from searcher import links
from searcher.delivery.caching import tag_by_content
from searcher.i18n import LANGUAGES
from searcher.pages.citation import citable_address
from searcher.pages.hit_trail import HitTrail, find_trail
from searcher.pages.mentioned import find_mentioned
from searcher.pages.news_article import describe, news_article
from searcher.pages.release_text import TextLabels, mark_release, text_html
from searcher.pages.rendering import page
from searcher.params import SearchParams
from searcher.service import current_service

REASONS = 12
"""Reasons of an edit that its page names."""


def release(release: str) -> Response:
    """Show one release with its provenance and its edits, and the place of the release among the hits."""
    archived = _find(release)
    service, params = current_service(), _search()
    indexed = service.mark(params, archived.id) if params else {}
    text = mark_release(archived, indexed)
    folds = service.edits.folds(archived.id)
    categories = split_categories(archived.category or "")
    shown = page(
        "release.html",
        release=archived,
        times_of=lambda edit: folds.get((edit.release, edit.version + 1), 1),
        cited_address=citable_address(archived.id, archived.version),
        text=text,
        html=text_html(text, archived.structure, _labels()),
        categories=categories,
        topics=topics_of(archived.site, categories),
        params=params,
        trail=_trail(params, archived.id) if params else None,
        similar=service.similar(archived.id),
        host=host_of(archived.url),
        alternates=alternates(archived, g.interface.language),
        description=describe(archived),
        article=news_article(archived),
        mentioned=find_mentioned(service, archived),
    )
    return tag_by_content(shown)


def revision(release: str, number: int) -> Response:
    """Show one edit of a release, inline or side by side."""
    archived = current_service().archive.edit(release, number) if number else None
    if archived is None:
        abort(HTTPStatus.NOT_FOUND)
    (edit,) = archived.revisions
    params, g.hit = _search(), _hit()
    g.side_by_side = request.args.get("view") == "side"
    return tag_by_content(
        page(
            "revision.html",
            release=archived,
            edit=edit,
            params=params,
            is_newest=current_service().archive.edit(release, number + 1) is None,
            reasons=_reasons(edit),
        )
    )


def _reasons(edit: Edit) -> tuple[Reason, ...]:
    """Return why an edit matters, each reason once, the heaviest first; none if it was not compared yet."""
    wanted = EditFilter(release=edit.release, weight=0)
    listed = current_service().edits.edits(wanted, "newest")
    changes = chain.from_iterable(
        one.edit.changes for one in listed if (one.release, one.version) == (edit.release, edit.version + 1)
    )
    reasons = chain.from_iterable(change.reasons for change in changes)
    return tuple(islice(dict.fromkeys(reasons), REASONS))


def version(release: str, number: int) -> Response:
    """Show one text that a release had, and when its site had it."""
    shown = current_service().text_version(release, number)
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    params, g.hit = _search(), _hit()
    leaf = current_service().log.leaf(shown.release, number)
    return tag_by_content(
        page(
            "version.html",
            version=shown,
            html=text_html(mark_release(shown, {}), shown.structure, _labels()),
            later=current_service().later_changes(release, number),
            params=params,
            address=citable_address(shown.release, number),
            leaf=leaf,
            stamp=current_service().log.stamp_path() if leaf else None,
        )
    )


def translation(release: str, other: str) -> Response:
    """Show a release beside its translation."""
    archived = _find(release)
    if other not in [one.id for one in archived.translations]:
        abort(HTTPStatus.NOT_FOUND)
    params, g.hit = _search(), _hit()
    labels = replace(_labels(), paragraph="")  # two texts
    texts = [
        (one, text_html(mark_release(one, {}), one.structure, labels)) for one in (archived, _find(other))
    ]
    return tag_by_content(page("translation.html", release=archived, texts=texts, params=params))


def alternates(archived: ArchivedRelease, interface: str) -> dict[str, str]:
    """Return the id of the release to offer in each language, for search engines (`hreflang`).

    A release with translations is offered in their languages, each text on a page in the same language; its
    other pages name none. One without translations is offered on a page in each language.
    """
    texts: dict[str, str] = {archived.language: archived.id}
    for other in archived.translations:
        texts.setdefault(other.language, other.id)
    if len(texts) == 1:
        return dict.fromkeys(LANGUAGES, archived.id)
    return texts if interface == archived.language else {}


def host_of(url: str) -> str:
    """Return the host of *url* as people write it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _labels() -> TextLabels:
    text = g.interface.text
    return TextLabels(
        related=text("related to “%(word)s”"),
        paragraph=text("Link to paragraph %(number)s"),
        image=text("Image"),
        table=text("Table"),
    )


def _find(id_: str) -> ArchivedRelease:
    archived = current_service().release(id_)
    if archived is None:
        abort(HTTPStatus.NOT_FOUND)
    return archived


def _search() -> SearchParams | None:
    """Return the search that led to this page; None if there was none or its parameters are invalid."""
    g.arguments = links.current_arguments()
    try:
        params = SearchParams.model_validate(links.typed_arguments(g.arguments))
    except ValidationError:
        g.arguments = MultiDict()
        return None
    return params if g.arguments else None


def _hit() -> int:
    """Return the number of the hit that led to this page, from 1; 0 if there was none."""
    number = request.args.get("hit", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0


def _trail(params: SearchParams, id_: str) -> HitTrail | None:
    trail = find_trail(current_service(), params, _hit(), id_, face=g.interface.language)
    g.hit = trail.hit if trail else None
    return trail
