"""Dictionary forms of a word, from a Hunspell dictionary read by ourselves.

It covers what hunspell-lv uses: one-letter flags, suffixes on suffixes (two levels), prefixes, CIRCUMFIX,
NEEDAFFIX, FULLSTRIP. On the Latvian treebank it gives the lemmas that libhunspell gives.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import NamedTuple
from weakref import WeakValueDictionary

from index.analysis.latvian.letters import fold

DICTIONARY = Path(__file__).parent / "data" / "hunspell-lv" / "lv_LV.aff"
"""The dictionary we ship: LGPL-2.1-or-later, its licence beside it; another may be put in its place."""


# So many letters tell which words have no root, as most names: they are in no dictionary.
BEGINNINGS = (4, 6)


class LexiconError(Exception):
    """A dictionary cannot be read; the message names the file and what is wrong."""


class _Suffix(NamedTuple):
    """Turns a root that has ``flag`` and ends as ``condition`` says into a form, which has ``then``."""

    flag: str
    condition: Callable[[str], object] | None
    then: str
    own: str
    """What to put for the added text to get the dictionary form, where that is not the root's."""


class _Path(NamedTuple):
    """How a form is made of a root: by one rule, or by a second rule from what a first one made."""

    rank: int
    """Lemmas come in this order."""
    flag: str
    """The root must have it."""
    conditions: tuple[tuple[str, Callable[[str], object]], ...]
    """Ends that the rest of the form is given in turn, and what it must pass then."""
    then: str
    """The flags that the rules give."""
    lemma: str
    """The end of the dictionary form, where that is not the root's."""


_Paths = dict[str, dict[str, list[_Path]]]
"""By the text that ends the form, and by the text that ends the root in its place."""


class _Prefix(NamedTuple):
    flag: str
    text: str
    then: str


