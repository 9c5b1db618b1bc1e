"""Who and what is in the text of a release, who says what, and what falls due?"""

from index.mentions.reading import read_mentions
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

__all__ = [
    "Amount",
    "Body",
    "Citation",
    "Due",
    "DueKind",
    "Mentions",
    "Person",
    "Place",
    "Role",
    "Span",
    "Statement",
    "read_mentions",
]
