"""What is wrong in a store after a day: a good release must be visible and itself, with its own text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crawler.store import Store, StoredRelease, release_id
from tests.accidents.place import Nature
from tests.accidents.site import Publication
from tests.accidents.texts import Text
from tests.accidents.truths import TRUTHS
from tests.accidents.world import World

Level = Literal["wrong", "open"]
NONSENSE_MAX = 20
"""The number of addresses that one crawl of a site may invent to learn its error pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong on a day."""

    day: int
    level: Level
    """open: the requirements leave open what is right."""
    what: str
    detail: str


def words_of(stored: StoredRelease) -> list[str]:
    """Return the words of a stored release as `Text.words` has them."""
    return f"{stored.release.title} {stored.release.lead} {stored.release.body}".split()


def check_day(world: World, store: Store, known: frozenset[str], day: int) -> Iterator[Finding]:
    """Yield what is wrong after a day of an accident; *known* are the paths that were stored before it."""
    for one in world.site.publications:
        stored = store.find(world.key(one.path))
        if stored is None:
            if one.path in known:
                yield Finding(day=day, level="wrong", what="lost", detail=one.path)
            continue
        yield from _check_own(world, one, stored, day)


def _check_own(world: World, one: Publication, stored: StoredRelease, day: int) -> Iterator[Finding]:
    accident = world.case.accident
    assert accident is not None
    if stored.release.url not in world.keys(one) | world.detours(one):
        shown = f"{one.path} is {stored.release.url} {stored.release.title[:50]!r}"
        yield Finding(day=day, level="wrong", what="merged", detail=shown)
        return
    if stored.state != "present":
        level: Level = "open" if world.may_remove and not world.case.is_of_single_days else "wrong"
        yield Finding(day=day, level=level, what=stored.state, detail=one.path)
    versions = [text for since, text in one.versions.items() if since <= day]
    if not any(_is_same(stored, text) for text in versions):
        shown = f"{one.path}: {stored.release.title[:50]!r} {stored.release.body[:60]!r}"
        yield Finding(day=day, level=_level(world), what="other text", detail=shown)


def _is_same(stored: StoredRelease, text: Text) -> bool:
    return words_of(stored) == text.words and stored.release.published == text.published


def _level(world: World) -> Level:
    """Return how a text that is not the release's own is judged while the accident lasts."""
    nature = nature_of(world)
    if nature == "foreign":
        return "wrong"
    is_on_first_crawl = 0 in world.case.days
    return (
        "wrong" if nature == "maimed" and world.case.is_of_single_days and not is_on_first_crawl else "open"
    )


def nature_of(world: World) -> Nature:
    accident = world.case.accident
    assert accident is not None
    if accident.nature == "titled":
        return "foreign" if len(world.victims) > 1 else "maimed"
    return accident.nature


def check_report(world: World, report: Mapping[str, Any], day: int) -> Iterator[Finding]:
    """Yield what an operator should have been told on a day."""
    accident, outcomes = world.case.accident, report["outcomes"]
    assert accident is not None
    if outcomes["held"] and report["is_sound"]:
        yield Finding(day=day, level="wrong", what="held without an exit code", detail=str(outcomes))
    is_wrong = nature_of(world) == "foreign" and not accident.is_of_newcomers and not accident.shows_own
    if report["nonsense"] > NONSENSE_MAX and not accident.leaves_strangers:
        yield Finding(day=day, level="wrong", what="asks nonsense", detail=f"{report['nonsense']} addresses")
    if day not in world.case.days or not is_wrong:
        return
    # Lists are asked for pages after the last one.
    reasons = {reason for reason in report["reasons"] if reason != "list: missing"}
    seen = (
        sum(outcomes[outcome] for outcome in ("held", "missing", "gone", "hidden"))
        + len(reasons)
        + len(report["objections"])
        + len(report["alarms"])
        + (report["stored"] == 0)
    )
    if not seen:
        yield Finding(day=day, level="wrong", what="silent", detail=str(outcomes))


def check_recovery(world: World, store: Store, day: int) -> Iterator[Finding]:
    """Yield how the store differs from that of a site that was never ill."""
    found = {
        one.release.url: one
        for one in store.changes_since(0)
        if one.release.site == world.site.id and store.get(one.id) == one  # not merged into another
    }
    for one in world.site.publications:
        stored = next((found.pop(url) for url in sorted(world.keys(one)) if url in found), None)
        for what, shown in _differences(world, one, store, stored, day):
            detail = f"{one.path}: {shown}"
            yield Finding(day=day, level=_level_after(world, what), what=f"after: {what}", detail=detail)
    for url, stranger in found.items():
        level: Level = _level_after(world, "stranger")
        yield Finding(
            day=day, level=level, what="after: stranger", detail=f"{url} {stranger.release.title!r}"
        )


def _level_after(world: World, what: str) -> Level:
    accident = world.case.accident
    assert accident is not None
    if what == "history":
        return _level(world)
    return "open" if what == "stranger" and accident.leaves_strangers else "wrong"


def _differences(
    world: World, one: Publication, store: Store, stored: StoredRelease | None, day: int
) -> Iterator[tuple[str, object]]:
    if stored is None:
        yield "missing", one.on(day).title
        return
    if not _is_same(stored, one.on(day)):
        yield "text", _brief(stored)
    if stored.state != "present":
        yield "state", stored.state
    if strange := {*stored.aliases} - world.keys(one) - world.detours(one):
        yield "aliases", strange
    if stored.id not in {release_id(world.site.id, url) for url in world.keys(one)}:
        yield "id", stored.id
    edits = sorted(since for since in one.versions if since <= day)[:-1]
    earlier = [f"{old.title} {old.lead} {old.body}".split() for old in store.revisions(stored.id)]
    if earlier != [one.versions[since].words for since in edits]:
        yield "history", [" ".join(words)[:90] for words in earlier]


def _brief(stored: StoredRelease) -> str:
    return f"{stored.release.title[:40]!r} {stored.release.body[:60]!r} {stored.release.published}"


def check_truth(world: World, store: Store, day: int) -> Iterator[Finding]:
    """Yield which true changes have not been taken."""
    for one in world.site.publications:
        for what in _untaken(world, one, store, day):
            yield Finding(day=day, level="wrong", what=f"not taken: {what}", detail=one.path)


def _untaken(world: World, one: Publication, store: Store, day: int) -> Iterator[str]:
    old, new = store.find(world.key(one.path)), store.find(world.key(one.path_on(day)))
    if new is None:
        yield "not stored"
        return
    if one.is_removed(day) and not one.new_path:
        if new.state == "present":
            yield "still visible"
        return
    if new.state != "present":
        yield new.state
    if not _has_text(world, new, one.on(day)):
        yield f"text {_brief(new)}"
    if (count := len(list(store.revisions(new.id)))) > TRUTHS[world.case.kind].revisions:
        yield f"{count} earlier versions"
    is_redirected = (
        one.removal is not None and one.removal[1] is not None and one.removal[1].status in (301, 302)
    )
    if is_redirected and (old is None or old.id != new.id):
        yield "two releases"


def _has_text(world: World, stored: StoredRelease, text: Text) -> bool:
    if stored.release.published != text.published:
        return False
    lines = [world.site.weather(day).split() for day in range(world.case.crawls)]
    words = words_of(stored)
    if not any(lines):
        return words == text.words
    # Without the place that changes daily, of which some words may be left.
    rest = iter(words)
    return all(word in rest for word in text.words) and len(words) - len(text.words) <= max(map(len, lines))
