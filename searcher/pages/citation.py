"""The citation of a release as BibTeX, for reference managers."""

from http import HTTPStatus

from flask import Response, abort

from index.release_view import ArchivedRelease
from preses_relizes.shared.calendar import riga_day
from searcher.delivery.caching import tag_by_content
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
    response = Response(write_bibtex(archived), content_type="application/x-bibtex; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{archived.id}.bib"'
    return tag_by_content(response)


def write_bibtex(release: ArchivedRelease) -> str:
    """Return *release* as an entry for BibTeX and BibLaTeX; the date of access is when the text was read."""
    seen = riga_day(release.sighting.fetched or release.first_seen)
    fields = {
        "author": f"{{{_escape(release.ministry)}}}",  # the name of an institution is not split
        "title": f"{{{_escape(release.title)}}}",  # and a title keeps its capitals
        "date": release.published.isoformat() if release.published else "",
        "year": str(release.published.year) if release.published else "",
        "howpublished": "Press release",
        "url": release.url.translate(_URL_ESCAPES),
        "urldate": seen.isoformat(),
        "langid": _LANGUAGES[release.language],
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{release.id},\n{lines}}}\n"


def _escape(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)
