"""Clusters: the same release at several institutions, and in several languages.

Near-duplicates are found by MinHash and checked word by word; translations are pages that link to each other.
Daily reports of an emergency service differ only in their numbers, so two releases that each have a number of
their own are never duplicates. Nor are two releases of one site: an institution publishes twice on purpose.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Self

from crawler.minhash import signature
from crawler.store.records import Release, StoredRelease
from crawler.store.releases import Store

SHINGLE_WORDS = 3
PERMUTATIONS = 96
# 16 bands of 6: texts with 60 % of shingles in common share a band in half of all cases, with 75 % always.
BAND_ROWS = 6
# Below this, texts by one press officer on one subject begin to look like duplicates.
SHARED_SHINGLES = 0.6
# An institution may add numbers, such as its telephone, but does not replace any.
ADDED_NUMBERS = 2
# Another institution republishes a release within days.
DAYS_APART_MAX = 14
# Shorter texts have too few shingles to compare.
WORDS_MIN = 12
# Changes per transaction.
BATCH = 100
# Maximum number of releases of a site under one key in a fortnight: a service reports thrice a day at most.
# Further releases find others, but are not found.
PLACES = 64
# Maximum number of entries read per release, and of candidates compared word by word, those of the same day
# first. A release rarely has more duplicates than there are institutions.
ENTRIES_MAX, CANDIDATES_MAX = 256, 32
# Pages in more languages than these are no translations of a release.
TRANSLATIONS_MAX = 20
# Size of the cache of texts; a long one takes 0.6 MB.
TEXTS_KEPT = 64
# The period of undated releases.
UNDATED = 0
# A release has about 300 words; for longer ones the beginning is enough.
WORDS_MAX = 5_000

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """The parts of a release that are compared."""

    shingles: frozenset[str]
    numbers: frozenset[str]
    site: str
    published: date | None

    @classmethod
    def of(cls, release: Release) -> Self:
        """Return the parts of *release* that are compared."""
        whole = _WORD.finditer(f"{release.lead} {release.body}".lower())
        words = [word[0] for word in islice(whole, WORDS_MAX)]
        shingles = map(" ".join, zip(*(words[at:] for at in range(SHINGLE_WORDS)), strict=False))
        return cls(
            shingles=frozenset(shingles) if len(words) >= WORDS_MIN else frozenset(),
            numbers=frozenset(word for word in words if not word.isalpha() and any(map(str.isdigit, word))),
            site=release.site,
            published=release.published,
        )


def are_duplicates(one: Text, other: Text) -> bool:
    """Whether two institutions published the same release."""
    return (
        one.site != other.site
        and bool(one.shingles)
        and _days_apart(one.published, other.published) <= DAYS_APART_MAX
        and _jaccard(one.shingles, other.shingles) >= SHARED_SHINGLES
        and (one.numbers <= other.numbers or other.numbers <= one.numbers)
        and len(one.numbers ^ other.numbers) <= ADDED_NUMBERS
    )


def cluster(store: Store, *, seen: datetime) -> int:
    """Update the clusters for all changes since the last call; return how many releases changed clusters.

    The cost grows with the number of changes and the size of their clusters, whatever the texts. After an
    interruption the next call starts over.
    """
    [(number,)] = store.rows("SELECT number FROM clustered")
    texts = lru_cache(TEXTS_KEPT)(partial(_text_of, store))
    affected: set[str] = set()
    changes = store.changes_since(number)
    while batch := list(islice(changes, BATCH)):
        with store.transaction():
            for stored in batch:
                affected |= _link(store, stored, texts)
    with store.transaction():
        moved = sum(_name_cluster(store, group, seen) for group in _groups(store, affected))
        store.execute("UPDATE clustered SET number = ?", store.last_number())
    return moved


def _text_of(store: Store, id_: str) -> Text | None:
    candidate = store.get(id_)
    return Text.of(candidate.release) if candidate and candidate.id == id_ else None


def _link(store: Store, stored: StoredRelease, texts: Callable[[str], Text | None]) -> set[str]:
    """Update the duplicates of *stored*; return it and its duplicates, old and new."""
    with store.transaction():
        before = _duplicates_of(store, stored.id)
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
        for other in chain(_near_duplicates(store, stored, text, keys, texts), _translations(store, stored)):
            affected.add(other)
            store.execute_many(
                "INSERT OR IGNORE INTO same VALUES (?, ?)", [(stored.id, other), (other, stored.id)]
            )
        _enter(store, keys, stored)
        return affected


def _near_duplicates(
    store: Store,
    stored: StoredRelease,
    text: Text,
    keys: Sequence[str],
    texts: Callable[[str], Text | None],
) -> Iterator[str]:
    for other in _candidates(store, keys, stored.release):
        candidate = texts(other)
        if candidate is not None and are_duplicates(text, candidate):
            yield other


def _translations(store: Store, stored: StoredRelease) -> Iterator[str]:
    """Yield the releases in other languages that *stored* links to, and that link to it.

    A link one way may lead from many releases to one page, such as a summary. Nor does it depend on which of
    two releases was read first whether each links to the other.
    """
    own = {stored.release.url, *stored.aliases}
    for url in stored.release.translations[:TRANSLATIONS_MAX]:
        other = store.find(url)
        if other is None or other.state == "hidden" or other.release.site != stored.release.site:
            continue
        if other.release.language != stored.release.language and own.intersection(other.release.translations):
            yield other.id


def _enter(store: Store, keys: Iterable[str], stored: StoredRelease) -> None:
    """Enter *stored* under *keys* unless its site has too many entries of that time there."""
    place = (stored.release.site, _period(stored.release.published))
    store.execute_many(
        """INSERT INTO band (key, site, period, published, release) SELECT ?1, ?2, ?3, ?4, ?5
           WHERE (SELECT count(*) FROM band WHERE key = ?1 AND period = ?3 AND site = ?2) < ?6""",
        [(key, *place, str(stored.release.published or ""), stored.id, PLACES) for key in keys],
    )


def _bands(shingles: frozenset[str]) -> list[str]:
    if not shingles:
        return []
    values = signature((shingle.encode() for shingle in shingles), PERMUTATIONS)
    return [
        f"{at}:" + ",".join(map(str, values[at : at + BAND_ROWS])) for at in range(0, PERMUTATIONS, BAND_ROWS)
    ]


def _candidates(store: Store, keys: Iterable[str], release: Release) -> list[str]:
    """Return the likeliest releases of other sites, from about the same time, that share one of *keys*."""
    shared: Counter[tuple[int, str]] = Counter()
    for key in keys:
        for other, published in _look_up(store, key, release):
            apart = _days_apart(release.published, date.fromisoformat(published) if published else None)
            if apart <= DAYS_APART_MAX:
                shared[apart, other] += 1
        if len(shared) >= ENTRIES_MAX:
            break  # a text that is everywhere: further keys lead to the same releases
    return [other for (_, other), _ in sorted(shared.items(), key=_by_likeness)[:CANDIDATES_MAX]]


def _by_likeness(found: tuple[tuple[int, str], int]) -> tuple[int, int, str]:
    (apart, other), keys_shared = found
    return apart, -keys_shared, other


def _look_up(store: Store, key: str, release: Release) -> list[tuple[str, str]]:
    """Return the entries of other sites under *key*, from about the time of *release*, with their days."""
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
    """Return the number of the fortnight of *day*; days close to it are in this one or a neighbour."""
    return UNDATED if day is None else day.toordinal() // DAYS_APART_MAX


def _duplicates_of(store: Store, release: str) -> set[str]:
    return {other for (other,) in store.rows("SELECT other FROM same WHERE release = ?", release)}


def _groups(store: Store, releases: set[str]) -> list[set[str]]:
    """Return the clusters that contain *releases*: sets linked by duplicates, directly or not."""
    groups = []
    left = set(releases)
    while left:
        group: set[str] = set()
        reached = {left.pop()}
        while reached:
            group |= reached
            reached = {other for id_ in reached for other in _duplicates_of(store, id_)} - group
        groups.append(group)
        left -= group
    return groups


def _name_cluster(store: Store, group: set[str], seen: datetime) -> int:
    """Name the cluster *group* after its first release; return how many releases changed clusters."""
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


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
