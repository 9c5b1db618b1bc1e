"""Generated worlds: releases of a vocabulary, and an index that was updated until it holds them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from index.analysis import Forms
from index.codec import ArrayIndex
from index.query import TRAITS
from tests.support.corpora import index_of, write
from tests.support.oracle import Collection, Doc
from tests.support.vocabularies import Vocabulary

T = TypeVar("T")

MINISTRIES, LANGUAGES, CATEGORIES = ("fm", "iem", "vm"), ("lv", "en", "ru"), ("budget", "roads", "schools")
# The most words of each part: of a usual release, and of one of many in a large index.
LONG = {"title": 4, "lead": 6, "body": 24, "attachment": 6}
SHORT = {"title": 2, "lead": 1, "body": 3, "attachment": 0}
# One world in so many is large, so that what is done for common words only is done.
LARGE_EVERY, LARGE = 12, (300, 900)
# How long the days of a world reach.
SPANS_D = (1, 40, 70, 900, 4000)
COMMITS = ({"merge": False}, {"merge": False}, {}, {"optimize": True})


@dataclass(frozen=True)
class World:
    """The live releases of an index."""

    vocabulary: Vocabulary
    docs: Collection
    index: ArrayIndex

    @classmethod
    def drawn(cls, chance: Random, folder: Path, *, is_large: bool) -> "World":
        """Build an index in *folder*; update it up to three times: releases are added, edited, withdrawn."""
        draft = _Draft(chance, Vocabulary.drawn(chance), SHORT if is_large else LONG)
        docs = [draft.doc() for _ in range(chance.randint(*LARGE) if is_large else chance.randint(1, 40))]
        cuts = sorted(chance.choices(range(len(docs) + 1), k=chance.choice((0, 1, 3))))
        ends = zip([0, *cuts], [*cuts, len(docs)], strict=True)
        index = index_of(folder, *[docs[first:end] for first, end in ends])
        live = {doc.id: doc for doc in docs}
        for _ in range(chance.choice((0, 1, 2, 3))):
            update(chance, draft, index, live)
        return cls(draft.vocabulary, Collection(live.values()), index)


def update(chance: Random, draft: "_Draft", index: ArrayIndex, live: dict[str, Doc]) -> None:
    """Add, edit and delete some of the *live* releases in one commit; at least one stays."""
    edited = [draft.doc(name) for name in _some(chance, live)]
    added = [draft.doc() for _ in range(chance.choice((0, 1, 5)))]
    writer = index.writer()
    write(writer, [*edited, *added])
    live |= {doc.id: doc for doc in (*edited, *added)}
    for name in _some(chance, live):
        if len(live) > 1:
            writer.delete_unique("id", name.encode())
            del live[name]
    writer.commit(**chance.choice(COMMITS))


def _some(chance: Random, live: dict[str, Doc]) -> list[str]:
    share = chance.choice((0.0, 0.1, 0.5))
    return [name for name in live if chance.random() < share]


class _Draft:
    """Draws the releases of a world."""

    def __init__(self, chance: Random, vocabulary: Vocabulary, words_max: dict[str, int]) -> None:
        self.vocabulary = vocabulary
        self._chance, self._words_max = chance, words_max
        self._first, self._span = date(2017, 11, 20), chance.choice(SPANS_D)
        self._undated = chance.choice((0.0, 0.1, 0.5))
        self._clustered = chance.choice((0.0, 0.1, 0.5))
        self._described = chance.choice((0.0, 0.5))
        self._drawn: list[Doc] = []

    def doc(self, name: str = "") -> Doc:
        """Return a release with the id *name*, or a new one."""
        chance = self._chance
        made = Doc(
            id=name or f"{chance.randrange(10**6):06}-{len(self._drawn)}",
            ministry=chance.choice(MINISTRIES),
            language=chance.choices(LANGUAGES, (6, 1, 1))[0],
            published=self._day(),
            cluster="",
            parts={part: self._text(most) for part, most in self._words_max.items()},
            traits=self._some_of(TRAITS),
            categories=self._some_of(CATEGORIES),
        )
        # As in the store: a cluster has the id of the first release with about the same text.
        is_clustered = self._drawn and chance.random() < self._clustered
        leader = chance.choice(self._drawn[-20:]).cluster if is_clustered else made.id
        self._drawn.append(replace(made, cluster=leader))
        return self._drawn[-1]

    def _day(self) -> date | None:
        if self._chance.random() < self._undated:
            return None
        return self._first + timedelta(self._chance.randrange(self._span))

    def _text(self, words_max: int) -> list[Forms]:
        return self.vocabulary.text(self._chance, words_max)

    def _some_of(self, values: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(one for one in values if self._chance.random() < self._described * 0.6)
