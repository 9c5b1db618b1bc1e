"""Who is to act is named right before the predicate, or not at all."""

import pytest

from index.mentions.due.predicates import Tense
from index.mentions.due.subjects import subject_of


@pytest.mark.parametrize(
    ("before", "time", "verb", "tense", "who"),
    [
        ("Lauku atbalsta dienests ", "līdz martam", "pārbaudīs", Tense.FUTURE, "Lauku atbalsta dienests"),
        ("Rezultātus ministrija ", "", "publicēs", Tense.FUTURE, "ministrija"),
        ("Skolas ", "", "plāno", Tense.PLAN, "Skolas"),
        ("Ministrija ", "", "aicina", Tense.INVITATION, None),
        ("Darbus ", "", "pabeigs", Tense.FUTURE, None),
        ("Projekts ", "", "tiks", Tense.FUTURE, None),
        ("Ministrija ", "", "pabeidza", Tense.PAST, None),
    ],
)
def test_the_subject_is_before_the_predicate(
    before: str, time: str, verb: str, tense: Tense, who: str | None
) -> None:
    text = f"{before}{time} {verb}" if time else f"{before}{verb}"
    start = len(text) - len(verb)
    span = (len(before), len(before) + len(time)) if time else (len(text), len(text))
    assert subject_of(text, 0, (start, len(text)), tense, span) == who
