"""The pages: subscribe, confirm, and manage what one has subscribed to."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, Response, abort, current_app, g, request

from searcher.i18n import DEFAULT, LANGUAGES, Interface
from searcher.links import list_address
from searcher.pages.rendering import page
from searcher.params import ParameterError
from searcher.search_address import encode
from searcher.service import current_service
from searcher.subscriptions.database import DAY_S, RHYTHMS, Rhythm, StoredSubscription
from searcher.subscriptions.desk import ID_BYTES, Desk
from searcher.subscriptions.mail_address import mailbox_of, read_address
from searcher.subscriptions.subscription_file import FormLimits, Request, TooManyFormsError
from searcher.subscriptions.topic import Topic, name_of, parse_topic, read_topic
from searcher.views import choose_interface

subscriptions = Blueprint("subscriptions", __name__)
subscriptions.url_value_preprocessor(choose_interface)

CONFIRM, MANAGE = "confirm", "manage"
"""What the links in mails are for: a link for one use is worth nothing for another."""
_FORM_BYTES_MAX = 64_000
T = TypeVar("T")


def subscribe() -> Response:
    """Show the form, or take it: then a mail asks to confirm it, whatever is known of the address."""
    if request.method != "POST":
        return _show_form({"about": request.args.get("about", "")}, {})
    _require_same_site()
    typed, errors = _typed("about", "address", "rhythm"), dict[str, str]()
    topic = _read(errors, lambda: read_topic(typed["about"], g.interface.language))
    address = _read(errors, lambda: read_address(typed["address"]))
    rhythm = _read(errors, lambda: _rhythm(typed["rhythm"]))
    if not (topic and address and rhythm):
        return _show_form(typed, errors, HTTPStatus.BAD_REQUEST)
    desk = current_desk()
    try:
        desk.file.ask(_request(desk, topic, address, rhythm), _limits(desk), now=desk.now)
    except TooManyFormsError:
        response = _show_form(typed, {"form": "too many forms today"}, HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(DAY_S - desk.now % DAY_S)
        return response
    return _page(
        "subscription_asked.html", name=name_of(topic, g.interface), days=desk.settings.unconfirmed_d
    )


def confirm() -> Response:
    """Show what the link of a confirmation is for, or begin it: programs that follow links begin nothing."""
    desk, subscription = current_desk(), _subscription(CONFIRM)
    done = ""
    if request.method == "POST" and subscription:
        _require_same_site()
        done = _typed("do")["do"]
        if done == "refuse":
            desk.file.refuse(subscription.id)
        elif done == "confirm":
            desk.file.confirm(subscription.id, now=desk.now)
        else:
            abort(HTTPStatus.BAD_REQUEST)
    manage = subscription and manage_path(desk, subscription.id)
    return _page(
        "subscription_confirm.html",
        HTTPStatus.OK if subscription else HTTPStatus.NOT_FOUND,
        subscription=subscription,
        name=subscription and _name(subscription),
        done=done,
        manage=manage,
    )


def manage() -> Response:
    """Show what the address of a link is subscribed to, or change that.

    The one click of a mail program (RFC 8058) is a POST of its own; it comes from anywhere, and a second one
    is no error.
    """
    desk, token = current_desk(), request.args.get("t", "")
    id_ = desk.keys.read_token(MANAGE, token)
    if id_ is None:
        return _page("subscription_manage.html", HTTPStatus.NOT_FOUND, listed=(), is_known=False)
    if request.method == "POST":
        _limit_form()
        if request.form.get("List-Unsubscribe") == "One-Click":
            desk.file.stop(id_)
            return Response(f"{g.interface.text('You are not mailed any more.')}\n", content_type=_TEXT)
        _require_same_site()
        id_ = _change(desk, id_)
    listed = desk.file.same_address(id_) if id_ else []
    return _page(
        "subscription_manage.html",
        listed=[(one, _name(one), desk.keys.token(MANAGE, one.id)) for one in listed],
        is_known=True,
        here=manage_path(desk, id_) if id_ else "",
        rhythms=RHYTHMS,
    )


_TEXT = "text/plain; charset=utf-8"


def _change(desk: Desk, id_: bytes) -> bytes | None:
    """Do what a form of the managing page asks for; return a subscription that is left, by which to go on."""
    typed = _typed("do", "of", "rhythm")
    of = desk.keys.read_token(MANAGE, typed["of"])
    match typed["do"]:
        case "stop" if of:
            left = [one.id for one in desk.file.same_address(id_) if one.id != of]
            desk.file.stop(of)
            return next(iter(left), None)
        case "stop_all":
            desk.file.stop_all(id_)
        case "refuse":
            desk.file.refuse(id_)
        case "rhythm" if of and typed["rhythm"] in RHYTHMS:
            desk.file.set_rhythm(of, _rhythm(typed["rhythm"]))
            return id_
        case _:
            abort(HTTPStatus.BAD_REQUEST)
    return None


def manage_path(desk: Desk, id_: bytes) -> str:
    """Return the path of the managing page for whoever gets the mails of the subscription *id_*."""
    return list_address("subscriptions.manage", [("t", desk.keys.token(MANAGE, id_))])


def confirm_path(desk: Desk, id_: bytes) -> str:
    """Return the path of the page that confirms the subscription *id_*."""
    return list_address("subscriptions.confirm", [("t", desk.keys.token(CONFIRM, id_))])


def current_desk() -> Desk:
    """Return the desk of the current app."""
    desk = current_app.extensions["subscriptions"]
    assert isinstance(desk, Desk)  # noqa: S101 - narrows the type of Flask's untyped registry
    return desk


def _request(desk: Desk, topic: Topic, address: str, rhythm: Rhythm) -> Request:
    id_ = secrets.token_bytes(ID_BYTES)
    return Request(
        id=id_,
        person=desk.keys.digest("person", address.lower()),
        mailbox=desk.keys.digest("mailbox", mailbox_of(address)),
        address=desk.keys.encrypt(id_, address),
        network=desk.network_digest(request.remote_addr or ""),
        topic=str(topic),
        rhythm=rhythm,
    )


def _limits(desk: Desk) -> FormLimits:
    chosen = desk.settings
    return FormLimits(per_address=chosen.per_address, per_network=chosen.per_network, per_day=chosen.per_day)


def _subscription(use: str) -> StoredSubscription | None:
    return current_desk().find(use, request.args.get("t", ""))


def _name(subscription: StoredSubscription) -> str:
    return name_of(parse_topic(subscription.topic), g.interface)


def _rhythm(typed: str) -> Rhythm:
    rhythm = next((one for one in RHYTHMS if one == typed), None)
    if rhythm is None:
        raise ParameterError({"rhythm": "must be chosen"})
    return rhythm


def _read(errors: dict[str, str], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except ParameterError as error:
        errors.update(error.errors)
        return None


def _typed(*names: str) -> dict[str, str]:
    """Return the fields of the form that was sent; empty if they are not in it."""
    _limit_form()
    return {name: request.form.get(name, "") for name in names}


def _limit_form() -> None:
    request.max_content_length = _FORM_BYTES_MAX


def _require_same_site() -> None:
    """Refuse a form of another site: a page that sends it from its visitors' networks evades the limits.

    Browsers say where a form comes from; what says nothing is no browser.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        is_ours = site in ("same-origin", "none")
    else:
        is_ours = origin is None or origin == current_service().settings.base_url
    if not is_ours:
        abort(HTTPStatus.FORBIDDEN)


