"""The kind follows from the relation, the governing predicate and what is handed in or held."""

from dataclasses import replace

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


@pytest.mark.parametrize(
    ("kind", "verbs"),
    [
        (
            "entry",
            "stāsies spēkā, into force, effective, в силу, atvērs, kļūs, begins, opens, announced",
        ),
        ("entry", "начнут, ieviesīs, mainīsies, introduced"),
        ("completion", "noslēgs, noslēdz, slēgs, completed, the end, завершат, beigsies"),
        ("event", "slēgsies, reopens, trend, saņems, начали"),
    ],
)
def test_a_verb_tells_what_comes_on_a_day(kind: str, verbs: str) -> None:
    assert {verb: kind_of(matter("Nams", verb, "in")) for verb in verbs.split(", ")} == dict.fromkeys(
        verbs.split(", "), kind
    )


@pytest.mark.parametrize(
    ("clause", "verb", "tense", "kind"),
    [
        ("Plānota atklāšana", "plānota", Tense.PLAN, "event"),
        ("Plānots saņemt", "plānots saņemt", Tense.PLAN, "completion"),
        ("It is planned", "planned to", Tense.PLAN, "completion"),
        ("Ministrs apmeklēs skolu", "apmeklēs", Tense.FUTURE, "event"),
        ("Visit by the minister", "receives", Tense.FUTURE, "event"),
        ("Состоится", "состоится", Tense.FUTURE, "event"),
        ("Dienests saņems auto", "saņems", Tense.FUTURE, "completion"),
        ("Izvērtējums gaidāms", "sniegs", Tense.FUTURE, "completion"),
    ],
)
def test_what_comes_in_a_longer_time(clause: str, verb: str, tense: Tense, kind: str) -> None:
    assert kind_of(matter(clause, verb, "in", tense=tense, is_day=False)) == kind


def test_what_no_predicate_governs_is_an_event() -> None:
    assert kind_of(Matter("in", "Nams", "", None, [], is_day=False)) == "event"
    assert Matter("in", "Nams", "", None, [], is_day=False).tense is None


@pytest.mark.parametrize(
    ("verb", "tense", "kind"),
    [
        ("jānomaina", Tense.DUTY, "deadline"),
        ("aicina", Tense.INVITATION, "deadline"),
        ("notiks", Tense.DUTY, "event"),
        ("nomainīs", Tense.FUTURE, "event"),
    ],
)
def test_what_people_must_do_in_some_days_is_a_deadline(verb: str, tense: Tense, kind: str) -> None:
    assert kind_of(matter("Skaitītāji", verb, "range", tense=tense)) == kind


def test_a_duty_beside_the_governing_predicate_makes_a_deadline() -> None:
    governing, beside = Predicate(0, 5, Tense.FUTURE), Predicate(9, 12, Tense.INVITATION)
    due = Matter("until", "Skaitītāji", "augs", governing, [governing, beside], is_day=True)
    assert kind_of(due) == "deadline"
    assert kind_of(replace(due, predicates=[governing])) == "completion"


@pytest.mark.parametrize(
    ("clause", "is_asked"),
    [
        ("Darbi rit", False),
        ("Payment", False),
        ("Pieņemsim", False),
        *(
            (clause, True)
            for clause in "Pieteikumi Iesniegt Pieņems Reģistrē Nomaksāt Balso Anketas Deklarācija Termiņš "
            "Apply Consultation Pay Deadline Заявки Подать Срок".split()
        ),
    ],
)
def test_people_hand_in_pay_and_register(clause: str, *, is_asked: bool) -> None:
    assert asks(clause) == is_asked
