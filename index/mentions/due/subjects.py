"""Who does what falls due: the body or the people named right before the predicate, as written."""

import re
from functools import cache

from index.mentions.bodies import BODIES, read_bodies
from index.mentions.due.predicates import Tense
from index.mentions.inflected_names import nominative_of
from index.mentions.records import Span

_HEAD = re.compile(
    r"(?<![\w-])(?:[Mm]inistrija|[Ss]aeima|[Vv]aldība|[Dd]ienests|[Aa]ģentūra|[Bb]irojs|[Pp]olicija|[Pp]adome"
    r"|[Kk]omisija|[Cc]entrs|[Ii]nspekcija|[Dd]epartaments|[Dd]ome|[Pp]ārvalde|[Ff]onds|[Tt]iesa|[Rr]obežsardze"
    r"|[Bb]anka|[Kk]abinets|[Pp]ašvaldība|[Pp]ašvaldības|[Uu]zņēmumi|[Ii]edzīvotāji|[Ll]auksaimnieki|[Ss]kolas"
    r"|[Ss]kolēni|[Ss]kolotāji|[Pp]edagogi|[Vv]ecāki|[Uu]zņēmēji|[Kk]omersanti|[Ss]tudenti|[Pp]retendenti)"
    r"[ \u00a0]*$"
)
"""A noun in the nominative."""
_ACTIVE = (Tense.FUTURE, Tense.PLAN, Tense.INVITATION)
_OTHER_SUBJECT = re.compile(
    r"(?:tiks|būs|plānot[sa]|paredzēt[sa]|iecerēt[sa]|gaidām\w|aicin\w+|gaida|lūdz|varētu|pieņem)$"
)
"""Of these the doer is not the subject, or is not the one who is to act."""
_CHARACTERS = 120


@cache
def _known_names() -> tuple[str, ...]:
    """Return the names of bodies in the nominative, the longest first."""
    rows = read_bodies(BODIES.read_text(encoding="utf-8"))
    names = {nominative_of(name) for row in rows for name in row.names}
    return tuple(sorted(names, key=len, reverse=True))


def subject_of(text: str, start: int, predicate: Span, tense: Tense, time: Span) -> str | None:
    """Return who is named right before the *predicate* in a clause from *start*; None if that is not sure.

    The *time* may be between: `dienests līdz gada beigām pārbaudīs`.
    """
    end = predicate[0]
    if time[0] < end and not text[time[1] : end].strip():
        end = time[0]
    if tense not in _ACTIVE or _OTHER_SUBJECT.match(text[predicate[0] : predicate[1]]):
        return None
    before = text[max(start, end - _CHARACTERS) : end]
    head = _HEAD.search(before)
    if not head:
        return None
    whole = before.rstrip()
    return next((name for name in _known_names() if whole.endswith(name)), head[0].strip())
