"""Random queries of every kind that people type, made of the words of stored releases."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from msgspec.structs import replace

from crawler.store import Store
from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.query import Filters, Query, Sort, parse

TODAY = date(2026, 11, 1)
"""The day of the queries, so that "last week" means the same on every run."""
RELEASES = 2_000
"""The number of releases whose words make up the queries, counted from the first."""
_WORD = re.compile(r"\w{3,}")

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class RandomQuery:
    """A typed text with the filters and the order chosen beside it."""

    kind: str
    text: str
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"

    def parsed(self, analyzer: Analyzer, ministries: Sequence[str], **options: object) -> Query:
        """Return the query as an engine takes it."""
        query = parse(self.text, analyzer=analyzer, today=TODAY, ministries=ministries, **options)  # type: ignore[arg-type]  # the options of `parse`
        filters = self.filters if self.filters != Filters() else query.filters
        return replace(query, filters=filters, sort=self.sort)


def _swap_letters(word: str) -> str:
    return word[:1] + word[2:3] + word[1:2] + word[3:] + "w"


KINDS: dict[str, Callable[[Words, random.Random], str]] = {
    "word": lambda words, chance: chance.choice(words),
    "two words": lambda words, chance: " ".join(chance.sample(words, 2)),
    "three words": lambda words, chance: " ".join(chance.sample(words, 3)),
    "without diacritics": lambda words, chance: fold(" ".join(chance.sample(words, 2))),
    "phrase": lambda words, chance: f'"{_run(words, 2, chance)}"',
    "long phrase": lambda words, chance: f'"{_run(words, 4, chance)}"',
    "exact form": lambda words, chance: f"={chance.choice(words)}",
    "prefix": lambda words, chance: chance.choice(words)[:4] + "*",
    "wildcard": lambda words, chance: "*" + chance.choice(words)[-5:],
    "nearly": lambda words, chance: chance.choice(words) + "~",
    "either": lambda words, chance: " VAI ".join(chance.sample(words, 2)),
    "without a word": lambda words, chance: " -".join(chance.sample(words, 2)),
    "in the title": lambda words, chance: f"virsraksts:{chance.choice(words)}",
    "mistyped": lambda words, chance: _swap_letters(chance.choice(words)),
    "no release has all": lambda words, chance: " ".join([*chance.sample(words, 2), "nekurienē"]),
    "with a year": lambda words, chance: f"{chance.choice(words)} gads:{chance.randint(2014, 2025)}",
}


def _run(words: Words, size: int, chance: random.Random) -> str:
    start = chance.randrange(max(1, len(words) - size))
    return " ".join(words[start : start + size])


def random_queries(store: Store, count: int, *, seed: int = 1) -> Iterator[RandomQuery]:
    """Yield *count* queries, each kind in turn; every third has filters, every fifth another order."""
    chance = random.Random(seed)
    releases = []
    for stored in store.changes_since(0):
        words = _WORD.findall(f"{stored.release.title} {stored.release.lead} {stored.release.body}")
        if len(words) >= 10:
            releases.append((words, stored.release))
        if len(releases) == RELEASES:
            break
    kinds = list(KINDS)
    for number in range(count):
        words, release = chance.choice(releases)
        kind = kinds[number % len(kinds)]
        yield RandomQuery(
            kind,
            KINDS[kind](words, chance),
            _filters(release.ministry, release.published, chance) if number % 3 == 0 else Filters(),
            chance.choice(("newest", "oldest")) if number % 5 == 0 else "relevance",
        )


def _filters(ministry: str, published: date | None, chance: random.Random) -> Filters:
    """Return filters that match at least the release they are made from."""
    day = published or TODAY
    return chance.choice(
        (
            Filters(ministries=(ministry,)),
            Filters(published_from=day - timedelta(days=chance.randint(0, 900))),
            Filters(published_to=day + timedelta(days=chance.randint(0, 900)), languages=("lv",)),
        )
    )
