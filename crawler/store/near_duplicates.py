"""The same release at several institutions: near-duplicates, found by MinHash and checked word by word.

Reports that a service publishes day after day differ only in their numbers; so releases of which each has a
number that the other has not are never the same. Nor are two of one site: an institution that publishes twice
means to.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Self

from crawler.store.records import Release, StoredRelease
from crawler.store.releases import Store

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
# Changes committed as one.
BATCH = 100
# Releases that a site may have under one key in a fortnight: a service reports three times a day at most.
# Further ones find others, but are not found.
PLACES = 64
# Of what is found by keys, so much is looked at, and so much of that compared word by word, those of the same
# day first. Texts that say the same are rarely more than the institutions.
ENTRIES_MAX, CANDIDATES_MAX = 256, 32
# Texts kept while many releases are compared with the same few; a long one takes 0.6 MB.
TEXTS_KEPT = 64
# The period of releases without a date.
UNDATED = 0
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
        and _days_apart(one.published, other.published) <= DAYS_APART_MAX
        and _shared(one.shingles, other.shingles) >= SHARED_SHINGLES
        and (one.numbers <= other.numbers or other.numbers <= one.numbers)
        and len(one.numbers ^ other.numbers) <= ADDED_NUMBERS
    )


def cluster(store: Store, *, seen: datetime) -> int:
    """Bring the clusters up to date with what changed; return how many releases came into another one.

    The cost grows with what changed and with the clusters it touches, whatever the texts. What is cut short
    begins anew the next time.
    """
    if not _has_several_sites(store):
        return 0  # nothing to compare; should another site come, all that changed until then is made up for
    [(number,)] = store.rows("SELECT number FROM clustered")
    texts = lru_cache(TEXTS_KEPT)(partial(_text_of, store))
    affected: set[str] = set()
    changes = store.changes_since(number)
    while batch := list(islice(changes, BATCH)):
        with store.transaction():
            for stored in batch:
                affected |= _linked(store, stored, texts)
    with store.transaction():
        moved = sum(_settle(store, group, seen) for group in _groups(store, affected))
        store.execute("UPDATE clustered SET number = ?", store.last_number())
    return moved


def _has_several_sites(store: Store) -> bool:
    [(first, last)] = store.rows("SELECT (SELECT min(site) FROM release), (SELECT max(site) FROM release)")
    return bool(first != last)


def _text_of(store: Store, id_: str) -> Text | None:
    candidate = store.get(id_)
    return Text.of(candidate.release) if candidate and candidate.id == id_ else None


def _linked(store: Store, stored: StoredRelease, texts: Callable[[str], Text | None]) -> set[str]:
    """Note which releases say the same as *stored*; return it, those, and those that did before."""
    with store.transaction():
        before = _others(store, stored.id)
        affected = {stored.id, *before}
        store.execute("DELETE FROM same WHERE release = ?", stored.id)
        store.execute_many(
            "DELETE FROM same WHERE release = ? AND other = ?", [(one, stored.id) for one in before]
        )
        store.execute("DELETE FROM band WHERE release = ?", stored.id)
        if stored.state == "hidden":
            return affected
        text = Text.of(stored.release)
        keys = _bands(text.shingles)
        for other in _candidates(store, keys, stored.release):
            candidate = texts(other)
            if candidate is not None and say_the_same(text, candidate):
                affected.add(other)
                store.execute_many(
                    "INSERT OR IGNORE INTO same VALUES (?, ?)", [(stored.id, other), (other, stored.id)]
                )
        _enter(store, keys, stored)
        return affected


def _enter(store: Store, keys: Iterable[str], stored: StoredRelease) -> None:
    """Let *stored* be found by *keys*, as long as its site has not filled their places of that time."""
    place = (stored.release.site, _period(stored.release.published))
    store.execute_many(
        """INSERT INTO band (key, site, period, published, release) SELECT ?1, ?2, ?3, ?4, ?5
           WHERE (SELECT count(*) FROM band WHERE key = ?1 AND period = ?3 AND site = ?2) < ?6""",
        [(key, *place, str(stored.release.published or ""), stored.id, PLACES) for key in keys],
    )


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


def _candidates(store: Store, keys: Iterable[str], release: Release) -> list[str]:
    """Return releases of other sites and about the same time that share one of *keys*: the likeliest few."""
    shared: Counter[tuple[int, str]] = Counter()
    for key in keys:
        for other, published in _entered(store, key, release):
            apart = _days_apart(release.published, date.fromisoformat(published) if published else None)
            if apart <= DAYS_APART_MAX:
                shared[apart, other] += 1
        if len(shared) >= ENTRIES_MAX:
            break  # a text that is everywhere; further keys lead to the same ones
    return [other for (_, other), _ in sorted(shared.items(), key=_by_likeness)[:CANDIDATES_MAX]]


def _by_likeness(found: tuple[tuple[int, str], int]) -> tuple[int, int, str]:
    (apart, other), keys_shared = found
    return apart, -keys_shared, other


def _entered(store: Store, key: str, release: Release) -> list[tuple[str, str]]:
    """Return what other sites have under *key* about the time of *release*: releases and their days."""
    if release.published is None:
        sql = "SELECT release, published FROM (SELECT * FROM band WHERE key = ? LIMIT ?) WHERE site != ?"
        return store.rows(sql, key, ENTRIES_MAX, release.site)
    period = _period(release.published)
    return store.rows(
        """SELECT release, published FROM band
           WHERE key = ? AND period IN (?, ?, ?, ?) AND site != ? ORDER BY abs(period - ?) LIMIT ?""",
        key,
        UNDATED,
        period - 1,
        period,
        period + 1,
        release.site,
        period,
        ENTRIES_MAX,
    )


def _period(day: date | None) -> int:
    """Return the number of the fortnight of *day*: what is near to it is in that, or in one beside it."""
    return UNDATED if day is None else day.toordinal() // DAYS_APART_MAX


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
    sql = """SELECT coalesce(record ->> 'published', '9999'), id, cluster FROM release
             WHERE id = ? AND moved_to IS NULL"""
    members = [row for id_ in group for row in store.rows(sql, id_)]
    if not members:
        return 0
    _, first, _ = min(members)
    others = [id_ for _, id_, named in members if named != first]
    for id_ in others:
        store.set_cluster(id_, first, seen=seen)
    return len(others)


def _days_apart(one: date | None, other: date | None) -> int:
    return 0 if one is None or other is None else abs(one - other).days


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
