"""The citation of a release, or of a text that it had, for reference managers: BibTeX, RIS, CSL-JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
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
_GENRE = "Press release"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationRecord:
    """What a reference manager keeps of a text."""

    key: str
    author: str
    title: str
    published: date | None
    url: str
    seen: date
    """The day of access: when the text was read."""
    language: str
    also: str
    """Another address of the text; empty if it has none."""
    version: int | None = None
    """Of the text of a version: its number."""


def bibtex(release: str) -> Response:
    """Return the citation of a release as a BibTeX file."""
    return _download(_cite_release(release), "bib")


def ris(release: str) -> Response:
    """Return the citation of a release as a RIS file."""
    return _download(_cite_release(release), "ris")


def csl(release: str) -> Response:
    """Return the citation of a release as a CSL-JSON file."""
    return _download(_cite_release(release), "csl.json")


def version_bibtex(release: str, number: int) -> Response:
    """Return the citation of a text that a release had as a BibTeX file."""
    return _download(_cite_version(release, number), "bib")


def version_ris(release: str, number: int) -> Response:
    """Return the citation of a text that a release had as a RIS file."""
    return _download(_cite_version(release, number), "ris")


def version_csl(release: str, number: int) -> Response:
    """Return the citation of a text that a release had as a CSL-JSON file."""
    return _download(_cite_version(release, number), "csl.json")


def citable_address(release: str, number: int) -> str:
    """Return the permanent address of a version; empty without a `base_url`: a path alone leads nowhere."""
    base_url = current_service().settings.base_url
    return f"{base_url}{version_path(release, number)}" if base_url else ""


def _cite_release(id_: str) -> CitationRecord:
    archived = current_service().release(id_)
    if archived is None:
        abort(HTTPStatus.NOT_FOUND)
    return cite(archived, citable_address(archived.id, archived.version))


def _cite_version(id_: str, number: int) -> CitationRecord:
    shown = current_service().text_version(id_, number)
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    return cite_version(shown, citable_address(shown.release, number))


def cite(release: ArchivedRelease, address: str) -> CitationRecord:
    """Return the citation of *release*, and the *address* of the version that its text is."""
    return CitationRecord(
        key=release.id,
        author=release.ministry,
        title=_in_one_line(release.title),
        published=release.published,
        url=release.url,
        seen=riga_day(release.sighting.fetched or release.first_seen),
        language=release.language,
        also=address,
    )


def cite_version(version: ShownVersion, address: str) -> CitationRecord:
    """Return the citation of *version* at its own *address*, with that of the original beside it."""
    return CitationRecord(
        key=f"{version.release}-{version.number}",
        author=version.ministry,
        title=_in_one_line(version.title),
        published=version.published,
        url=address or version.url,
        seen=riga_day(version.seen or version.since),
        language=version.language,
        also=version.url if address else "",
        version=version.number,
    )


def write_bibtex(one: CitationRecord) -> str:
    """Return *one* as an entry for BibTeX and BibLaTeX."""
    fields = {
        "author": f"{{{one.author.translate(_ESCAPES)}}}",  # the name of an institution is not split
        "title": f"{{{one.title.translate(_ESCAPES)}}}",  # and a title keeps its capitals
        "date": one.published.isoformat() if one.published else "",
        "year": str(one.published.year) if one.published else "",
        "howpublished": _GENRE,
        "url": one.url.translate(_URL_ESCAPES),
        "urldate": one.seen.isoformat(),
        "langid": _LANGUAGES[one.language],
        "note": rf"\url{{{one.also.translate(_URL_ESCAPES)}}}" if one.also else "",
        "version": str(one.version or ""),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{one.key},\n{lines}}}\n"


def write_ris(one: CitationRecord) -> str:
    """Return *one* as a record of RIS.

    Source: https://en.wikipedia.org/wiki/RIS_(file_format)
    """
    fields = (
        ("TY", "ELEC"),
        ("ID", one.key),
        ("AU", f"{one.author},"),  # without the comma, the last word would be a surname
        ("TI", one.title),
        ("PY", f"{one.published:%Y}" if one.published else ""),
        ("DA", f"{one.published:%Y/%m/%d}" if one.published else ""),
        ("M3", _GENRE),
        ("ET", str(one.version or "")),
        ("LA", one.language),
        ("UR", one.url),
        ("L2", one.also),
        ("Y2", f"{one.seen:%Y/%m/%d}"),
    )
    return "".join(f"{name}  - {value}\r\n" for name, value in fields if value) + "ER  - \r\n"


def write_csl(one: CitationRecord) -> str:
    """Return *one* as CSL-JSON, which citeproc and Zotero read.

    Source: https://docs.citationstyles.org/en/stable/specification.html
    """
    item = {
        "id": one.key,
        "type": "webpage",
        "genre": _GENRE,
        "author": [{"literal": one.author}],
        "title": one.title,
        "issued": _parts(one.published) if one.published else None,
        "accessed": _parts(one.seen),
        "URL": one.url,
        "language": one.language,
        "version": str(one.version or ""),
        "note": one.also,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False) + "\n"


def _parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


_FORMATS: Mapping[str, tuple[str, Callable[[CitationRecord], str]]] = {
    "bib": ("application/x-bibtex; charset=utf-8", write_bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", write_ris),
    "csl.json": ("application/vnd.citationstyles.csl+json; charset=utf-8", write_csl),
}
"""The type of each file, by its ending, and what writes it."""


def _download(one: CitationRecord, ending: str) -> Response:
    kind, write = _FORMATS[ending]
    response = Response(write(one), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{one.key}.{ending}"'
    return tag_by_content(response)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