def _show_form(typed: dict[str, str], errors: dict[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
    interface: Interface = g.interface
    topic = _read(found := dict[str, str](), lambda: read_topic(typed["about"], interface.language))
    is_wrong = bool(found) and status == HTTPStatus.OK
    return _page(
        "subscribe_form.html",
        HTTPStatus.BAD_REQUEST if is_wrong else status,
        typed=typed,
        errors=found | errors,
        name=topic and name_of(topic, interface),
        about=topic.about if topic else typed["about"],
        rhythms=RHYTHMS,
    )


def _page(template: str, status: HTTPStatus = HTTPStatus.OK, **context: object) -> Response:
    # Links to the page in other languages keep what it is about.
    kept = [(name, request.args[name]) for name in ("about", "t") if request.args.get(name)]
    g.own_query = encode(kept)
    response = page(template, status, **context)
    response.headers["Cache-Control"] = "no-store"
    # A link from a mail is a key. With "no-referrer", browsers would not say where a form comes from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


_PAGES = (
    ("/abonet", "/subscribe", subscribe),
    ("/abonet/apstiprinat", "/subscribe/confirm", confirm),
    ("/abonet/parvaldit", "/subscribe/manage", manage),
)

for path, english, view in _PAGES:
    for language in LANGUAGES:
        rule = path if language == DEFAULT else f"/{language}{english}"
        subscriptions.add_url_rule(
            rule, view.__name__, view, defaults={"interface": language}, methods=["GET", "POST"]
        )
