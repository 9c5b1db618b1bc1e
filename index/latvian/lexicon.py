"""Dictionary forms of a word, from a Hunspell dictionary read by ourselves.

It covers what hunspell-lv uses: one-letter flags, suffixes on suffixes (two levels), prefixes, CIRCUMFIX,
NEEDAFFIX, FULLSTRIP. On the Latvian treebank it gives the lemmas that libhunspell gives.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from index.latvian.letters import fold

DICTIONARY = Path(__file__).parent / "data" / "hunspell-lv" / "lv_LV.aff"
"""The dictionary we ship: LGPL-2.1-or-later, its licence beside it; another may be put in its place."""


class LexiconError(Exception):
    """A dictionary cannot be read; the message names the file and what is wrong."""


class _Suffix(NamedTuple):
    """Turns a root that has ``flag`` and ends as ``condition`` says into a form, which has ``then``."""

    flag: str
    condition: Callable[[str], object] | None
    then: str


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
        self._circumfix: str = ""
        self._need_affix: str = ""
        # added text -> stripped text -> rules: the root is looked up once for all rules that lead to it
        self._suffixes: dict[str, dict[str, list[_Suffix]]] = {}
        self._prefixes: list[_Prefix] = []
        self._roots: dict[str, str] = {}
        try:
            self._read_rules(_lines(aff))
            self._read_roots(_lines(aff.with_suffix(".dic")))
        except (OSError, UnicodeDecodeError, IndexError, re.error) as error:
            raise LexiconError(f"{aff}: not a Hunspell dictionary: {error}") from error
        self._longest = max(map(len, self._suffixes), default=0)
        self._circumfixed = frozenset(
            prefix.flag for prefix in self._prefixes if self._circumfix and self._circumfix in prefix.then
        )
        self._inner = self._granting_suffixes()

    def lemmas(self, word: str) -> tuple[str, ...]:
        """Return the dictionary forms that *word* may be a form of, none twice; empty when unknown.

        >>> Lexicon().lemmas("drošībai")
        ('drošība',)
        >>> Lexicon(folded=True).lemmas("cela")
        ('celt', 'celis', 'cels')
        """
        word = self._spell(word)
        flags = self._roots.get(word)
        found = [word] if flags is not None and self._need_affix not in flags else []
        found.extend(self._bases(word, ""))
        for prefix in self._prefixes:
            if word.startswith(prefix.text) and len(word) > len(prefix.text) + 1:
                found.extend(self._prefixed(word[len(prefix.text) :], prefix.flag))
        return tuple(dict.fromkeys(found))

    def _prefixed(self, rest: str, flag: str) -> Iterator[str]:
        flags = self._roots.get(rest)
        if flags is not None and flag in flags and flag not in self._circumfixed:
            yield rest
        yield from self._bases(rest, flag)

    def _bases(self, word: str, wanted: str) -> Iterator[str]:
        """Yield the roots of *word* whose rule or entry grants the prefix flag *wanted*."""
        circumfixed = wanted in self._circumfixed
        for start in range(max(0, len(word) - self._longest), len(word) + 1):
            for strip, rules in self._suffixes.get(word[start:], _NO_RULES).items():
                root = word[:start] + strip
                flags = self._roots.get(root, "")
                for flag, condition, then in rules:
                    # A circumfix needs both its halves.
                    if (self._circumfix in then) != circumfixed:
                        continue
                    known = flag in flags
                    if not known and flag not in self._inner:
                        continue
                    if not root or (condition and not condition(root)):
                        continue
                    if known and (not wanted or wanted in flags or wanted in then):
                        yield root
                    if flag in self._inner:
                        yield from self._inner_bases(root, flag, wanted, then)

    def _inner_bases(self, form: str, granted: str, wanted: str, then: str) -> Iterator[str]:
        """Yield the roots of *form*, itself made by a rule that grants the flag *granted*."""
        suffixes = self._inner[granted]
        for start in range(max(0, len(form) - self._longest), len(form) + 1):
            for strip, rules in suffixes.get(form[start:], _NO_RULES).items():
                root = form[:start] + strip
                flags = self._roots.get(root, "")
                for flag, condition, inner_then in rules:
                    if flag not in flags or (condition and not condition(root)):
                        continue
                    if not wanted or wanted in flags or wanted in then or wanted in inner_then:
                        yield root

    def _granting_suffixes(self) -> dict[str, dict[str, dict[str, list[_Suffix]]]]:
        """The rules by each flag that they grant to what they make."""
        granting: dict[str, dict[str, dict[str, list[_Suffix]]]] = defaultdict(lambda: defaultdict(dict))
        for added, stripped in self._suffixes.items():
            for strip, rules in stripped.items():
                for rule in rules:
                    for flag in rule.then:
                        granting[flag][added].setdefault(strip, []).append(rule)
        return {flag: dict(table) for flag, table in granting.items()}

    def _read_rules(self, lines: Iterator[list[str]]) -> None:
        spell = fold if self._spell is _folded else str
        conditions: dict[str, Callable[[str], object] | None] = {".": None}
        for fields in lines:
            if fields[0] == "CIRCUMFIX":
                self._circumfix = fields[1]
            elif fields[0] == "NEEDAFFIX":
                self._need_affix = fields[1]
            elif fields[0] in ("SFX", "PFX") and not _is_header(fields):
                added, _, then = fields[3].partition("/")
                strip, added = (spell("" if text == "0" else text) for text in (fields[2], added))
                if fields[0] == "PFX":
                    self._prefixes.append(_Prefix(fields[1], added, then))
                    continue
                ending = spell(fields[4]) if len(fields) > 4 else "."
                if ending not in conditions:
                    conditions[ending] = re.compile(f"(?:{ending})$").search
                rule = _Suffix(fields[1], conditions[ending], then)
                rules = self._suffixes.setdefault(added, {}).setdefault(strip, [])
                if rule not in rules:  # folded, many become one
                    rules.append(rule)

    def _read_roots(self, lines: Iterator[list[str]]) -> None:
        next(lines, None)  # the number of entries
        for entry, *_ in lines:
            text, _, flags = entry.partition("/")
            root = self._spell(text)
            known = self._roots.get(root)
            self._roots[root] = flags if known is None else self._either(known, flags)

    def _either(self, flags: str, others: str) -> str:
        """The flags of two homographs; a bare form is allowed if either allows it."""
        joined = dict.fromkeys(flags + others)
        if not (self._need_affix in flags and self._need_affix in others):
            joined.pop(self._need_affix, None)
        return "".join(joined)


_NO_RULES: dict[str, list[_Suffix]] = {}


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
