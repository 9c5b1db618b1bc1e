"""The addresses of the feeds: the same parameters as the search page, in the same canonical form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, g, json, make_response, redirect, render_template, request, url_for
from pydantic import ValidationError

from index.query import FILTERS
from index.results import Stood
from searcher import links, search_address
from searcher.delivery.caching import tag_by_content
from searcher.feeds import content
from searcher.feeds.entries import ENTRIES, FeedEntry, FeedPage, read_feed
from searcher.notes import MESSAGES
from searcher.params import ParameterError, SearchParams, explain_errors
from searcher.service import current_service

JSON_FEED = "https://jsonfeed.org/version/1.1"
REDIRECTED_CHARS = 3_000
"""A longer canonical address is not redirected to: proxies refuse headers of 4 KB."""
VALUES_NAMED = 5
"""Values of one filter in the title of a feed."""
# A feed is always newest first.
_LEFT_OUT = ("sort", "explain")


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """The addresses that a feed names; absolute if the settings have a ``base_url``."""

    search: search_address.Pairs
    """The parameters of the search without those of a page."""
    per_page: search_address.Pairs

    @classmethod
    def of(cls, named: search_address.Pairs) -> "FeedAddresses":
        """Return the addresses of the feed with the canonical parameters *named*."""
        search = tuple(pair for pair in named if pair[0] not in ("page", "per_page"))
        return cls(search, tuple(pair for pair in named if pair[0] == "per_page"))

    @property
    def name(self) -> str:
        """The part of the address that is the same in all formats and on all pages."""
        return f"{g.interface.language}?{search_address.encode(self.search)}"

    def html(self) -> str:
        """Return the address of the result page."""
        query = search_address.encode(self.search)
        return _absolute(links.search_url(g.interface.language, query))

    def page(self, number: int) -> str:
        """Return the address of page *number* of the feed in the format of this request."""
        numbered = (("page", str(number)),) if number > 1 else ()
        return _absolute(_address(search_address.encode((*self.search, *numbered, *self.per_page))))


def atom_feed() -> Response:
    """Return the feed of a search as Atom (RFC 4287), in pages (RFC 5005)."""
    return _answer("application/atom+xml", _write_atom)


def json_feed() -> Response:
    """Return the feed of a search as JSON Feed 1.1."""
    return _answer("application/feed+json", _write_json)


def _answer(mime_type: str, write: Callable[[FeedPage, FeedAddresses, SearchParams], str]) -> Response:
    params = _read_params()
    named = search_address.pairs(params, per_page=ENTRIES)
    query = search_address.encode(named)
    if query != request.query_string.decode("latin-1") and len(query) <= REDIRECTED_CHARS:
        return make_response(redirect(_address(query)))
    addresses = FeedAddresses.of(named)
    feed = read_feed(current_service(), params, addresses.name, face=g.interface.language)
    response = Response(write(feed, addresses, params), content_type=f"{mime_type}; charset=utf-8")
    return tag_by_content(response, feed.updated)


def _read_params() -> SearchParams:
    """Return the search; as on the page, unknown and empty parameters are ignored.

    Raises:
        ParameterError: some are invalid.
    """
    arguments = links.current_arguments()
    for name in _LEFT_OUT:
        arguments.pop(name, None)
    try:
        return SearchParams.model_validate({"per_page": ENTRIES} | links.typed_arguments(arguments))
    except ValidationError as error:
        raise ParameterError(explain_errors(error)) from error


def _address(query: str) -> str:
    path = url_for(str(request.endpoint), interface=g.interface.language)
    return f"{path}?{query}" if query else path


def _absolute(path: str) -> str:
    return f"{current_service().settings.base_url}{path}"


def name_search(params: SearchParams) -> str:
    """Return a title for the feed of a search: the service, the query and the filters."""
    period = g.interface.period(params.from_, params.to) if params.from_ or params.to else ""
    query = " ".join(params.q.split())[:200]
    values = (g.interface.value(one, value) for one in FILTERS for value in params.chosen(one)[:VALUES_NAMED])
    near = g.interface.text("also the nearest") if params.near else ""
    parts = ", ".join(filter(None, (query, *values, near, period)))
    name = current_service().settings.service_name
    return content.clean(f"{name}: {parts}" if parts else name)


def describe_notes(params: SearchParams) -> str:
    """Return what in a query was read in another way than it may be meant; "" if nothing."""
    notes = current_service().notes(params)
    told = (g.interface.text(MESSAGES[note.kind]) % {"text": note.text} for note in notes)
    return content.clean(". ".join(told))


def timestamp(moment: datetime) -> str:
    """Return *moment* as RFC 3339 says, in UTC.

    >>> timestamp(datetime(2024, 3, 5, 10, 30, 0, 120_000, UTC))
    '2024-03-05T10:30:00.120000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _write_atom(feed: FeedPage, addresses: FeedAddresses, params: SearchParams) -> str:
    return render_template(
        "feed.xml",
        feed=feed,
        addresses=addresses,
        title=name_search(params),
        notes=describe_notes(params),
        content=content,
        timestamp=timestamp,
    )


def _write_json(feed: FeedPage, addresses: FeedAddresses, params: SearchParams) -> str:
    settings = current_service().settings
    document: dict[str, object] = {
        "version": JSON_FEED,
        "title": name_search(params),
        **({"description": notes} if (notes := describe_notes(params)) else {}),
        "language": g.interface.language,
        "authors": [{"name": settings.service_name}],
        "items": [_write_item(entry) for entry in feed.entries],
    }
    if settings.base_url:  # these must be absolute
        document |= {"home_page_url": addresses.html(), "feed_url": addresses.page(feed.page)}
        if feed.page < feed.pages:
            document["next_url"] = addresses.page(feed.page + 1)
    return json.dumps(document, ensure_ascii=False)


def _write_item(entry: FeedEntry) -> dict[str, object]:
    release = entry.release
    return {
        "id": entry.id,
        "url": content.alternate_address(release),
        "title": content.title(release),
        "summary": content.summary(release),
        "content_html": content.content(entry),
        "date_published": timestamp(entry.published),
        "date_modified": timestamp(entry.updated),
        "language": release.language,
        "authors": [{"name": name} for name in (release.ministry, *release.also_published_by)],
        # Names that the format does not define begin with an underscore.
        "_release": {
            "id": release.id,
            "page": content.page_address(release),
            "edited": release.edited,
            "gone": release.gone,
            **(_write_stay(release.stood) if release.stood else {}),
        },
    }


def _write_stay(stay: Stood) -> dict[str, object]:
    """Return the version that an item shows, and when it stood, named as in the API."""
    return {
        "version": {
            "release": stay.release,
            "number": stay.first,
            "page": content.version_address(stay),
            "presumed": stay.presumed and stay.presumed.isoformat(),
            "after": stay.after and timestamp(stay.after),
            "since": timestamp(stay.since),
            "seen": stay.seen and timestamp(stay.seen),
            "until": stay.until and timestamp(stay.until),
        }
    }
