"""Buttons of the search form: what is ticked and typed is sent with each, and it changes only what it names.

A link would lead to the search as it was when the page was made, and lose what was ticked since.
"""

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl

from flask import g
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from index.query import drop_days, drop_times
from preses_relizes.shared.calendar import today
from searcher.links import NAMES, Arguments, shorten
from searcher.search_address import encode, shorten_first_day, shorten_last_day

NAME = "set"
"""The parameter that a button sends: `sort=newest`, `ministry=A` to add it, `-ministry=A` to remove it,
`from=&to=` to remove what they have; `-days=-` and `-times=-` take typed days and what asks for earlier
texts out of the query."""
_KEPT = ("near", "verbatim")
"""How the query is read belongs to the query, not to the form; a button keeps it, another query does not."""


def change(changes: Mapping[str, object]) -> str:
    """Return what a button sends to make *changes*: a tuple replaces all values, None and "" remove them."""
    pairs: list[tuple[str, str]] = []
    for key, value in changes.items():
        name = key.rstrip("_")
        if isinstance(value, tuple):
            pairs += [(name, ""), *((name, item) for item in value if item)]
        elif isinstance(value, date):
            pairs.append((name, shorten_first_day(value) if name == "from" else shorten_last_day(value)))
        else:
            text = "" if value is None else str(value)
            pairs.append((name, shorten(text) if name == "q" else text))
    named = {name for name, _ in pairs}
    kept = ((name, g.arguments[name]) for name in _KEPT if name in g.arguments and not {name, "q"} & named)
    return encode((*pairs, *kept))


def press(**changes: object) -> Markup:
    """Return the attributes of a button of the search form that makes *changes*, as `change` takes them."""
    return Markup('form="search" name="{}" value="{}"').format(NAME, escape(change(changes)))


def pressed(arguments: Arguments, sent: str) -> Arguments:
    """Return *arguments* with what a button *sent*; unknown names change nothing."""
    changed: Arguments = MultiDict(arguments)
    for name, value in parse_qsl(sent, keep_blank_values=True):
        is_removed, known = name.startswith("-"), name.removeprefix("-")
        if name == "-times":
            changed["q"] = drop_times(changed.get("q", ""))
        elif name == "-days":
            changed["q"] = drop_days(changed.get("q", ""), today=today())
        elif known not in NAMES:
            continue
        elif is_removed:
            changed.setlist(known, [one for one in changed.getlist(known) if one != value])
        elif not value:
            changed.poplist(known)
        elif NAMES[known]:
            changed.setlist(known, [*dict.fromkeys((*changed.getlist(known), value))])
        else:
            changed[known] = value
    return MultiDict((name, value) for name, value in changed.items(multi=True) if value.strip())


def chooses_days(sent: str) -> bool:
    """Return whether a button *sent* days, with which days in the query would contradict."""
    return any(name in ("from", "to") and value for name, value in parse_qsl(sent))
