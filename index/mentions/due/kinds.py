"""What kind of thing falls due: a deadline, an entry into force, a completion or an event."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.mentions.due.predicates import Predicate, Tense
from index.mentions.due.relations import Relation
from index.mentions.records import DueKind


@dataclass(frozen=True, slots=True)
class Matter:
    """What a sentence says of a time."""

    relation: Relation
    clause: str
    verb: str
    """The governing predicate with the two words that follow: `plānots pabeigt`, `stāsies spēkā`."""
    governing: Predicate | None
    predicates: Sequence[Predicate]
    """Those of the clause."""
    is_day: bool

    @property
    def tense(self) -> Tense | None:
        """The tense of the governing predicate."""
        return self.governing.tense if self.governing else None


def _stems(*lines: str) -> re.Pattern[str]:
    """Return a pattern of *lines* of stems; a colon is an edge of a word."""
    stems = (stem.replace(":", r"\b") for line in lines for stem in line.split())
    return re.compile("|".join(stems), re.IGNORECASE)


_ASKED = _stems(
    "pieteik pieteic iesnieg iesūt nodot: jānodod pieņems?: pieņemšan apspriešan rezervē",
    "reģistrē reģistrāc viedok priekšlikum atsauksm komentār nomaks samaks jāmaks akredit balso",
    "anket deklarāc pretendent termiņ paziņot",
    "apply applic consultation submi regist comment :pay: accredit deadline",
    "заявк заявлен подать подава аккредит зарегистр предложени срок",
)
_FORCE = _stems("spēkā piemēro into.force into.effect applicable effective в.силу")
_COMPLETION = _stems(
    "pabeig pabeidz noslē[gd] ekspluatācij apvieno īsteno beigsies :slēgs: complet finish :end: close",
    "заверш законч конч",
)
_BEGINNING = _stems(
    ":sāks :sāksies :atvērs :darbosies :izsludinās :ieviesīs :kļūs :mainīsies :atsāk :begin :start :open",
    ":introduced? :announced :начн",
)
_EVENT = _stems(
    "notiks notiek norisin tiksies apmeklē piedalī :būs: rīkos pulcēsies ieradīsies skatīs skatīt:",
    "vizīt atklās seminār konferenc sapulc sēd[eē] forum diskusij tikšan sacensīb izmaksās slēgt",
    "dežur gaidām[sai] izskanēs dosies uzstāsies take.place :held visit take.part conference :meet consider",
    "состо пройд посетит рассмотр опублик",
)
# What is held, even if it only begins then.
_HELD = _stems("seminār konferenc kampaņ sacensīb mācības: festivāl forum sarunas: tests: campaign")
_OUTCOME = _stems("publicē publiskots rezultāt izvērtēj atjaunosies publish")
_INFINITIVE = re.compile(r"\b\w+(?:t|ties)\b|\bto\b")


def asks(clause: str) -> bool:
    """Return whether a clause is about what people hand in, pay or register."""
    return _ASKED.search(clause) is not None


def kind_of(matter: Matter) -> DueKind:
    """Return the kind of what is due.

    What begins to apply or to work is an entry; what is to be ready, published or decided, a completion.
    """
    if _FORCE.search(matter.verb):
        return "completion" if matter.relation == "until" else "entry"
    if matter.relation == "until":
        return _kind_by_then(matter)
    if matter.relation == "range":
        is_asked = matter.tense in (Tense.DUTY, Tense.INVITATION) or asks(matter.clause)
        return "deadline" if is_asked and not _EVENT.search(matter.verb) else "event"
    if matter.relation == "from":
        return "entry"
    if _BEGINNING.search(matter.verb):
        return "event" if _HELD.search(matter.clause) else "entry"
    return _kind_at_that_time(matter)


def _kind_by_then(matter: Matter) -> DueKind:
    if _COMPLETION.search(matter.verb):
        return "completion"
    is_asked = any(one.tense in (Tense.DUTY, Tense.INVITATION) for one in matter.predicates)
    return "deadline" if is_asked or asks(matter.clause) else "completion"


def _kind_at_that_time(matter: Matter) -> DueKind:
    if _COMPLETION.search(matter.verb) or _OUTCOME.search(matter.clause):
        return "completion"
    is_noun_planned = matter.tense is Tense.PLAN and not _INFINITIVE.search(matter.verb)
    is_event = matter.governing is None or matter.is_day or is_noun_planned or _EVENT.search(matter.clause)
    return "event" if is_event else "completion"
