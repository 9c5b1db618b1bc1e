"""Abbreviations that releases explain: `Valsts ugunsdzēsības un glābšanas dienests (VUGD)`.

Source: A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical
text", 2003. Stricter: every word of a Latvian name except short ones must give a letter.
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
from preses_relizes.shared.durable import name_errors, sync

ReviewVerdict = Literal["auto", "yes", "no"]

# --- In a text -----------------------------------------------------------------------------------

_SHORT = r"(?=[\w-]*[A-ZĀČĒĢĪĶĻŅŠŪŽ][\w-]*[A-ZĀČĒĢĪĶĻŅŠŪŽ])[A-ZĀČĒĢĪĶĻŅŠŪŽ][\w-]{1,9}"
_HEREAFTER = r"(?>(?:turpmāk(?>(?:\s++tekstā)?)\s*+(?>(?:[-–—]\s*+)?))?)"
_AFTER = re.compile(rf"\(\s*+{_HEREAFTER}[„“\"]?({_SHORT})[”“\"]?\s*+\)")
_BRACKETS = re.compile(r"\(\s*+([^()]{8,120}?)\s*+\)")
_BEFORE = re.compile(rf"(?<![\w-]){_SHORT}\Z")
# The longest abbreviation.
_SHORT_CHARS = 10
# Brackets examined per text; few texts have a hundred.
_BRACKETS_MAX = 2_000
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_BREAK = re.compile(r"[.;:!?()\n„“”«»\"]")
_CLOSING = ' \u00a0\n”“»"'
# Words up to this length may give no letter: un, par, pie, of, the.
_LIGHT_CHARS = 3


def find_definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield the abbreviations that *text* explains, each with its expansion as written.

    >>> list(find_definitions("Valsts ieņēmumu dienests (VID) un SVF (Starptautiskais Valūtas fonds)"))
    [('VID', 'Valsts ieņēmumu dienests'), ('SVF', 'Starptautiskais Valūtas fonds')]
    """
    for match in islice(_AFTER.finditer(text), _BRACKETS_MAX):
        before = text[max(0, match.start() - 160) : match.start()].rstrip(_CLOSING)
        if long := _find_expansion(match[1], _BREAK.split(before)[-1]):
            yield match[1], long
    # Brackets are searched first: they are rare, and finding a single character is fast.
    for match in islice(_BRACKETS.finditer(text), _BRACKETS_MAX):
        end = _before_space(text, match.start())
        short = _BEFORE.search(text, max(0, end - _SHORT_CHARS), end) if end < match.start() else None
        if short and _find_expansion(short[0], match[1]) == match[1]:
            yield short[0], match[1]


def _before_space(text: str, place: int) -> int:
    """Return the start of the white space that ends at *place*."""
    while place and text[place - 1].isspace():
        place -= 1
    return place


def _find_expansion(short: str, before: str) -> str:
    """Return the words at the end of *before* that give the letters of *short*; "" if there are none."""
    words = list(_WORD.finditer(before))
    letters = fold(short.lower()).replace("-", "")
    most = min(len(letters) + 5, len(letters) * 2)
    # The places in *short* such that the words read so far give all letters from there to the end.
    reached = {len(letters)}
    for count, word in enumerate(reversed(words[-most:]), 1):
        folded = fold(word[0].lower())
        starts = {start for start in range(len(letters)) if _spells(folded, letters, start, reached)}
        reached = starts | reached if len(folded) <= _LIGHT_CHARS else starts
        if 0 in reached and count > 1 and folded[0] == letters[0]:
            return before[word.start() :]
    return ""


def _spells(word: str, letters: str, start: int, ends: Collection[int]) -> bool:
    """Return whether *word*, from its first letter on, gives the letters from *start* up to one of *ends*."""
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
    """An abbreviation, its expansion, and the releases that explain it."""

    short: str
    long: str
    """The commonest spelling, in any grammatical case."""
    releases: int
    """Their number; of an update, how many more there are."""
    evidence: str
    """The id of one of those releases."""
    verdict: ReviewVerdict = "auto"
    """``yes`` and ``no`` are decisions by a person, and survive every run of `reindex`."""


@dataclass(slots=True)
class Miner:
    """Collects definitions, release by release, and counts off those that an earlier index counted."""

    _found: dict[str, dict[str, Counter[str]]] = field(default_factory=lambda: defaultdict(dict))
    _evidence: dict[tuple[str, str], str] = field(default_factory=dict)
    _releases: Counter[tuple[str, str]] = field(default_factory=Counter)
    _added: dict[str, str] = field(default_factory=dict)
    """The text of each release that has definitions: one that changes meanwhile is added again."""
    _removed: set[str] = field(default_factory=set)

    def add(self, id_: str, text: str) -> None:
        """Add the definitions in the release *id_*, instead of those that were added for it before."""
        self.drop(id_)
        if self._count(text, 1, id_):
            self._added[id_] = text

    def drop(self, id_: str) -> None:
        """Take back what was added for the release *id_*, if anything."""
        self._count(self._added.pop(id_, ""), -1, "")

    def remove(self, id_: str, text: str) -> None:
        """Count off, once, the definitions in *text*, which the index has for the release *id_*."""
        if id_ not in self._removed and self._count(text, -1, ""):
            self._removed.add(id_)

    def _count(self, text: str, releases: int, evidence: str) -> bool:
        """Count the definitions in *text* for a number of releases; return whether there are any."""
        found = set(find_definitions(text))
        for short, long in found:
            key = name_key(long)
            self._found[short].setdefault(key, Counter())[" ".join(long.split())] += releases
            self._releases[short, key] += releases
            self._evidence[short, key] = self._evidence.get((short, key)) or evidence
        return bool(found)

    def definitions(self) -> list[Definition]:
        """Return the definitions whose number of releases changed, sorted by abbreviation."""
        return [
            Definition(
                short=short,
                long=_commonest(spellings),
                releases=self._releases[short, key],
                evidence=self._evidence[short, key],
            )
            for short, longs in sorted(self._found.items())
            for key, spellings in sorted(longs.items())
            if self._releases[short, key]
        ]


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda long: (-spellings[long], long))


