"""The calendar as iCalendar (RFC 5545), for the calendars of telephones and offices."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from flask import Response, g

from index.register import ListedDue
from searcher.delivery.caching import tag_by_content
from searcher.feeds.entries import urn
from searcher.links import list_address
from searcher.params import ParameterError
from searcher.register.list_address import read_params
from searcher.register.listing import read_due
from searcher.register.register_params import DueListParams
from searcher.service import current_service

EVENTS_MAX = 100
_LINE_BYTES = 75


def due_ics() -> Response:
    """Return what falls due as all-day events."""
    params, errors = read_params(DueListParams)
    if errors:
        raise ParameterError(errors)
    found = read_due(current_service(), params.model_copy(update={"per_page": EVENTS_MAX}))
    made = current_service().engine.info().published or datetime.now(UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//preses-relizes//kalendars//LV",
        f"X-WR-CALNAME:{_escape(g.interface.text('Calendar'))}",
        *(line for one in found.rows for line in _event(one, made)),
        "END:VCALENDAR",
    ]
    body = "".join(f"{_fold(line)}\r\n" for line in lines)
    return tag_by_content(Response(body, content_type="text/calendar; charset=utf-8"))


def _event(one: ListedDue, made: datetime) -> Iterator[str]:
    release = one.release
    base = current_service().settings.base_url
    yield "BEGIN:VEVENT"
    yield f"UID:{urn(f'due {release.id} {one.start} {one.time[0]}').removeprefix('urn:uuid:')}"
    yield f"DTSTAMP:{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{one.first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.last + timedelta(days=1):%Y%m%d}"  # exclusive
    yield f"SUMMARY:{_escape(f'{release.ministry}: {one.text}')}"
    yield f"DESCRIPTION:{_escape(release.title)}"
    yield f"CATEGORIES:{_escape(g.interface.text(f'due-{one.kind}'))}"
    yield f"URL:{base}{list_address('views.release', release=release.id)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escape(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, escaped)
    return "\\n".join(text.splitlines())


def _fold(line: str) -> str:
    """Return *line* in pieces of at most 75 bytes, each but the first after a space."""
    pieces, piece, size = list[str](), "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LINE_BYTES - bool(pieces):
            pieces.append(piece)
            piece, size = "", 0
        piece, size = piece + letter, size + width
    return "\r\n ".join([*pieces, piece])
