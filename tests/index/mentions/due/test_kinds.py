"""The kind follows from the relation, the governing predicate and what is handed in or held."""

import pytest

from index.mentions.due.kinds import Matter, asks, kind_of
from index.mentions.due.predicates import Predicate, Tense
from index.mentions.due.relations import Relation


def matter(
    clause: str, verb: str, relation: Relation, *, tense: Tense = Tense.FUTURE, is_day: bool = True
) -> Matter:
    governing = Predicate(0, len(verb), tense)
    return Matter(relation, clause, verb, governing, [governing], is_day)


@pytest.mark.parametrize(
    ("clause", "verb", "relation", "kind"),
    [
        ("Likums stāsies spēkā", "stāsies spēkā", "in", "entry"),
        ("Aizliegums būs spēkā", "būs spēkā", "until", "completion"),
        ("Nodoklis augs", "augs", "from", "entry"),
        ("Skola darbu sāks", "sāks", "in", "entry"),
        ("Semināri sāksies", "sāksies", "in", "event"),
        ("Remontu pabeigs", "pabeigs", "in", "completion"),
        ("Pieteikumus pieņems", "pieņems", "until", "deadline"),
        ("Ministrija sagatavos plānu", "sagatavos plānu", "until", "completion"),
        ("Rezultātus publicēs", "publicēs", "in", "completion"),
        ("Konference notiks", "notiks", "in", "event"),
        ("Mācības notiks", "notiks", "range", "event"),
        ("Deklarācijas iesniegs", "iesniegs", "range", "deadline"),
    ],
)
def test_the_kind_of_a_matter(clause: str, verb: str, relation: Relation, kind: str) -> None:
    assert kind_of(matter(clause, verb, relation)) == kind


def test_a_duty_until_a_day_is_a_deadline() -> None:
    assert kind_of(matter("Skaitītāji jānomaina", "jānomaina", "until", tense=Tense.DUTY)) == "deadline"


def test_a_longer_time_completes_what_a_day_holds() -> None:
    kinds = [
        kind_of(matter("Dienests saņems auto", "saņems auto", "in", is_day=day)) for day in (True, False)
    ]
    assert kinds == ["event", "completion"]


@pytest.mark.parametrize(("clause", "is_asked"), [("Pieteikumi gaidāmi", True), ("Darbi rit", False)])
def test_people_hand_in_pay_and_register(clause: str, *, is_asked: bool) -> None:
    assert asks(clause) == is_asked