def name_key(long: str) -> str:
    """Return a key that all grammatical cases of a name share."""
    return " ".join(stem(word.lower()) for word in _WORD.findall(long))


# --- As a file -----------------------------------------------------------------------------------

FILE = "acronyms.tsv"
SHIPPED = Path(__file__).parent / "data" / FILE
"""Definitions that we ship, for names that releases rarely explain, such as ministries."""
_HEADER = """\
# Abbreviations explained in the releases; a query for one also finds the other. Written by `reindex`.
# You may edit the first column: `no` disables a line, `yes` keeps it for good, and you may add lines.
# verdict, abbreviation, expansion, number of releases that explain it, the id of one
"""


def modified_ns(path: Path) -> int:
    """Return the modification time of *path* in nanoseconds; 0 if there is no such file."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@dataclass(frozen=True, slots=True)
class Definitions:
    """The reviewed and the mined definitions."""

    all: tuple[Definition, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file at *path*, skipping malformed lines; a missing file is empty."""
        if not path.is_file():
            return cls()
        with name_errors(path):
            lines = path.read_text(encoding="utf-8").splitlines()
        rows = (line.split("\t") for line in lines if not line.startswith("#"))
        return cls(tuple(definition for row in rows if (definition := _parse_definition(row))))

    def renew(self, mined: Iterable[Definition]) -> "Definitions":
        """Return the definitions *mined* from all releases, with the decisions of people carried over."""
        decided = (replace(definition, releases=0) for definition in self.all if definition.verdict != "auto")
        return Definitions(tuple(decided)).merge(mined)

    def merge(self, mined: Iterable[Definition]) -> "Definitions":
        """Return these definitions, with those *mined* from changed releases added or counted off.

        What no release explains any more is dropped, unless people decided on it.
        """
        by_identity = {_identity(definition): definition for definition in self.all}
        for definition in mined:
            known = by_identity.setdefault(_identity(definition), replace(definition, releases=0))
            releases = known.releases + definition.releases
            evidence = known.evidence or definition.evidence
            by_identity[_identity(definition)] = replace(known, releases=max(0, releases), evidence=evidence)
            if releases <= 0 > definition.releases and known.verdict == "auto":
                del by_identity[_identity(definition)]
        return Definitions(tuple(by_identity[name] for name in sorted(by_identity)))

    def write(self, path: Path) -> None:
        """Write the definitions to *path* atomically: the decisions of people cannot be rebuilt."""
        rows = ("\t".join(map(str, _row(definition))) + "\n" for definition in self.all)
        draft = path.with_suffix(".draft")
        with name_errors(draft):
            draft.write_text(_HEADER + "".join(rows), encoding="utf-8")
        sync(draft)
        draft.replace(path)
        sync(path.parent)

    def expansions(self) -> Mapping[str, tuple[str, ...]]:
        """Return the expansions of each abbreviation, commonest first.

        Expansions that fewer than a fifth of the releases give are left out.
        """
        by_short: dict[str, list[Definition]] = defaultdict(list)
        for definition in self.all:
            if definition.verdict != "no":
                by_short[definition.short].append(definition)
        return {
            short: tuple(
                definition.long
                for definition in sorted(definitions, key=lambda definition: -definition.releases)
                if _is_common(definition, definitions)
            )
            for short, definitions in by_short.items()
        }


def read_expansions(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the expansions of abbreviations from the file at *path* and the one that we ship."""
    return expansions_with_shipped(Definitions.read(path))


def expansions_with_shipped(definitions: Definitions) -> Mapping[str, tuple[str, ...]]:
    """Return the expansions of abbreviations from *definitions* and the file that we ship."""
    return definitions.merge(Definitions.read(SHIPPED).all).expansions()


_SHARE_MIN = 0.2


def _is_common(definition: Definition, definitions: Iterable[Definition]) -> bool:
    least = _SHARE_MIN * sum(other.releases for other in definitions)
    return definition.verdict == "yes" or definition.releases >= least


def _identity(definition: Definition) -> tuple[str, str]:
    return definition.short, name_key(definition.long)


def _row(definition: Definition) -> tuple[object, ...]:
    """Return the columns of a line of the file."""
    return definition.verdict, definition.short, definition.long, definition.releases, definition.evidence


def _parse_definition(row: list[str]) -> Definition | None:
    verdict = next((name for name in get_args(ReviewVerdict) if row[0].strip() == name), None)
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
