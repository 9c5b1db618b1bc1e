"""The types of problems: each has an address that never changes, with a page that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

TYPES_PATH = "/api/problems"
"""The page that lists the types; the page of each is below it."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem. Its texts are English, and keys of the translations."""

    slug: str
    """The end of its address; never changed, never given to another type."""
    statuses: tuple[HTTPStatus, ...]
    """The HTTP statuses with which it is answered, the usual one first."""
    name: str
    cause: str
    remedy: str

    @property
    def path(self) -> str:
        """Its address, below that of the service."""
        return f"{TYPES_PATH}/{self.slug}"


INVALID_PARAMETER = ProblemType(
    "invalid-parameter",
    (HTTPStatus.BAD_REQUEST,),
    "A parameter is wrong",
    "A parameter is unknown, sent more than once or has a value that it cannot have.",
    "Read errors: it has the reason for each wrong parameter. Correct them and ask again.",
)
INVALID_CURSOR = ProblemType(
    "invalid-cursor",
    (HTTPStatus.BAD_REQUEST,),
    "The cursor is not one of this service",
    "The cursor was changed on the way, or is of another search or another service.",
    "Send the cursor of the last answer as it is, or begin anew with *.",
)
OUTDATED_CURSOR = ProblemType(
    "outdated-cursor",
    (HTTPStatus.GONE,),
    "The cursor is no longer valid",
    "The collection was restored from a backup, so what comes after this cursor is unknown.",
    "Begin anew with since=*, and compare with what you have by the ids of releases and versions.",
)
NOT_IN_COLLECTION = ProblemType(
    "not-in-collection",
    (HTTPStatus.NOT_FOUND,),
    "There is no such release, edit, version or person",
    "The id or number is wrong, or the operator has hidden the release.",
    "Take ids from a search. If you keep a copy of the release, delete it: hidden ones are answered so.",
)
UNKNOWN_ADDRESS = ProblemType(
    "unknown-address",
    (HTTPStatus.NOT_FOUND,),
    "There is nothing at this address",
    "The path is none of those of the API.",
    "Compare the path with the list of endpoints; letters are lower case.",
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed",
    (HTTPStatus.METHOD_NOT_ALLOWED,),
    "This method is not allowed here",
    "The API only reads: it knows GET, HEAD and OPTIONS.",
    "Use one of the methods that the header Allow names.",
)
ADDRESS_TOO_LONG = ProblemType(
    "address-too-long",
    (HTTPStatus.REQUEST_URI_TOO_LONG,),
    "The address is too long",
    "The address is longer than 200,000 bytes.",
    "Shorten the query; only its first 10,000 characters are read in any case.",
)
REQUEST_TOO_LARGE = ProblemType(
    "request-too-large",
    (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    "The request is too large",
    "The headers or the body of the request are larger than the service reads.",
    "Send no body, and fewer or shorter headers.",
)
MALFORMED_REQUEST = ProblemType(
    "malformed-request",
    (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.HTTP_VERSION_NOT_SUPPORTED),
    "The request is not valid HTTP/1.1",
    "The first line, a header or the way in which the body is sent does not follow RFC 9112.",
    "The detail names what is wrong. HTTP libraries send valid requests; check what is written by hand.",
)
UNKNOWN_HOST = ProblemType(
    "unknown-host",
    (HTTPStatus.BAD_REQUEST,),
    "The service is not known by this host name",
    "The header Host has a name that the operator has not allowed.",
    "Use the public name of the service. For operators: the setting is trusted_hosts.",
)
REFUSED_REQUEST = ProblemType(
    "refused-request",
    (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    "The request is refused",
    "The request is wrong in a way that has no type of its own.",
    "The status and the detail say why.",
)
INDEX_NOT_READY = ProblemType(
    "index-not-ready",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "The index is not ready",
    "The index is missing or damaged, or a new one is being put in place.",
    "Try again after the seconds in Retry-After. For operators: see the log and run releases check.",
)
STORE_UNREADABLE = ProblemType(
    "store-unreadable",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "The releases cannot be read just now",
    "The store of the releases cannot be opened; searches for words still work.",
    "Try again after the seconds in Retry-After. For operators: see the log and run releases check.",
)
TOO_SLOW = ProblemType(
    "too-slow",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "The answer takes too long",
    "The search would take more processor time than one answer may.",
    "Ask for fewer words, fewer letters left open or fewer hits; or try again later.",
)
EXPORTS_BUSY = ProblemType(
    "exports-busy",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "Other exports are running",
    "Each server process makes only a few exports at a time, so that searches stay fast.",
    "Try again after the seconds in Retry-After.",
)
TOO_MANY_WAIT = ProblemType(
    "too-many-wait",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "Too many programs wait for changes",
    "Each server process lets only so many requests wait at a time, so that searches stay fast.",
    "Try again after the seconds in Retry-After, or ask without waiting.",
)
OUTDATED_COLLECTION = ProblemType(
    "outdated-collection",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "The sites were not read for too long",
    "The last crawl is older than the operator allows. Only /readyz answers so; searches work.",
    "For operators: see why the crawl does not run, or raise crawl_age_max_h.",
)
RESTARTING = ProblemType(
    "restarting",
    (HTTPStatus.SERVICE_UNAVAILABLE,),
    "The service is restarting",
    "The service ended before it could answer.",
    "Try again after the seconds in Retry-After.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error",
    (HTTPStatus.INTERNAL_SERVER_ERROR,),
    "The service has made a mistake",
    "The program failed at this request. This is not your fault.",
    "Report it with the X-Request-ID of the answer.",
)

PROBLEM_TYPES: Mapping[str, ProblemType] = {
    one.slug: one
    for one in (
        INVALID_PARAMETER,
        INVALID_CURSOR,
        OUTDATED_CURSOR,
        NOT_IN_COLLECTION,
        UNKNOWN_ADDRESS,
        METHOD_NOT_ALLOWED,
        ADDRESS_TOO_LONG,
        REQUEST_TOO_LARGE,
        MALFORMED_REQUEST,
        UNKNOWN_HOST,
        REFUSED_REQUEST,
        INDEX_NOT_READY,
        STORE_UNREADABLE,
        TOO_SLOW,
        EXPORTS_BUSY,
        TOO_MANY_WAIT,
        OUTDATED_COLLECTION,
        RESTARTING,
        INTERNAL_ERROR,
    )
}
"""All of them by slug, in the order in which they are listed."""

_BY_STATUS = {
    status: one
    for one in (METHOD_NOT_ALLOWED, ADDRESS_TOO_LONG, REQUEST_TOO_LARGE, UNKNOWN_ADDRESS)
    for status in one.statuses
}


def type_of_status(status: int) -> ProblemType:
    """Return the type of a problem of which only the HTTP *status* is known."""
    is_fault = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _BY_STATUS.get(HTTPStatus(status), INTERNAL_ERROR if is_fault else REFUSED_REQUEST)
