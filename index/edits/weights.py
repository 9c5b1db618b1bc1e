"""How much a change weighs: a table, and what several reasons weigh together."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from index.edits.edit_record import Reason, Subject

# In the order of what a reader of corrections must not miss: what was denied, promised or counted, what is
# gone, who, then how it is said. Below MINOR, nothing was said otherwise.
WEIGHTS: Mapping[Subject, int] = MappingProxyType(
    {
        "negation": 90,
        "amount": 88,
        "percent": 86,
        "number": 85,
        "date": 85,
        "passage_removed": 80,
        "time": 78,
        "modality": 70,
        "name": 68,
        "published": 64,
        "sentence_removed": 62,
        "title": 60,
        "sentence_added": 40,
        "lead": 38,
        "wording": 15,
        "link": 6,
        "spelling": 4,
        "credit": 3,
        "order": 2,
        "spacing": 1,
        "counter": 1,
    }
)
MINOR = 10
"""Changes below this weight are minor."""
MOST = 100
# What further reasons of a sentence, and further sentences of an edit, add at most.
_MORE_REASONS, _MORE_CHANGES = 4, 6


def weigh_reasons(reasons: Iterable[Reason], *, more: int = 0) -> int:
    """Return the weight of a change with these *reasons*; *more* is added for its size."""
    weights = sorted((WEIGHTS[reason.subject] for reason in reasons), reverse=True)
    if not weights:
        return 0
    others = sum(weight >= MINOR for weight in weights[1:])
    return min(MOST, weights[0] + more + min(_MORE_REASONS, others))


def weigh_changes(weights: Iterable[int]) -> int:
    """Return the weight of an edit whose changes have these *weights*."""
    ordered = sorted(weights, reverse=True)
    if not ordered:
        return 0
    return min(MOST, ordered[0] + min(_MORE_CHANGES, sum(weight >= MINOR for weight in ordered[1:])))
