"""Who and what is in the text of a release, who says what, and what falls due?"""

from index.mentions.bodies import KnownBodies, body_name, known_bodies
from index.mentions.reading import read_acts, read_mentions, read_name
from index.mentions.records import (
    Amount,
    Body,
    Citation,
    Due,
    DueKind,
    Mentions,
    Person,
    Place,
    Role,
    Span,
    Statement,
)
from index.mentions.rules_digest import rules_digest

__all__ = [
    "Amount",
    "Body",
    "Citation",
    "Due",
    "DueKind",
    "KnownBodies",
    "Mentions",
    "Person",
    "Place",
    "Role",
    "Span",
    "Statement",
    "body_name",
    "known_bodies",
    "read_acts",
    "read_mentions",
    "read_name",
    "rules_digest",
]
