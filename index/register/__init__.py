"""Who said what, what falls due, and which acts are cited, over all releases?"""

from index.register.live_names import LiveNames
from index.register.names_file import FILE as NAMES_FILE
from index.register.names_file import NO_NAMES, ListedNames, load_names
from index.register.recording import (
    MentionReader,
    count_unread,
    record_mentions,
    register_file,
    registered_lines,
)
from index.register.register_file import RegisterFile
from index.register.register_rows import (
    CalendarFilter,
    Follower,
    HeldOffice,
    ListedDue,
    ListedStatement,
    NameCount,
    RegisteredAct,
    RegisteredPerson,
    ReleaseLine,
    StatementFilter,
)

__all__ = [
    "NAMES_FILE",
    "NO_NAMES",
    "CalendarFilter",
    "Follower",
    "HeldOffice",
    "ListedDue",
    "ListedNames",
    "ListedStatement",
    "LiveNames",
    "MentionReader",
    "NameCount",
    "RegisterFile",
    "RegisteredAct",
    "RegisteredPerson",
    "ReleaseLine",
    "StatementFilter",
    "count_unread",
    "load_names",
    "record_mentions",
    "register_file",
    "registered_lines",
]