class Lexicon:
    """The roots and rules of a Hunspell dictionary; *folded*: all read without diacritics.

    Raises:
        LexiconError: a file is missing, not UTF-8, or not of the form.
    """

    def __init__(self, aff: Path = DICTIONARY, *, folded: bool = False) -> None:
        self._spell = _folded if folded else str.lower
        self._circumfix = self._need_affix = _NO_FLAG
        self._suffixes: dict[tuple[str, str], list[_Suffix]] = {}  # by the text added and the text stripped
        self._prefixes: list[_Prefix] = []
        self._roots: dict[str, str] = {}
        try:
            self._read_rules(_lines(aff))
            self._read_roots(_lines(aff.with_suffix(".dic")))
        except (OSError, UnicodeDecodeError, IndexError, re.error) as error:
            raise LexiconError(f"{aff}: not a Hunspell dictionary: {error}") from error
        self._beginnings = [
            (length, {root[:length] for root in self._roots if len(root) >= length}) for length in BEGINNINGS
        ]
        self._prefix_texts = tuple({prefix.text for prefix in self._prefixes})
        self._alone = self._paths(lambda rule: self._circumfix not in rule.then)
        self._with_prefix = self._paths(lambda rule: self._circumfix in rule.then)
        self._tails = frozenset(
            form[start:] for form in (*self._alone, *self._with_prefix) for start in range(len(form) + 1)
        )
        self._circumfixed = frozenset(
            prefix.flag for prefix in self._prefixes if self._circumfix in prefix.then
        )

    def _paths(self, may_end: Callable[[_Suffix], bool]) -> _Paths:
        """Return the ways to all forms whose last rule *may_end* them."""
        rules = [(*texts, rule) for texts, rules in self._suffixes.items() for rule in rules]
        rules.sort(key=lambda rule: -len(rule[0]))
        before: dict[str, list[tuple[str, str, _Suffix]]] = defaultdict(list)
        for added, strip, rule in rules:
            for flag in dict.fromkeys(rule.then):
                before[flag].append((added, strip, rule))
        paths: _Paths = defaultdict(lambda: defaultdict(list))
        rank = count()
        for added, strip, last in filter(lambda rule: may_end(rule[2]), rules):
            paths[added][strip].append(
                _Path(next(rank), last.flag, _checks((strip, last.condition)), last.then, last.own)
            )
            for inner, inner_strip, first in before[last.flag]:
                if not (inner.endswith(strip) or strip.endswith(inner)):
                    continue
                # What one adds beyond what the other strips stays in the form, and the other way round.
                stays = inner[: max(0, len(inner) - len(strip))]
                kept = strip[: max(0, len(strip) - len(inner))]
                checks = _checks((kept + inner_strip, first.condition), (kept + inner, last.condition))
                lemma = first.own and kept + first.own
                paths[stays + added][kept + inner_strip].append(
                    _Path(next(rank), first.flag, checks, first.then + last.then, lemma)
                )
        return {form: dict(by_root) for form, by_root in paths.items()}

    def lemmas(self, word: str) -> tuple[str, ...]:
        """Return the dictionary forms that *word* may be a form of, none twice; empty when unknown.

        >>> Lexicon().lemmas("drošībai")
        ('drošība',)
        >>> Lexicon().lemmas("dodas"), Lexicon().lemmas("vadītājai")
        (('doties',), ('vadītāja',))
        """
        word = self._spell(word)
        flags = self._roots.get(word)
        found = [word] if flags is not None and self._need_affix not in flags else []
        found.extend(self._bases(word, ""))
        if word.startswith(self._prefix_texts):
            for prefix in self._prefixes:
                if word.startswith(prefix.text) and len(word) > len(prefix.text) + 1:
                    found.extend(self._prefixed(word, prefix))
        return tuple(dict.fromkeys(found))

    def _prefixed(self, word: str, prefix: _Prefix) -> Iterator[str]:
        rest = word[len(prefix.text) :]
        flags = self._roots.get(rest, "")
        circumfixed = prefix.flag in self._circumfixed
        bare = [rest] if prefix.flag in flags and not circumfixed else []
        for lemma in (*bare, *self._bases(rest, prefix.flag)):
            # neiet is a form of iet, visdrošākais of drošs; but neliels is a word of its own.
            yield lemma if circumfixed or is_verb(lemma) else prefix.text + lemma

    def _bases(self, word: str, wanted: str) -> list[str]:
        """Return the lemmas of *word* whose rules or root grant the prefix flag *wanted*."""
        # A circumfix needs both its halves.
        table = self._with_prefix if wanted in self._circumfixed else self._alone
        roots = self._roots
        found = []
        for start in range(self._reach(word), -1, -1):
            tail = word[start:]
            if tail not in self._tails:
                break  # nor does any longer one end a form
            by_root = table.get(tail)
            if by_root is None:
                continue
            rest = word[:start]
            for end, paths in by_root.items():
                flags = roots.get(rest + end)
                if not flags:
                    continue
                for rank, flag, checks, then, lemma in paths:
                    if flag not in flags or not (not wanted or wanted in flags or wanted in then):
                        continue
                    if all(passes(rest + text) for text, passes in checks):
                        found.append((rank, rest + (lemma or end)))
        return [lemma for _, lemma in sorted(found)]

    def _reach(self, word: str) -> int:
        """Return how many of the first letters of *word* may begin a root, or more."""
        for length, known in self._beginnings:
            if word[:length] not in known:
                return min(length - 1, len(word))
        return len(word)

    def _read_rules(self, lines: Iterator[list[str]]) -> None:
        written: dict[str, list[_Written]] = defaultdict(list)
        for fields in lines:
            if fields[0] == "CIRCUMFIX":
                self._circumfix = fields[1]
            elif fields[0] == "NEEDAFFIX":
                self._need_affix = fields[1]
            elif fields[0] in ("SFX", "PFX") and not _is_header(fields):
                added, _, then = fields[3].partition("/")
                strip, added = ("" if text == "0" else text for text in (fields[2], added))
                condition = fields[4] if len(fields) > 4 else "."
                if fields[0] == "PFX":
                    self._prefixes.append(_Prefix(fields[1], self._spell(added), then))
                else:
                    written[fields[1]].append(_Written(strip, added, condition, then))
        for flag, rules in written.items():
            self._add_suffixes(flag, rules)

    def _add_suffixes(self, flag: str, written: list["_Written"]) -> None:
        spell = fold if self._spell is _folded else str
        own = _own_lemma([rule.added for rule in written])
        for rule in written:
            suffix = _Suffix(flag, _ends_as(spell(rule.condition)), rule.then, spell(own(rule)))
            suffixes = self._suffixes.setdefault((spell(rule.added), spell(rule.strip)), [])
            if suffix not in suffixes:  # folded, many become one
                suffixes.append(suffix)

    def _read_roots(self, lines: Iterator[list[str]]) -> None:
        next(lines, None)  # the number of entries
        for entry, *_ in lines:
            text, _, flags = entry.partition("/")
            if not flags and text[:1].isupper():
                continue  # Uldim: a form of a name, which stands for itself; the stemmer knows better
            root = self._spell(text)
            known = self._roots.get(root)
            self._roots[root] = flags if known is None else self._either(known, flags)

    def _either(self, flags: str, others: str) -> str:
        """The flags of two homographs; a bare form is allowed if either allows it."""
        joined = dict.fromkeys(flags + others)
        if not (self._need_affix in flags and self._need_affix in others):
            joined.pop(self._need_affix, None)
        return "".join(joined)


