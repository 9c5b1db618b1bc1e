"""What stands above the results of a query that is a name, and where a query for statements leads."""

import re
from dataclasses import dataclass

from index.mentions import read_name
from index.register import RegisteredPerson
from searcher.params import SearchParams, tidy
from searcher.service import Service

_WORDS_MAX = 4
_SAID = re.compile(r'(?:^|\s)(?:teica|said|сказал):\s*(?:[„“”"«]([^„“”"«»]+)[“”"»]|(\S+))', re.IGNORECASE)


def find_card(service: Service, params: SearchParams) -> RegisteredPerson | None:
    """Return the person whom a query without filters names, in any case of the name; None if it is no name.

    A surname alone is a name if one person alone has it.
    """
    query = tidy(params.q)
    if params.page > 1 or params.filter_count or not 1 <= len(query.split()) <= _WORDS_MAX:
        return None
    register = service.register
    if " " not in query:
        listed = register.only_person(query)
    else:
        written = query.title() if query.islower() else query
        listed = register.find_person(query, *read_name(service.asker.analyzer, written))
    return register.person(listed) if listed else None


@dataclass(frozen=True, slots=True)
class SaidQuery:
    """A query for statements: ``teica:"Agra Lepzare" budžets``."""

    speaker: str
    words: str


def read_said(query: str) -> SaidQuery | None:
    """Return the speaker and the words of a query for statements; None if it is no such query.

    >>> read_said('teica:"Agra Lepzare" skolu tīkls')
    SaidQuery(speaker='Agra Lepzare', words='skolu tīkls')
    """
    found = _SAID.search(query)
    if found is None:
        return None
    return SaidQuery(
        (found[1] or found[2]).strip(), tidy(query[: found.start()] + " " + query[found.end() :])
    )


def said_pairs(said: SaidQuery) -> dict[str, str]:
    """Return the parameters of the list of statements for *said*."""
    return {"q": said.words, "speaker": said.speaker} if said.words else {"speaker": said.speaker}
