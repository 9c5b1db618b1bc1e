"""What is subscribed to: the hits of a search, corrections, or dates that fall due, in a language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from index.query import FILTERS
from searcher import search_address
from searcher.corrections import CorrectionParams, filter_pairs
from searcher.digest import search_of
from searcher.i18n import LANGUAGES, Interface
from searcher.links import with_query
from searcher.params import ParameterError, SearchParams
from searcher.register import DueListParams, due_pairs

Kind = Literal["search", "corrections", "calendar"]
KINDS: tuple[Kind, ...] = ("search", "corrections", "calendar")
CHARS_MAX = 8_000
_NAME_CHARS = 80
# Mail to a stranger must not carry the links of whoever typed the search.
_UNSPACED, _LINK = re.compile(r"\S+"), re.compile(r":/|www\.|\w\.[^\W\d]{2,}|@", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """What is subscribed to."""

    language: str
    kind: Kind
    query: str
    """The canonical query string of its page."""

    def __str__(self) -> str:
        return f"{self.language} {self.about}"

    @property
    def about(self) -> str:
        """It without its language, as the address of the form has it."""
        return with_query(self.kind, self.query)

    @property
    def pairs(self) -> search_address.Pairs:
        """The parameters of its page."""
        return tuple(parse_qsl(self.query))

    @property
    def search(self) -> SearchParams:
        """The search; of the kind ``search``."""
        return _search(self.query)

    @property
    def corrections(self) -> CorrectionParams:
        """The corrections; of the kind ``corrections``."""
        return CorrectionParams.read_known(MultiDict(self.pairs))

    @property
    def calendar(self) -> DueListParams:
        """The part of the calendar; of the kind ``calendar``."""
        return DueListParams.read_known(MultiDict(self.pairs))


@lru_cache(1024)
def _search(query: str) -> SearchParams:
    return search_of(query)


def read_topic(about: str, language: str) -> Topic:
    """Return the topic that *about* names, in canonical form.

    Raises:
        ParameterError: there is no such topic; the field is ``about``.
    """
    kind, _, query = about.partition("?")
    if len(about) > CHARS_MAX:
        raise ParameterError({"about": "is too long"})
    if language not in LANGUAGES or kind not in KINDS:
        raise ParameterError({"about": "is nothing to subscribe to"})
    topic = Topic(language, kind, query)
    try:
        named: Sequence[tuple[str, str]]
        if kind == "search":
            named = search_address.pairs(topic.search.model_copy(update={"sort": "relevance"}), per_page=0)
        elif kind == "corrections":
            named = filter_pairs(topic.corrections)
        else:
            named = due_pairs(topic.calendar)
    except (ParameterError, ValueError) as error:
        raise ParameterError({"about": "is nothing to subscribe to"}) from error
    return Topic(language, kind, search_address.encode(named))


def parse_topic(text: str) -> Topic:
    """Return the topic that was stored as *text*."""
    language, _, about = text.partition(" ")
    kind, _, query = about.partition("?")
    known: dict[str, Kind] = {one: one for one in KINDS}
    return Topic(language, known[kind], query)


def name_of(topic: Topic, interface: Interface) -> str:
    """Return what *topic* is called on pages and in mails: one short line without links."""
    words = list(_words(topic, interface)) or [interface.text("all releases")]
    line = " ".join(", ".join(words).split())
    return line if len(line) <= _NAME_CHARS else f"{line[: _NAME_CHARS - 1].rstrip()}…"


def _without_links(text: str) -> str:
    return _UNSPACED.sub(lambda one: "…" if _LINK.search(one[0]) else one[0], _NOT_SHOWN.sub(" ", text))


def _words(topic: Topic, interface: Interface) -> list[str]:
    named = [(name, _without_links(value)) for name, value in topic.pairs]
    typed = [interface.text("“%(word)s”") % {"word": value} for name, value in named if name == "q"]
    if topic.kind != "search":
        label = "Corrections" if topic.kind == "corrections" else "Calendar"
        return [interface.text(label), *typed, *(value for name, value in named if name == "ministry")]
    by_name = {one.name: one for one in FILTERS}
    filters = [interface.value(by_name[name], value) for name, value in named if name in by_name]
    return typed + filters + [value for name, value in named if name in ("from", "to", "during")]
