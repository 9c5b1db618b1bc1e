"""Here is an id, or a place in the list of events: give the texts of a release, or what happened since."""

from index.history.changes import START, Change, ChangeList, EpochError, PlaceError
from index.history.text_history import ShownVersion, TextHistory

__all__ = ["START", "Change", "ChangeList", "EpochError", "PlaceError", "ShownVersion", "TextHistory"]
