"""The page of corrections and its feeds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from flask import Response, g, json, make_response, redirect, render_template, request, url_for

from index.edits import KINDS, ListedEdit
from preses_relizes.shared.calendar import riga_day
from searcher.corrections.correction_params import PER_PAGE, CorrectionListParams, CorrectionParams
from searcher.corrections.listing import CorrectionsFeed, Event, read_corrections, read_corrections_feed
from searcher.corrections.reason_texts import ShownEdit, reason_text
from searcher.delivery.caching import tag_by_content
from searcher.feeds.content import clean
from searcher.feeds.entries import distinct_moment, urn
from searcher.feeds.views import JSON_FEED, timestamp
from searcher.links import list_address, with_query
from searcher.pages.rendering import page
from searcher.params import ParameterError
from searcher.search_address import encode
from searcher.service import current_service

DAYS = (
    ("", "any time"),
    ("0", "on the day of publication"),
    ("0-7", "within a week"),
    ("8-", "later than a week"),
    ("31-", "later than a month"),
)
"""Choices of the form for the days after publication, with the English texts."""
WEIGHTS = (
    ("0", "all, also spelling"),
    ("", "changes of meaning"),
    ("40", "medium and heavy"),
    ("60", "heavy only"),
)
"""Choices of the form for the least weight."""

Pairs = tuple[tuple[str, str], ...]


def corrections() -> Response:
    """Show the corrections of all institutions, by day."""
    params, errors = _read()
    canonical = _pairs(params)
    if not errors and encode(canonical) != request.query_string.decode("latin-1"):
        return make_response(redirect(list_address("views.corrections", canonical)))
    g.own_query = encode(canonical)
    found = read_corrections(current_service(), params)
    response = page(
        "corrections.html",
        400 if errors else 200,  # type: ignore[arg-type]
        found=found,
        days=[(day, list(cards)) for day, cards in _by_day(found.edits)],
        wanted=params,
        errors=errors,
        kinds=KINDS,
        choices={"days": DAYS, "weight": WEIGHTS},
        weight=_chosen_weight(params),
        per_page_usual=PER_PAGE,
        ministries=sorted({*current_service().edits.ministries(), *params.ministry}),
        reason_text=lambda reason: reason_text(reason, g.interface),
        address=lambda **pages: list_address("views.corrections", _pairs(params.model_copy(update=pages))),
        about=("corrections", filter_pairs(params)),
        forms=_forms(params),
    )
    return response if errors else tag_by_content(response)


def _by_day(edits: Sequence[ListedEdit]) -> Iterator[tuple[object, Iterator[ShownEdit]]]:
    for day, listed in groupby(edits, key=lambda edit: riga_day(edit.noticed)):
        yield day, map(ShownEdit.of, listed)


def corrections_atom() -> Response:
    """Return the corrections as Atom (RFC 4287)."""
    params = _read_of_feed()
    found = read_corrections_feed(current_service(), params)
    updated = _updated(found)
    body = render_template(
        "corrections.xml",
        entries=[_EventEntry.of(event) for event in found.events],
        feed_id=urn(f"corrections {g.interface.language}?{encode(filter_pairs(params))}"),
        updated=timestamp(updated),
        title=_title(),
        self_address=_absolute("views.corrections_atom", _pairs(params)),
        next_address=_next_page("views.corrections_atom", params, found),
        page_address=_absolute("views.corrections", filter_pairs(params)),
        clean=clean,
    )
    return tag_by_content(Response(body, content_type="application/atom+xml; charset=utf-8"), updated)


def corrections_json() -> Response:
    """Return the corrections as JSON Feed 1.1."""
    params = _read_of_feed()
    found = read_corrections_feed(current_service(), params)
    settings = current_service().settings
    document: dict[str, object] = {
        "version": JSON_FEED,
        "title": _title(),
        "language": g.interface.language,
        "authors": [{"name": settings.service_name}],
        "items": [_EventEntry.of(event).as_json() for event in found.events],
    }
    if settings.base_url:  # these must be absolute
        document["home_page_url"] = _absolute("views.corrections", filter_pairs(params))
        document["feed_url"] = _absolute("views.corrections_json", _pairs(params))
        if following := _next_page("views.corrections_json", params, found):
            document["next_url"] = following
    body = json.dumps(document, ensure_ascii=False)
    response = Response(body, content_type="application/feed+json; charset=utf-8")
    return tag_by_content(response, _updated(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _EventEntry:
    """An edit or a departure as both feeds show it."""

    event: Event
    id: str
    title: str
    address: str
    noticed: str
    """As its time of publication; it is never updated."""
    content: str
    kinds: tuple[tuple[str, str], ...]
    """What happened, as the API names it, and the key of its text."""

    @classmethod
    def of(cls, event: Event) -> "_EventEntry":
        return cls(
            event=event,
            id=_id(event),
            title=clean(event.title).strip() or event.release,
            address=_base() + _event_address(event),
            noticed=timestamp(_moment(event)),
            content=clean(_content(event)),
            kinds=_kinds(event),
        )

    def as_json(self) -> dict[str, object]:
        event = self.event
        others: dict[str, object] = (
            {
                "_edit": {
                    "release": event.release,
                    "version": event.version,
                    "weight": event.weight,
                    "kinds": list(event.edit.kinds),
                }
            }
            if isinstance(event, ListedEdit)
            else {"_departure": {"release": event.release, "kind": event.kind}}
        )
        return {
            "id": self.id,
            "url": self.address,
            "title": self.title,
            "content_html": self.content,
            "date_published": self.noticed,
            "date_modified": self.noticed,
            "language": event.language,
            "authors": [{"name": event.ministry}],
            **others,
        }


def _kinds(event: Event) -> tuple[tuple[str, str], ...]:
    if isinstance(event, ListedEdit):
        return tuple((kind, f"kind-{kind}") for kind in event.edit.kinds)
    return ((event.kind, f"departure-{event.kind}"),)


def _event_address(event: Event) -> str:
    return (
        edit_address(event)
        if isinstance(event, ListedEdit)
        else url_for("views.release", interface=g.interface.language, release=event.release)
    )


def _content(event: Event) -> str:
    if not isinstance(event, ListedEdit):
        return render_template("departure_entry.html", departure=event)
    return render_template(
        "correction_entry.html",
        card=ShownEdit.of(event),
        reason_text=lambda one: reason_text(one, g.interface),
    )


def edit_address(listed: ListedEdit) -> str:
    """Return the path of the page of an edit."""
    language = g.interface.language
    return url_for("views.revision", interface=language, release=listed.release, number=listed.revision)


def _moment(event: Event) -> datetime:
    return distinct_moment(event.noticed, _id(event))


def _id(event: Event) -> str:
    if isinstance(event, ListedEdit):
        return urn(f"edit {event.release} {event.version}")
    return urn(f"departure {event.release} {event.noticed.isoformat()}")


def _updated(found: CorrectionsFeed) -> datetime:
    indexed = current_service().engine.info().published or datetime.now(UTC)
    return max(map(_moment, found.events), default=indexed)


def _title() -> str:
    return clean(f"{current_service().settings.service_name}: {g.interface.text('Corrections')}")


# --- Parameters and addresses ----------------------------------------------------------------------


def _read() -> tuple[CorrectionListParams, Mapping[str, str]]:
    """Return the parameters of the page; if some are wrong, the usual ones and the errors by name."""
    try:
        return _read_strictly(), {}
    except ParameterError as error:
        return CorrectionListParams(), error.errors


def _read_strictly() -> CorrectionListParams:
    """Return the parameters that were sent, without unknown and empty ones.

    Raises:
        ParameterError: some are wrong.
    """
    return CorrectionListParams.read_known(request.args)


def _read_of_feed() -> CorrectionListParams:
    """Return the parameters that were sent, with the order of every feed.

    Raises:
        ParameterError: some are wrong.
    """
    return _read_strictly().model_copy(update={"sort": "newest"})


def filter_pairs(params: CorrectionParams) -> Pairs:
    """Return the parameters that choose edits, in canonical order, without those that are as usual."""
    usual = CorrectionListParams()
    is_usual_weight = params.least_weight == CorrectionListParams(kind=params.kind).least_weight
    pairs: list[tuple[str, str]] = []
    for name in ("q", "ministry", "kind", "days", "weight", "from_", "to", "release"):
        value = getattr(params, name)
        is_usual = is_usual_weight if name == "weight" else value == getattr(usual, name)
        if not is_usual:
            values = dict.fromkeys(value) if isinstance(value, list) else (value,)
            pairs += ((name.rstrip("_"), str(one)) for one in values)
    return tuple(pairs)


def _pairs(params: CorrectionListParams) -> Pairs:
    others = (
        ("sort", params.sort, "newest"),
        ("page", params.page, 1),
        ("per_page", params.per_page, PER_PAGE),
        ("departures_page", params.departures_page, 1),
    )
    return (*filter_pairs(params), *((name, str(value)) for name, value, usual in others if value != usual))


def _chosen_weight(params: CorrectionListParams) -> str:
    """Return the value of the form for the least weight; empty if it is as usual."""
    is_usual = params.least_weight == CorrectionListParams().weight and "minor" not in params.kind
    return "" if is_usual else str(params.least_weight)


def _forms(params: CorrectionListParams) -> Mapping[str, str]:
    pairs = filter_pairs(params)
    return {
        "Atom": list_address("views.corrections_atom", pairs),
        "JSON Feed": list_address("views.corrections_json", pairs),
        "CSV": with_query(url_for("api.corrections_csv"), encode(pairs)),
        "NDJSON": with_query(url_for("api.corrections_ndjson"), encode(pairs)),
    }


def _next_page(endpoint: str, params: CorrectionListParams, found: CorrectionsFeed) -> str:
    """Return the address of the next page of a feed (RFC 5005); empty on the last."""
    if params.page >= found.pages:
        return ""
    return _absolute(endpoint, _pairs(params.model_copy(update={"page": params.page + 1})))


def _absolute(endpoint: str, pairs: Pairs) -> str:
    return _base() + list_address(endpoint, pairs)


def _base() -> str:
    return current_service().settings.base_url
