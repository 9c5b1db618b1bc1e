"""Clauses of every kind, a few documents that they tell apart, and what of these matches by brute force."""

import random
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from index.query import (
    AllOf,
    AnyOf,
    Clause,
    EnoughOf,
    Everything,
    Fuzzy,
    InOpening,
    MostOf,
    Not,
    Phrase,
    Prefix,
    Related,
    Wildcard,
    Word,
)
from index.search import IndexReader
from tests.support import oracle
from tests.support.corpora import TEXTS, WORDS, index_of, word_by
from tests.support.oracle import Doc

FIELDS = (
    ("lemma", "stem", "exact"),
    ("lemma",),
    ("stem",),
    ("exact",),
    ("fold",),
    ("lemma", "stem", "exact", "fold"),
)
BUDGET, INFLECTED, ROAD, ES, AND, POWER, SCHOOL = (WORDS[at] for at in (0, 1, 3, 7, 9, 10, 11))


def documents(count: int) -> list[Doc]:
    chosen = random.Random(3)
    return [
        Doc(
            id=f"iem-{number:02}",
            ministry="iem",
            language="lv",
            published=date(2020, 1, 1),
            cluster=f"iem-{number:02}",
            parts={
                part: chosen.choices(WORDS, k=chosen.randint(0, most)) if number else []
                for part, most in TEXTS.items()
            },
        )
        for number in range(count)
    ]


DOCS = documents(18)
GONE = {"iem-03", "iem-09"}
LIVE = [doc for doc in DOCS if doc.id not in GONE]


def indexed(folder: Path) -> IndexReader:
    """Return an index of the documents: three segments, two of them with a deleted document."""
    ix = index_of(folder, DOCS[:5], DOCS[5:12], DOCS[12:])
    writer = ix.writer()
    for name in sorted(GONE):
        writer.delete_by_term("id", name)
    writer.commit(merge=False)
    return IndexReader(ix)


def word(
    forms: object, fields: Sequence[str] = FIELDS[0], part: str | None = None, *, scored: bool = True
) -> Word:
    return word_by(forms, fields, part, scored)  # type: ignore[arg-type]  # forms of the table above


def phrase(*words: object, slop: int = 0, part: str | None = None) -> Phrase:
    return Phrase(words=tuple(map(word, words)), slop=slop, part=part)  # type: ignore[arg-type]  # all are parts


