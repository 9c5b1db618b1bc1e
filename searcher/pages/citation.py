"""The citation of a release, or of a text that it had, as BibTeX, for reference managers."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from flask import Response, abort

from index.history import ShownVersion
from index.release_view import ArchivedRelease
from preses_relizes.shared.calendar import riga_day
from searcher.delivery.caching import tag_by_content
from searcher.links import version_path
from searcher.service import current_service

_LANGUAGES = {"lv": "latvian", "en": "english", "ru": "russian"}
# The characters that mean something to TeX.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: rf"\{char}" for char in "{}$&#_%"},
    }
)
# Within \url and in the field url, TeX reads the others as they are.
_URL_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def bibtex(release: str) -> Response:
    """Return the citation of a release as a BibTeX file."""
    archived = current_service().release(release)
    if archived is None:
        abort(HTTPStatus.NOT_FOUND)
    text = write_bibtex(archived, citable_address(archived.id, archived.version))
    return _download(text, f"{archived.id}.bib")


def version_bibtex(release: str, number: int) -> Response:
    """Return the citation of a text that a release had as a BibTeX file."""
    shown = current_service().text_version(release, number)
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    text = write_version_bibtex(shown, citable_address(shown.release, number))
    return _download(text, f"{shown.release}-{number}.bib")


def citable_address(release: str, number: int) -> str:
    """Return the permanent address of a version; empty without a `base_url`: a path alone leads nowhere."""
    base_url = current_service().settings.base_url
    return f"{base_url}{version_path(release, number)}" if base_url else ""


def write_bibtex(release: ArchivedRelease, address: str) -> str:
    """Return *release* as an entry for BibTeX and BibLaTeX; the date of access is when the text was read.

    *address*: of the version that its text is.
    """
    seen = release.sighting.fetched or release.first_seen
    fields = _fields(release, release.url, seen) | {"note": _link(address)}
    return _entry(release.id, fields)


def write_version_bibtex(version: ShownVersion, address: str) -> str:
    """Return *version* as such an entry: of its own *address*, with that of the original beside it."""
    seen = version.seen or version.since
    fields = _fields(version, address or version.url, seen)
    fields |= {"version": str(version.number), "note": _link(version.url) if address else ""}
    return _entry(f"{version.release}-{version.number}", fields)


def _fields(text: ArchivedRelease | ShownVersion, address: str, seen: datetime) -> dict[str, str]:
    return {
        "author": f"{{{_escape(text.ministry)}}}",  # the name of an institution is not split
        "title": f"{{{_escape(text.title)}}}",  # and a title keeps its capitals
        "date": text.published.isoformat() if text.published else "",
        "year": str(text.published.year) if text.published else "",
        "howpublished": "Press release",
        "url": address.translate(_URL_ESCAPES),
        "urldate": riga_day(seen).isoformat(),
        "langid": _LANGUAGES[text.language],
    }


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}}}\n"


def _link(address: str) -> str:
    return rf"\url{{{address.translate(_URL_ESCAPES)}}}" if address else ""


def _download(text: str, name: str) -> Response:
    response = Response(text, content_type="application/x-bibtex; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return tag_by_content(response)


def _escape(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)
