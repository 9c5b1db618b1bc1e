"""Abbreviations that releases explain: `Valsts ugunsdzēsības un glābšanas dienests (VUGD)`.

Source: A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
text", 2003; made stricter, since every weighty word of a Latvian name gives a letter.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Literal, Self, get_args

from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem
from index.durable import naming, sync

Verdict = Literal["auto", "yes", "no"]

# --- In a text -----------------------------------------------------------------------------------

_SHORT = r"(?=[\w-]*[A-ZĀČĒĢĪĶĻŅŠŪŽ][\w-]*[A-ZĀČĒĢĪĶĻŅŠŪŽ])[A-ZĀČĒĢĪĶĻŅŠŪŽ][\w-]{1,9}"
_SAID = r"(?:turpmāk(?:\s++tekstā)?+\s*+(?:[-–—]\s*+)?+)?+"
_AFTER = re.compile(rf"\(\s*+{_SAID}[„“\"]?({_SHORT})[”“\"]?\s*+\)")
_BRACKETS = re.compile(r"\(\s*+([^()]{8,120}?)\s*+\)")
_BEFORE = re.compile(rf"(?<![\w-]){_SHORT}\Z")
_SHORT_CHARS = 10  # at most
_BRACKETS_MAX = 2_000  # looked at in a text; hardly any has a hundred
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_BREAK = re.compile(r"[.;:!?()\n„“”«»\"]")
_CLOSING = ' \u00a0\n”“»"'
# Words that give no letter: un, par, pie, of, the.
_LIGHT_CHARS = 3


def explained(text: str) -> Iterator[tuple[str, str]]:
    """Yield the abbreviations that *text* explains, each with the words it stands for, as written.

    >>> list(explained("to veic Valsts ieņēmumu dienests (VID) un SVF (Starptautiskais Valūtas fonds)"))
    [('VID', 'Valsts ieņēmumu dienests'), ('SVF', 'Starptautiskais Valūtas fonds')]
    """
    for match in islice(_AFTER.finditer(text), _BRACKETS_MAX):
        before = text[max(0, match.start() - 160) : match.start()].rstrip(_CLOSING)
        if long := _long(match[1], _BREAK.split(before)[-1]):
            yield match[1], long
    # Brackets first: there are few of them, and looking for one sign is fast.
    for match in islice(_BRACKETS.finditer(text), _BRACKETS_MAX):
        end = _before_space(text, match.start())
        short = _BEFORE.search(text, max(0, end - _SHORT_CHARS), end) if end < match.start() else None
        if short and _long(short[0], match[1]) == match[1]:
            yield short[0], match[1]


def _before_space(text: str, place: int) -> int:
    """Return where the space before a *place* begins."""
    while place and text[place - 1].isspace():
        place -= 1
    return place


def _long(short: str, before: str) -> str:
    """The words at the end of *before* that give the letters of *short*; empty where they do not."""
    words = list(_WORD.finditer(before))
    letters = fold(short.lower()).replace("-", "")
    most = min(len(letters) + 5, len(letters) * 2)
    left = {len(letters)}  # from which of the letters on the words from here on give all
    for count, word in enumerate(reversed(words[-most:]), 1):
        spelt = fold(word[0].lower())
        given = {start for start in range(len(letters)) if _gives(spelt, letters, start, left)}
        left = given | left if len(spelt) <= _LIGHT_CHARS else given
        if 0 in left and count > 1 and spelt[0] == letters[0]:
            return before[word.start() :]
    return ""


def _gives(word: str, letters: str, start: int, ends: Collection[int]) -> bool:
    """Whether *word* gives its first letter, and perhaps some more in their order, from *start* to an end."""
    if word[0] != letters[start]:
        return False
    place = 0
    for end in range(start + 1, len(letters) + 1):
        place = word.find(letters[end - 1], place) + 1
        if not place:
            return False
        if end in ends:
            return True
    return False


# --- Over all releases ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an abbreviation stands for, and who says so."""

    short: str
    long: str
    """As most releases write it, in whatever case."""
    releases: int
    evidence: str
    """The id of one of the releases."""
    verdict: Verdict = "auto"
    """``yes`` and ``no`` are written by people and stay."""


@dataclass(slots=True)
class Miner:
    """Gathers definitions, release by release."""

    _found: dict[str, dict[str, Counter[str]]] = field(default_factory=lambda: defaultdict(dict))
    _evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    _releases: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, id_: str, text: str) -> None:
        """Take in what the release *id_* explains."""
        for short, long in set(explained(text)):
            key = _key(long)
            self._found[short].setdefault(key, Counter())[" ".join(long.split())] += 1
            self._releases[short, key] += 1
            self._evidence.setdefault((short, key), id_)

    def definitions(self) -> list[Definition]:
        """Return what was found, by abbreviation."""
        return [
            Definition(
                short=short,
                long=_usual(written),
                releases=self._releases[short, key],
                evidence=self._evidence[short, key],
            )
            for short, longs in sorted(self._found.items())
            for key, written in sorted(longs.items())
        ]


