"""What stood on sites when, by brute force: the state of the store is noted after each step of a story."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from crawler.store import Release, Store, StoredRelease, release_id
from crawler.store.rollback import roll_back
from preses_relizes.shared.calendar import RIGA, riga_day
from tests.support.stored_release import DAY, RELEASE

WORDS = ("budžets", "skola", "tilts", "lidosta", "mežs", "slimnīca", "ezers", "osta")
MINISTRIES = ("Finanšu ministrija", "Iekšlietu ministrija")
URLS = tuple(f"https://www.iem.example/lv/{number}" for number in range(4))
IDS = tuple(release_id("iem", url) for url in URLS)
STEPS = (
    *["save"] * 6, *["reread"] * 2, *["gone", "sight"] * 2,
    "hide", "unhide", "withdraw", "miss", "merge", "separate", "undo", "discard",
)  # fmt: skip
Matcher = Callable[[tuple[list[str], ...]], bool]


@dataclass
class Run:
    """A period in which a release was known to have one text."""

    release: Release
    begin: datetime
    since: datetime
    until: datetime | None = None
    is_merged: bool = False
    """Whether it ended as another release took the place of this one; it goes on if they are separated."""

    def stood(self, first: date, last: date) -> bool:
        begin = datetime.combine(first, time(), RIGA)
        end = datetime.combine(last + timedelta(days=1), time(), RIGA)
        return self.begin < end and (self.until is None or minute(self.until) >= minute(begin))


def minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


@dataclass
class Story:
    """A store, and every period of a text, by the id of the release that had it."""

    store: Store
    rng: random.Random
    now: datetime = DAY
    read: tuple[str, datetime] | None = None
    """The release that was saved last and when its text was first read, if it was held."""
    runs: dict[str, list[Run]] = field(default_factory=dict)

    def go_on(self) -> None:
        self.now += timedelta(hours=self.rng.choice((2, 31, 200)))
        self.read = None
        step, number = self.rng.choice(STEPS), self.rng.randrange(len(URLS))
        self.take(step, URLS[number], IDS[number])
        self.note(step)

    def text(self, url: str) -> Release:
        words = [self.rng.choice(WORDS) for _ in range(self.rng.randint(2, 6))]
        return replace(
            RELEASE,
            url=url,
            ministry=MINISTRIES[URLS.index(url) % 2],
            title=" ".join(words[:1]).capitalize(),
            body=" ".join(words[1:]) + ".",
            published=riga_day(DAY) - timedelta(days=self.rng.randrange(60)),
        )

    def take(self, step: str, url: str, id_: str) -> None:  # noqa: C901, PLR0912 - a row for each step
        store, seen = self.store, self.now
        match step:
            case "save":
                read = seen - timedelta(hours=1) if self.rng.random() < 0.3 else None
                store.save(self.text(url), seen=seen, read=read)
                self.read = (id_, read) if read else None
            case "hide":
                store.hide(url, seen=seen)
            case "unhide":
                store.unhide(url, seen=seen)
            case "undo":
                roll_back(store, "iem", since=seen - timedelta(hours=self.rng.choice((20, 300))), seen=seen)
            case _ if id_ not in store.ids():
                pass
            case "reread" if (own := store.get(id_)) is not None and own.id == id_:
                store.overwrite(id_, self.text(url), seen=seen)
            case "withdraw":
                store.withdraw(id_, seen=seen)
            case "miss":
                store.miss(id_, seen=seen)
            case "gone":
                store.mark_gone(id_, seen=seen)
            case "sight":
                store.sight(id_, seen=seen)
            case "merge" if (into := store.get(id_)) is not None:
                store.add_addresses(into.id, (self.rng.choice(URLS),), seen=seen)
            case "separate":
                store.separate(id_, seen=seen)
            case "discard":
                store.discard(id_, since=seen - timedelta(hours=30))

    def note(self, step: str) -> None:
        """Note which texts stand now, after a *step*."""
        is_reading = step == "reread"
        merged = {old for id_ in self.store.ids() for old in self.store.merged_into(id_)}
        known = {stored.id: stored for stored in self.store.changes_since(0)}
        self.runs = {id_: runs for id_, runs in self.runs.items() if id_ in known}
        for id_, stored in known.items():
            runs = self.runs.setdefault(id_, [])
            last = runs[-1] if runs else None
            if last and last.is_merged and id_ not in merged:
                last.until, last.is_merged = None, False
            stands = id_ not in merged and (
                stored.state == "present" or (stored.state == "hidden" and (last is None or not last.until))
            )
            is_same = last is not None and words_of(last.release) == words_of(stored.release)
            at = self.read[1] if self.read and self.read[0] == id_ and not is_same else self.now
            if last and not last.until and (not stands or not is_same):
                last.until, last.is_merged = at, id_ in merged
            if id_ in merged:
                continue
            if stands and (last is None or last.until):
                runs.append(self.begin(stored, last, at, is_reading=is_reading and not is_same))
            elif last and last.until and not is_same:  # it was read anew, or restored, while it was gone
                run = self.begin(stored, last, at, is_reading=is_reading)
                run.until = None if step == "save" else last.until  # a hidden one came back with another text
                runs.append(run)

    def begin(self, stored: StoredRelease, last: Run | None, at: datetime, *, is_reading: bool) -> Run:
        day = None
        if last is None and stored.release.published and stored.release.published <= riga_day(at):
            day = stored.release.published
        elif is_reading and last is not None:
            day = riga_day(last.begin)
        begin = datetime.combine(day, time(), RIGA).astimezone(UTC) if day else at
        return Run(stored.release, min(begin, at), at)

    def shown(self) -> Iterator[tuple[str, Run]]:
        """Yield each period of what may be shown, with the id of the release that it is of today."""
        for id_, runs in self.runs.items():
            stored = self.store.get(id_)
            if stored is not None and stored.state != "hidden":
                yield from ((stored.id, run) for run in runs)


def words_of(release: Release) -> tuple[list[str], ...]:
    texts = release.title, release.lead, release.body
    return tuple(text.lower().replace(".", "").split() for text in texts)


def random_query(rng: random.Random) -> tuple[str, Matcher]:
    """Return a query as typed, and what it matches."""
    one, other = rng.choice(WORDS), rng.choice(WORDS)
    match rng.randrange(5):
        case 0:
            return one, lambda parts: has(parts, one)
        case 1:
            return f'="{one} {other}"', lambda parts: any(
                part[at : at + 2] == [one, other] for part in parts for at in range(len(part))
            )
        case 2:
            return f"{one} {other}", lambda parts: has(parts, one) and has(parts, other)
        case 3:
            return f"{one} VAI {other}", lambda parts: has(parts, one) or has(parts, other)
        case _:
            return f"{one} -{other}", lambda parts: has(parts, one) and not has(parts, other)


def has(parts: tuple[list[str], ...], word: str) -> bool:
    return any(word in part for part in parts)
