"""The addresses of the lists of the register: their parameters in one order, without usual values."""

from collections.abc import Iterator
from typing import TypeVar

from flask import Response, g, make_response, redirect, request

from searcher.links import list_address
from searcher.params import ParameterError, tidy
from searcher.register.register_params import PagedParams
from searcher.search_address import encode

NAME_CHARS_MAX = 200
Pairs = tuple[tuple[str, str], ...]
P = TypeVar("P", bound=PagedParams)


def read_params(model: type[P]) -> tuple[P, dict[str, str]]:
    """Return the parameters of a page; if some are wrong, the usual ones and the errors by name."""
    try:
        return model.read_known(request.args), {}
    except ParameterError as error:
        return model(), dict(error.errors)


def redirect_to_canonical(endpoint: str, params: PagedParams) -> Response | None:
    """Return the redirect to the one spelling of this list's address; None if it was asked for by that.

    Links to the page in other languages keep its parameters.
    """
    g.own_query = encode(pairs(params))
    if g.own_query == request.query_string.decode("latin-1"):
        return None
    return make_response(redirect(list_address(endpoint, pairs(params))))


def typed_name() -> str:
    """Return the name typed into the box above a list of names; empty if none was."""
    typed = tidy(request.args.get("name", ""))[:NAME_CHARS_MAX]
    g.own_query = request.query_string.decode("latin-1") if typed else ""
    return typed


def pairs(params: PagedParams, *, but: tuple[str, ...] = ()) -> Pairs:
    """Return the parameters that are not as usual, without those named in *but*."""
    return tuple(_pairs(params, but))


def due_pairs(params: PagedParams) -> Pairs:
    """Return the parameters that choose what a part of the calendar has, whichever page of it is shown."""
    return pairs(params, but=("page", "per_page"))


def _pairs(params: PagedParams, but: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    usual = type(params)()
    for field in type(params).model_fields:
        name, value = field.rstrip("_"), getattr(params, field)
        if name not in but and value != getattr(usual, field):
            values = dict.fromkeys(value) if isinstance(value, list) else (value,)
            yield from ((name, str(one)) for one in values)
