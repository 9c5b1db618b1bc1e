"""The same release at several institutions: near-duplicates, found by MinHash and checked word by word.

Reports that a service publishes day after day differ only in their numbers; so releases of which each has a
number that the other has not are never the same. Nor are two of one site: an institution that publishes twice
means to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Self

from crawler.store import Release, Store, StoredRelease

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE_WORDS = 3
PERMUTATIONS = 96
# In 16 bands of 6: texts that share 60 % of their shingles share a band in half of all cases, at 75 % always.
BAND_ROWS = 6
# Below this, texts on one subject by one press officer begin to pass for the same.
SHARED_SHINGLES = 0.6
# An institution may add numbers, of its telephone and room; it does not put others in their place.
ADDED_NUMBERS = 2
# Who takes over a release does so within days.
DAYS_APART_MAX = 14
# Shorter texts have too few shingles to compare.
WORDS_MIN = 12
# So many changes are committed as one.
BATCH = 100
# A release has 300 words; of what is longer, the beginning tells.
WORDS_MAX = 5_000

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """What of a release is compared."""

    shingles: frozenset[str]
    numbers: frozenset[str]
    site: str
    published: date | None

    @classmethod
    def of(cls, release: Release) -> Self:
        """Return what to compare of *release*."""
        whole = _WORD.finditer(f"{release.lead} {release.body}".lower())
        words = [word[0] for word in islice(whole, WORDS_MAX)]
        shingles = map(" ".join, zip(*(words[at:] for at in range(SHINGLE_WORDS)), strict=False))
        return cls(
            shingles=frozenset(shingles) if len(words) >= WORDS_MIN else frozenset(),
            numbers=frozenset(word for word in words if not word.isalpha() and any(map(str.isdigit, word))),
            site=release.site,
            published=release.published,
        )


def say_the_same(one: Text, other: Text) -> bool:
    """Whether two releases are one that two institutions published."""
    return (
        one.site != other.site
        and bool(one.shingles)
        and _is_near(one.published, other.published)
        and _shared(one.shingles, other.shingles) >= SHARED_SHINGLES
        and (one.numbers <= other.numbers or other.numbers <= one.numbers)
        and len(one.numbers ^ other.numbers) <= ADDED_NUMBERS
    )


def cluster(store: Store, *, seen: datetime) -> int:
    """Bring the clusters up to date with what changed; return how many releases came into another one."""
    if not _has_several_sites(store):
        return 0  # nothing to compare; should another site come, all that changed until then is made up for
    [(number,)] = store.rows("SELECT number FROM clustered")
    moved = 0
    changes = store.changes_since(number)
    while batch := list(islice(changes, BATCH)):
        with store.transaction():
            moved += sum(_placed(store, stored, seen) for stored in batch)
    with store.transaction() as db:
        db.execute("UPDATE clustered SET number = ?", (store.last_number(),))
    return moved


def _has_several_sites(store: Store) -> bool:
    [(first, last)] = store.rows("SELECT (SELECT min(site) FROM release), (SELECT max(site) FROM release)")
    return bool(first != last)


def _placed(store: Store, stored: StoredRelease, seen: datetime) -> int:
    """Bring the clusters that *stored* is or was in up to date; return how many releases that moved."""
    with store.transaction() as db:
        affected = {stored.id, *_others(store, stored.id)}
        db.execute("DELETE FROM same WHERE ? IN (release, other)", (stored.id,))
        db.execute("DELETE FROM band WHERE release = ?", (stored.id,))
        if stored.state != "hidden":
            affected |= _link(store, stored)
        return sum(_settle(store, group, seen) for group in _groups(store, affected))


def _link(store: Store, stored: StoredRelease) -> set[str]:
    """Note which releases say the same as *stored*; return them."""
    text = Text.of(stored.release)
    keys = _bands(text.shingles)
    found = set()
    with store.transaction() as db:
        for other in _candidates(store, keys, stored.release):
            candidate = store.get(other)
            if candidate and candidate.id == other and say_the_same(text, Text.of(candidate.release)):
                found.add(other)
                db.executemany(
                    "INSERT OR IGNORE INTO same VALUES (?, ?)", [(stored.id, other), (other, stored.id)]
                )
        db.executemany("INSERT INTO band VALUES (?, ?)", [(key, stored.id) for key in keys])
    return found


def _bands(shingles: frozenset[str]) -> list[str]:
    if not shingles:
        return []
    signature = _no_shingles().copy()
    signature.update_batch([shingle.encode() for shingle in sorted(shingles)])
    values = [int(value) for value in signature.hashvalues]
    return [
        f"{at}:" + ",".join(map(str, values[at : at + BAND_ROWS])) for at in range(0, PERMUTATIONS, BAND_ROWS)
    ]


@cache
def _no_shingles() -> "MinHash":
    # It takes most of a second to import, and most crawls have nothing to compare.
    from datasketch import MinHash  # noqa: PLC0415  # see above

    return MinHash(num_perm=PERMUTATIONS, seed=1)


def _candidates(store: Store, keys: Iterable[str], release: Release) -> set[str]:
    """Return the releases of other sites and about the same time that share one of *keys*."""
    sql = """SELECT release FROM band JOIN release ON id = release WHERE key = ? AND site != ?
             AND coalesce(abs(julianday(json_extract(record, '$.published')) - julianday(?)) <= ?, 1)"""
    published = str(release.published or "")
    return {
        other for key in keys for (other,) in store.rows(sql, key, release.site, published, DAYS_APART_MAX)
    }


def _others(store: Store, release: str) -> set[str]:
    return {other for (other,) in store.rows("SELECT other FROM same WHERE release = ?", release)}


def _groups(store: Store, releases: set[str]) -> list[set[str]]:
    """Return the sets of releases that say the same, one way or another, as any of *releases*."""
    groups = []
    left = set(releases)
    while left:
        group: set[str] = set()
        reached = {left.pop()}
        while reached:
            group |= reached
            reached = {other for one in reached for other in _others(store, one)} - group
        groups.append(group)
        left -= group
    return groups


def _settle(store: Store, group: set[str], seen: datetime) -> int:
    """Name *group* after its first release; return how many that is news to."""
    members = [stored for id_ in group if (stored := store.get(id_)) and stored.id == id_]
    if not members:
        return 0
    first = min(members, key=lambda stored: (stored.release.published or date.max, stored.id))
    others = [stored for stored in members if stored.cluster != first.id]
    for stored in others:
        store.set_cluster(stored.id, first.id, seen=seen)
    return len(others)


def _is_near(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs(one - other) <= timedelta(days=DAYS_APART_MAX)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
