"""The addresses of the lists of the register: their parameters in one order, without usual values."""

from collections.abc import Iterator
from typing import Any, TypeVar

from flask import g, request, url_for

from searcher.params import ParameterError
from searcher.register.register_params import PagedParams
from searcher.search_address import encode

Pairs = tuple[tuple[str, str], ...]
P = TypeVar("P", bound=PagedParams)


def read_params(model: type[P]) -> tuple[P, dict[str, str]]:
    """Return the parameters of a page; if some are wrong, the usual ones and the errors by name.

    Unknown and empty parameters are left out.
    """
    sent = request.args.copy()
    for name in list(sent):
        values = [value for value in sent.getlist(name) if value.strip()]
        many = model.names().get(name)
        if many is None or not values:
            del sent[name]
        else:
            sent.setlist(name, values if many else values[:1])
    try:
        return model.read(sent), {}
    except ParameterError as error:
        return model(), dict(error.errors)


def pairs(params: PagedParams, *, but: tuple[str, ...] = ()) -> Pairs:
    """Return the parameters that are not as usual, without those named in *but*."""
    return tuple(_pairs(params, but))


def _pairs(params: PagedParams, but: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    usual = type(params)()
    for field in type(params).model_fields:
        name, value = field.rstrip("_"), getattr(params, field)
        if name not in but and value != getattr(usual, field):
            values = dict.fromkeys(value) if isinstance(value, list) else (value,)
            yield from ((name, str(one)) for one in values)


def address(endpoint: str, parameters: Pairs = (), **values: Any) -> str:
    """Return the path of *endpoint* in the language of the page with these *parameters*."""
    path = url_for(endpoint, interface=g.interface.language, **values)
    query = encode(parameters)
    return f"{path}?{query}" if query else path