_open: WeakValueDictionary[tuple[object, ...], Lexicon] = WeakValueDictionary()


def open_lexicon(aff: Path = DICTIONARY, *, folded: bool = False) -> Lexicon:
    """Return the lexicon at *aff*, shared by all who use the same version of its files in this process.

    Raises:
        LexiconError: a file is missing, not UTF-8, or not of the form.
    """
    try:
        stats = [path.stat() for path in (aff, aff.with_suffix(".dic"))]
    except OSError as error:
        raise LexiconError(f"{aff}: not a Hunspell dictionary: {error}") from error
    version = (aff, folded, *((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats))
    lexicon = _open.get(version)
    if lexicon is None:
        lexicon = _open[version] = Lexicon(aff, folded=folded)
    return lexicon


# --- Words of their own --------------------------------------------------------------------------
#
# A dictionary for spelling hangs whole families on one root. To search they are different words: doties is
# not dot, vadītāja is not vadītājs, galdiņš is no galds. The rules of a flag show by their endings what they
# make.

# What a rule makes that is declined as a feminine noun: vadītāja, mazināšana. A flag of hunspell-lv.
_FEMININE_NOUN = "S"
_REFLEXIVE = ("os", "as", "ās", "ies")
_DIMINUTIVE = re.compile("(.{0,4}?)(iņ|īt|īš).*")
_DIMINUTIVE_LEMMA = {
    # mark, feminine
    ("iņ", False): "iņš",
    ("iņ", True): "iņa",
    ("īt", False): "ītis",
    ("īš", False): "ītis",
    ("īt", True): "īte",
    ("īš", True): "īte",
}


class _Written(NamedTuple):
    """A suffix rule as the file has it."""

    strip: str
    added: str
    condition: str
    then: str


def _own_lemma(all_added: list[str]) -> Callable[[_Written], str]:
    """What gives the ``own`` of the rules of a flag, which add *all_added*."""
    # All but a slip or two: hunspell-lv has "146" and "ūpie" among them.
    if sum(added.endswith(_REFLEXIVE) for added in all_added) > 0.9 * len(all_added):
        return _reflexive
    if all(_DIMINUTIVE.match(added) for added in all_added):
        return partial(
            _diminutive, feminine=any(added.endswith(("as", "ās", "es", "ēs")) for added in all_added)
        )
    return lambda rule: rule.added if _FEMININE_NOUN in rule.then else ""


def _reflexive(rule: _Written) -> str:
    return "" if rule.strip.endswith("s") else rule.strip + "ies"


def _diminutive(rule: _Written, *, feminine: bool) -> str:
    return _DIMINUTIVE.sub(lambda match: match[1] + _DIMINUTIVE_LEMMA[match[2], feminine], rule.added)


@cache
def _ends_as(condition: str) -> Callable[[str], object] | None:
    return None if condition == "." else re.compile(f"(?:{condition})$").search


_NO_FLAG = "\0"


def _checks(
    *conditions: tuple[str, Callable[[str], object] | None],
) -> tuple[tuple[str, Callable[[str], object]], ...]:
    return tuple((text, passes) for text, passes in conditions if passes)


def is_verb(lemma: str) -> bool:
    """Say whether *lemma* is an infinitive: no noun or adjective ends so."""
    return lemma.endswith(("t", "ties"))


def _folded(text: str) -> str:
    return fold(text.lower())


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if fields and not line.startswith("#"):
                yield fields


def _is_header(fields: list[str]) -> bool:
    return len(fields) == 4 and fields[2] in "YN" and fields[3].isdigit()
