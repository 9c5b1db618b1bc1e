"""An invented site whose releases are edited, moved, removed and returned on known days.

Each of its phrases is in the text of one or two releases on days that are chosen here, so its first and its
last day on the site are known without asking a store.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, product, zip_longest
from pathlib import Path
from random import Random

from preses_relizes.shared.calendar import riga_day
from tests.accidents.later_crawl import FIRST_DAY
from tests.support.hostile_site import HostileSite, page
from tests.support.planted_edits import sample_sentences
from tests.support.small_site import CONFIG
from tests.support.warm_command import warm

PHRASES, DAYS = 200, 14
_ADJECTIVES = (
    "zaļā", "lielā", "mazā", "jaunā", "vecā", "plašā", "šaurā", "klusā", "skaļā", "ātrā",
    "lēnā", "dārgā", "lētā", "smagā", "vieglā", "garā", "īsā", "dziļā", "seklā", "augstā",
)  # fmt: skip
_NOUNS = ("pāreja", "sēde", "pļava", "nauda", "ostmala", "siena", "nodeva", "kārta", "birža", "zeme")
_SENTENCES, _OWN = 6, 5
"""The sentences of a release that never change, and the phrases of each release."""


@dataclass(frozen=True, slots=True)
class KnownPhrase:
    """A phrase, and when it stood; days are counted from the first crawl."""

    text: str
    presumed: date | None
    """The day of publication of the release that had it first, if the first text of that had it."""
    first: int
    """The day of the crawl that read it first."""
    lasts: frozenset[int]
    """The days of the crawls that saw it last: several if two releases were noticed to lose it at once."""
    end: int | None
    """The day of the crawl that read another text, or missed the page again; None: it stands."""


@dataclass(frozen=True, slots=True)
class _Release:
    """What a release says on each day, None if it is not there; and the day on which it moved."""

    number: int
    texts: list[frozenset[str] | None]
    moves: int | None
    phrases: list[str]
    sentences: list[str]

    @property
    def first_text(self) -> frozenset[str]:
        return next(filter(None, self.texts))

    @property
    def published(self) -> date:
        return day_of(self.texts.index(self.first_text)) - timedelta(days=self.number % 4)

    def end(self, phrase: str, day: int) -> int:
        """Return the day of the crawl that notices that a *phrase* is no longer there, after a *day*."""
        for later in range(day + 1, DAYS):
            text = self.texts[later]
            if text is not None and phrase not in text:
                return later  # though it may flicker, and waits until it is read again
            if text is None and later > day + 1 and self.texts[later - 1] is None:
                return later
            if text is not None:
                return self.end(phrase, later)
        return DAYS

    def path(self, day: int) -> str:
        has_moved = self.moves is not None and day >= self.moves
        return f"/lv/jaunums/{'pārcelta' if has_moved else 'relize'}-{self.number}".replace("ā", "a")


def day_of(day: int) -> date:
    """Return the date of a day in Riga."""
    return riga_day(FIRST_DAY) + timedelta(days=day)


class KnownSite:
    """The site; *seed* chooses what happens to its releases."""

    def __init__(self, seed: int) -> None:
        rng, sentences = Random(seed), sample_sentences()
        rng.shuffle(sentences)
        phrases = [f"{adjective} {noun}" for adjective, noun in product(_ADJECTIVES, _NOUNS)]
        rng.shuffle(phrases)
        self._releases: list[_Release] = []
        for first in range(0, PHRASES, _OWN):
            number = first // _OWN
            # One phrase of another release, so that its days are those of two.
            own = [*phrases[first : first + _OWN], phrases[(first + _OWN) % PHRASES]]
            said = sentences[number * _SENTENCES :][:_SENTENCES]
            self._releases.append(_Release(number, *_story(own, number, rng), own, said))

    def phrases(self) -> Iterator[KnownPhrase]:
        """Yield every phrase with its days."""
        begins: dict[str, list[tuple[date, int, date | None]]] = defaultdict(list)
        ends: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)
        for release in self._releases:
            for day, text in enumerate(release.texts):
                for phrase in text or ():
                    presumed = release.published if phrase in release.first_text else None
                    begins[phrase].append((presumed or day_of(day), day, presumed))
                    ends[phrase][release.end(phrase, day), release.number] = day
        for phrase, begun in begins.items():
            _, first, presumed = min(begun, key=lambda one: one[:2])
            end, _ = max(ends[phrase])
            lasts = frozenset(last for (ended, _), last in ends[phrase].items() if ended == end)
            yield KnownPhrase(phrase, presumed, first, lasts, end if end < DAYS else None)

    def crawl(self, folder: Path) -> Path:
        """Serve the site and crawl it on each day; return the store."""
        with HostileSite(missing=page(status=404)) as site:
            config = folder / "config.toml"
            config.write_text(CONFIG.format(origin=site.origin), encoding="utf-8")
            for day in range(DAYS):
                site.scripts = {"/robots.txt": page(status=404)}
                self._serve(site, day)
                done = warm("tests.accidents.later_crawl").run(str(day), "--config", str(config))
                assert done.returncode in {0, 1}, done.stderr + done.stdout
        return folder / "data" / "releases.sqlite3"

    def _serve(self, site: HostileSite, day: int) -> None:
        rows = []
        for release in self._releases:
            text = release.texts[day]
            if text is None:
                continue
            path = release.path(day)
            site.scripts[path] = page(_markup(release, text))
            if path != release.path(0):
                site.scripts[release.path(0)] = page(status=301, location=site.url(path))
            rows.append(
                f"<div class=row><a href={path}>{_title(release)}</a> <time>{release.published}</time></div>"
            )
        site.scripts["/lv/jaunumi"] = page(f"<html lang=lv><main><h1>Jaunumi</h1>{''.join(rows)}</main>")


def _story(own: list[str], number: int, rng: Random) -> tuple[list[frozenset[str] | None], int | None]:
    """Return what a release with the phrases *own* says on each day, and when it moves."""
    first, second, third = sorted(rng.sample(range(2, DAYS - 2), 3))
    one, other = (frozenset(rng.sample(own, rng.randint(2, 4))) for _ in range(2))
    everything = frozenset(own)
    rest = everything - one - other or frozenset(own[:1])
    gone, moves = None, None
    match number % 7:
        case 0:  # edited twice
            parts = one, one, other, rest
        case 1:  # edited, then removed
            parts = one, everything - one, everything - one, gone
        case 2:  # removed, and back with the same text
            parts = everything, gone, gone, everything
        case 3:  # edited, removed, and back with another text
            parts = one, other, gone, rest
        case 4:  # moved, and edited at its new address
            parts, moves = (one, one, other, rest), first
        case 5:  # published while the site was crawled, and edited
            parts = gone, one, other, rest
        case _:  # edited, and back to its first text
            parts = one, everything - one, one, one
    lengths = first, second - first, third - second, DAYS - third
    texts = [text for text, length in zip(parts, lengths, strict=True) for _ in range(length)]
    return texts, moves


def _title(release: _Release) -> str:
    return " ".join(release.sentences[0].split()[:6])


def _markup(release: _Release, text: frozenset[str]) -> str:
    # Each phrase has a place of its own: what changes where it changed last may flicker, and is read again.
    said = [f"Ziņojumā teikts: {one}." if one in text else "" for one in release.phrases]
    parts = chain.from_iterable(zip_longest(release.sentences, said, fillvalue=""))
    paragraphs = "".join(f"<p>{sentence}</p>\n" for sentence in parts if sentence)
    return (
        f"<html lang=lv><title>{_title(release)}</title><main><h1>{_title(release)}</h1>"
        f"<time datetime={release.published}>{release.published:%d.%m.%Y}</time>"
        f"<div class=text>{paragraphs}</div>"
    )