def _usual(written: Counter[str]) -> str:
    return min(written, key=lambda long: (-written[long], long))


def _key(long: str) -> str:
    """The same for a name in all its cases."""
    return " ".join(stem(word.lower()) for word in _WORD.findall(long))


# --- As a file -----------------------------------------------------------------------------------

FILE = "acronyms.tsv"
SHIPPED = Path(__file__).parent / "data" / FILE
"""Those of ministries and the like, which hardly any release explains."""
_HEADER = """\
# Abbreviations that the releases explain; a query for one also finds the other. Made by `reindex`.
# The first column may be changed: `no` forbids a line, `yes` keeps it for good, also one that you add.
# verdict, abbreviation, what it stands for, releases that say so, one of them
"""


def modified(path: Path) -> int:
    """Return when the file at *path* changed last (nanoseconds); 0 where there is none."""
    return path.stat().st_mtime_ns if path.is_file() else 0


@dataclass(frozen=True, slots=True)
class Definitions:
    """The reviewed and the mined definitions."""

    all: tuple[Definition, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file at *path*; what is no definition is passed over, and a missing file holds none."""
        if not path.is_file():
            return cls()
        with naming(path):
            lines = path.read_text(encoding="utf-8").splitlines()
        rows = (line.split("\t") for line in lines if not line.startswith("#"))
        return cls(tuple(definition for row in rows if (definition := _definition(row))))

    def renew(self, mined: Iterable[Definition]) -> "Definitions":
        """Return *mined*, of all releases, with what people have decided."""
        decided = (replace(one, releases=0) for one in self.all if one.verdict != "auto")
        return Definitions(tuple(decided)).merge(mined)

    def merge(self, mined: Iterable[Definition]) -> "Definitions":
        """Return these with *mined*, of some more releases."""
        known = {_name(one): one for one in self.all}
        for one in mined:
            before = known.setdefault(_name(one), replace(one, releases=0))
            evidence = before.evidence or one.evidence
            known[_name(one)] = replace(before, releases=before.releases + one.releases, evidence=evidence)
        return Definitions(tuple(known[name] for name in sorted(known)))

    def write(self, path: Path) -> None:
        """Write them to *path*, at once or not at all: what people decided cannot be had again."""
        rows = (
            f"{one.verdict}\t{one.short}\t{one.long}\t{one.releases}\t{one.evidence}\n" for one in self.all
        )
        draft = path.with_suffix(".draft")
        with naming(draft):
            draft.write_text(_HEADER + "".join(rows), encoding="utf-8")
        sync(draft)
        draft.replace(path)
        sync(path.parent)

    def in_use(self) -> Mapping[str, tuple[str, ...]]:
        """Return what each abbreviation stands for, the commonest first.

        One that is explained in several ways keeps those that a fifth of the releases or more agree on.
        """
        by_short: dict[str, list[Definition]] = defaultdict(list)
        for one in self.all:
            if one.verdict != "no":
                by_short[one.short].append(one)
        return {
            short: tuple(
                one.long for one in sorted(ones, key=lambda one: -one.releases) if _is_usual(one, ones)
            )
            for short, ones in by_short.items()
        }


def in_use(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return what abbreviations stand for by the file at *path* and the one that we ship."""
    return with_shipped(Definitions.read(path))


def with_shipped(known: Definitions) -> Mapping[str, tuple[str, ...]]:
    """Return what abbreviations stand for by *known* and the file that we ship."""
    return known.merge(Definitions.read(SHIPPED).all).in_use()


_SHARE_MIN = 0.2


def _is_usual(one: Definition, ones: Iterable[Definition]) -> bool:
    return one.verdict == "yes" or one.releases >= _SHARE_MIN * sum(other.releases for other in ones)


def _name(one: Definition) -> tuple[str, str]:
    return one.short, _key(one.long)


def _definition(row: list[str]) -> Definition | None:
    verdict = next((one for one in get_args(Verdict) if row[0].strip() == one), None)
    if verdict is None or len(row) < 3 or not row[1].strip() or not row[2].strip():
        return None
    releases, evidence = (*row[3:5], "0", "")[:2] if len(row) > 4 else ("0", "")
    return Definition(
        short=row[1].strip(),
        long=row[2].strip(),
        releases=int(releases) if releases.isdigit() else 0,
        evidence=evidence,
        verdict=verdict,
    )
