"""Here is an id, or a place in the list of events: give the texts of a release, or what happened since."""

from crawler.store import Span, Structure
from index.history.changes import START, ChangeList, EpochError, ListedEvent, PlaceError
from index.history.text_history import LaterChanges, ShownVersion, Standing, StandingText, TextHistory

__all__ = [
    "START",
    "ChangeList",
    "EpochError",
    "LaterChanges",
    "ListedEvent",
    "PlaceError",
    "ShownVersion",
    "Span",
    "Standing",
    "StandingText",
    "Structure",
    "TextHistory",
]
