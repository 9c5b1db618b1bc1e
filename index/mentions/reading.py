"""Reads what a release mentions, by rules; what they are not sure of is left out."""

from datetime import date

from crawler.config import Language
from index.analysis import Analyzer
from index.mentions.amounts import find_amounts
from index.mentions.annotated_text import AnnotatedText
from index.mentions.bodies import KnownBodies, shipped_bodies
from index.mentions.citations import find_citations
from index.mentions.due_dates import find_due
from index.mentions.people.full_names import find_full_names
from index.mentions.people.persons import read_people
from index.mentions.places import find_places
from index.mentions.records import Mentions
from index.mentions.speech.statements import find_statements


def read_mentions(
    analyzer: Analyzer,
    text: str,
    language: Language,
    published: date | None,
    *,
    bodies: KnownBodies | None = None,
) -> Mentions:
    """Return what *text* mentions; a title is no part of it.

    *published* is the day that relative times start from; without it, none of them falls due. *bodies* finds
    public bodies: those of the shipped list unless given.
    """
    annotated = AnnotatedText(text, language, analyzer)
    people = read_people(annotated)
    citations = find_citations(annotated)
    return Mentions(
        persons=people.persons,
        statements=find_statements(annotated, people),
        bodies=(bodies or shipped_bodies()).find(annotated, citations),
        places=find_places(annotated),
        citations=citations,
        amounts=find_amounts(annotated),
        due=find_due(annotated, published),
    )


def read_acts(analyzer: Analyzer, text: str, language: Language) -> tuple[str, ...]:
    """Return the acts that *text* cites, in order.

    >>> from index.analysis import default_analyzer
    >>> read_acts(default_analyzer(), "MK noteikumi Nr. 445", "lv")
    ('MK 445',)
    """
    return tuple(one.act for one in find_citations(AnnotatedText(text, language, analyzer)))


def read_name(analyzer: Analyzer, text: str) -> tuple[str, ...]:
    """Return the full names in the nominative that *text* may be in some case, the likeliest first.

    >>> from index.analysis import default_analyzer
    >>> "Agra Lepzare" in read_name(default_analyzer(), "Agrai Lepzarei")
    True
    """
    found = list(find_full_names(AnnotatedText(text, "lv", analyzer)))
    is_whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))
    return tuple(name for reading in found[0].readings for name in reading.names) if is_whole else ()