NOWHERE = Word(text="nav", lemma=("nav",), stem=("nav",), exact=("nav",))
# A word that no document has, with the stem of another that some have.
RELATIVE = replace(NOWHERE, stem=BUDGET.stem)
P = word(POWER)
B, C, E, S = word(BUDGET), word(ROAD), word(ES), word(SCHOOL)
CLAUSES: list[Clause] = [
    *(word(forms, fields) for forms in WORDS for fields in FIELDS),
    *(word(forms, part=part) for forms in (BUDGET, ROAD, AND) for part in TEXTS),
    word(BUDGET, scored=False),
    NOWHERE,
    # Phrases: adjacent, with slop, and in a part
    *(phrase(one, other, slop=slop) for one in WORDS[1:8:3] for other in WORDS[7::2] for slop in (0, 2)),
    *(phrase(BUDGET, AND, slop=slop, part=part) for slop in (0, 1, 4000) for part in TEXTS),
    phrase(BUDGET),
    phrase(BUDGET, AND, ES, slop=3),
    Phrase(words=(word(BUDGET, part="body"), word(AND)), slop=2),
    *(Phrase(words=(word(BUDGET, part=part), word(AND))) for part in TEXTS),
    Phrase(words=(B, NOWHERE)),
    # Prefixes and fuzzy words
    *(Prefix(text=text, part=part) for text in ("b", "cel", "e", "x") for part in (None, "title", "body")),
    *(Fuzzy(text="cela", distance=far, part=part) for far in (0, 1, 2) for part in (None, "lead")),
    Fuzzy(text="budzet", distance=1),
    *(
        Wildcard(text=text, part=part)
        for text in ("*a", "c?l*", "b*ts", "?s", "s*", "x*y")
        for part in (None, "title", "body")
    ),
    # Related words: less weight, and as rare as all of them together
    replace(B, weight=0.5),
    *(
        Word(text="", lemma=("skola", "vara"), stem=("skol", "var"), pooled=pooled, weight=0.25)
        for pooled in (True, False)
    ),
    *(Related(pair) for pair in ((B, S), (NOWHERE,), (phrase(BUDGET, AND), RELATIVE))),
    Related((C, Wildcard(text="*a"))),
    *(kind((Related((S, E)), C)) for kind in (AllOf, AnyOf, MostOf)),
    # Trees
    Everything(),
    *(Not(one) for one in (B, NOWHERE, Everything(), phrase(BUDGET, AND), Not(B))),
    *(kind(pair) for kind in (AllOf, AnyOf, MostOf) for pair in ((B, C), (B, NOWHERE), (E, S), (B, Not(C)))),
    *(kind((B, C, E, S)) for kind in (AllOf, AnyOf, MostOf)),
    *(kind((B,)) for kind in (AllOf, AnyOf, MostOf)),
    MostOf(tuple(map(word, WORDS))),
    *(kind((word(BUDGET, part="title"), C)) for kind in (AnyOf, MostOf)),
    *(kind((RELATIVE, C)) for kind in (AnyOf, MostOf)),
    AllOf((Not(B), Not(C))),
    AllOf((B, Not(C), E)),
    AllOf((Not(C), B)),
    AllOf((Everything(), Not(B))),
    AllOf((AnyOf((B, C)), AnyOf((E, S)))),
    AnyOf((AllOf((B, C)), AllOf((E, S)), Prefix(text="un"))),
    MostOf((phrase(BUDGET, AND), Prefix(text="cel"), S, NOWHERE)),
    MostOf((NOWHERE, NOWHERE)),
    *(MostOf((*found, NOWHERE, NOWHERE)) for found in ((B,), (B, C), (B, C, E, S))),
    AnyOf((NOWHERE, NOWHERE)),
    # Conditions: enough of some clauses, and what is in the title or lead
    *(EnoughOf((B, C, E, S), (3.0, 1.5, 1.5, 0.25), needed) for needed in (0.2, 1.5, 3, 3.25, 4.5, 6.25)),
    EnoughOf((Related((S, E)), AllOf((B, C)), Not(B)), (1, 1, 1), 2),
    *map(InOpening, (B, C, NOWHERE, word(BUDGET, part="body"), Wildcard(text="*a", part="title"))),
    *map(InOpening, (Prefix(text="cel"), *(phrase(BUDGET, AND, slop=slop) for slop in (0, 1, 4)))),
    InOpening(phrase(BUDGET, AND, part="body")),
    *(InOpening(kind((B, C, phrase(ES, AND, slop=2)))) for kind in (AllOf, AnyOf, MostOf, Related)),
    *map(InOpening, (Not(B), Everything(), InOpening(B), EnoughOf((B, C, E), (1, 2, 2), 2.5))),
    AllOf((MostOf((B, C, E)), EnoughOf((B, InOpening(AnyOf((C, Related((E, S)))))), (1, 1), 1), Not(P))),
    *(kind((EnoughOf((B, C), (1, 1), 1), S, InOpening(E))) for kind in (AllOf, AnyOf, MostOf)),
    AllOf((B, phrase(ES, AND, slop=2), Prefix(text="c"))),
]  # fmt: skip


def ids_of(reader: IndexReader, docs: Sequence[int]) -> list[str]:
    """Return the ids of some documents."""
    return [reader.id(doc).decode() for doc in docs]


@cache
def right_scores(clause: Clause) -> dict[str, float]:
    """Return the score of each document that matches, by its id, as brute force finds them."""
    scores = {doc.id: oracle.evaluate(clause, doc, LIVE) for doc in LIVE}
    return {name: score for name, score in scores.items() if score is not None}
