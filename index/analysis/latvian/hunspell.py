"""A reader of Hunspell dictionaries that finds the lemmas of a word.

It supports what hunspell-lv uses: one-letter flags, two levels of suffixes, prefixes, CIRCUMFIX, NEEDAFFIX,
FULLSTRIP. On the Latvian treebank it returns the same lemmas as libhunspell.
"""

import gc
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import NamedTuple
from weakref import WeakValueDictionary

from index.analysis.latvian.derivation import SuffixRule, lemma_ending
from index.analysis.latvian.letters import fold, fold_all

DICTIONARY = Path(__file__).parent / "data" / "hunspell-lv" / "lv_LV.aff"
"""The dictionary that we ship, under LGPL-2.1-or-later, with its licence beside it; it can be replaced."""

# Lengths of word beginnings that quickly rule out words without a root, such as most names.
BEGINNINGS = (4, 6)


class LexiconError(Exception):
    """A dictionary cannot be read; the message names the file and the problem."""


class _Suffix(NamedTuple):
    """Forms a word with the flags ``then`` from a root that has ``flag`` and meets ``condition``."""

    flag: str
    condition: str
    """As the dictionary has it: a regular expression, or a point."""
    then: str
    own: str
    """The ending that replaces the added text in the lemma; empty if the lemma is the root's."""


_FormPath = tuple[int, str, tuple[tuple[str, str], ...], str, str]
"""A path from a root to a form: one rule, or a rule applied to the result of another.

Its rank, which orders the lemmas; a flag that the root must have; pairs of an ending and a condition: the
rest of the form plus the ending must meet the condition; the flags that the rules add; the ending of the
lemma, empty if the lemma is the root's. A tuple of strings is nothing for the garbage collector to visit.
"""
_FormPaths = dict[str, tuple[tuple[str, tuple[_FormPath, ...]], ...]]
"""By the ending of the form: the endings of roots that it replaces, each with its paths."""


class _PrefixRule(NamedTuple):
    flag: str
    text: str
    then: str


class Lexicon:
    """The roots and rules of the Hunspell dictionary at *aff*; *folded* ignores diacritics in words.

    Lemmas are in lower case; they have their diacritics.

    Raises:
        LexiconError: a file is missing, not UTF-8, or malformed.
    """

    def __init__(self, aff: Path = DICTIONARY, *, folded: bool = False) -> None:
        self._spell = _fold_lower if folded else str.lower
        self._circumfix = self._need_affix = _NO_FLAG
        self._suffixes: dict[tuple[str, str], list[_Suffix]] = {}  # by added text and stripped text
        self._prefixes: list[_PrefixRule] = []
        self._roots: dict[str, str] = {}
        self._spellings: dict[str, tuple[str, ...]] = {}
        """The spellings of each root that folding changes or unites."""
        self._names: set[str] = set()
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
        self._suffixes.clear()  # the paths have what words need of them
        self._tails = frozenset(
            form[start:] for form in (*self._alone, *self._with_prefix) for start in range(len(form) + 1)
        )
        self._circumfixed = frozenset(
            prefix.flag for prefix in self._prefixes if self._circumfix in prefix.then
        )

    def _paths(self, may_end: Callable[[_Suffix], bool]) -> _FormPaths:
        """Return the paths to all forms whose last rule satisfies *may_end*."""
        rules = [(*texts, rule) for texts, rules in self._suffixes.items() for rule in rules]
        rules.sort(key=lambda rule: -len(rule[0]))
        before: dict[str, list[tuple[str, str, _Suffix]]] = defaultdict(list)
        for added, strip, rule in rules:
            for flag in dict.fromkeys(rule.then):
                before[flag].append((added, strip, rule))
        paths: dict[str, dict[str, list[_FormPath]]] = defaultdict(lambda: defaultdict(list))
        rank = count()
        for added, strip, last in filter(lambda rule: may_end(rule[2]), rules):
            paths[added][strip].append(
                (next(rank), last.flag, _checks((strip, last.condition)), last.then, last.own)
            )
            for inner, inner_strip, first in before[last.flag]:
                if not (inner.endswith(strip) or strip.endswith(inner)):
                    continue
                # The last rule strips what the first added, and more of the root if that is too short.
                visible = inner[: max(0, len(inner) - len(strip))]
                rest = strip[: max(0, len(strip) - len(inner))]
                checks = _checks((rest + inner_strip, first.condition), (rest + inner, last.condition))
                lemma = first.own and rest + first.own
                paths[visible + added][rest + inner_strip].append(
                    (next(rank), first.flag, checks, first.then + last.then, lemma)
                )
        return {
            form: tuple((root, tuple(ways)) for root, ways in by_root.items())
            for form, by_root in paths.items()
        }

    def lemmas(self, word: str) -> tuple[str, ...]:
        """Return the distinct possible lemmas of *word*; none if it is unknown.

        >>> Lexicon().lemmas("drošībai")
        ('drošība',)
        >>> Lexicon().lemmas("dodas"), Lexicon().lemmas("vadītājai")
        (('doties',), ('vadītāja',))
        >>> Lexicon(folded=True).lemmas("celu")
        ('celu', 'celt', 'celis', 'ceļš', 'cēls')
        """
        word = self._spell(word)
        flags = self._roots.get(word)
        is_word = flags is not None and self._need_affix not in flags
        candidates = [*self._spellings_of(word)] if is_word else []
        candidates.extend(self._bases(word, ""))
        if word.startswith(self._prefix_texts):
            for prefix in self._prefixes:
                if word.startswith(prefix.text) and len(word) > len(prefix.text) + 1:
                    candidates.extend(self._strip_prefix(word, prefix))
        return tuple(dict.fromkeys(candidates))

    def is_name(self, lemma: str) -> bool:
        """Return whether the dictionary lists *lemma* as a name.

        >>> Lexicon().is_name("rīga"), Lexicon().is_name("drošība")
        (True, False)
        """
        return lemma in self._names

    def _strip_prefix(self, word: str, prefix: _PrefixRule) -> Iterator[str]:
        rest = word[len(prefix.text) :]
        flags = self._roots.get(rest, "")
        circumfixed = prefix.flag in self._circumfixed
        bare = self._spellings_of(rest) if prefix.flag in flags and not circumfixed else ()
        for lemma in (*bare, *self._bases(rest, prefix.flag)):
            # neiet is a form of iet, and visdrošākais of drošs; but neliels is a separate word.
            yield lemma if circumfixed or is_verb(lemma) else prefix.text + lemma

    def _bases(self, word: str, prefix_flag: str) -> list[str]:
        """Return the lemmas of *word* whose rules or root have the prefix flag *prefix_flag*."""
        # A circumfix needs both its prefix and its suffix.
        table = self._with_prefix if prefix_flag in self._circumfixed else self._alone
        roots = self._roots
        ranked: list[tuple[int, str]] = []
        for start in range(self._reach(word), -1, -1):
            tail = word[start:]
            if tail not in self._tails:
                break  # then no form ends in a longer tail
            by_root = table.get(tail)
            if by_root is None:
                continue
            rest = word[:start]
            for end, paths in by_root:
                flags = roots.get(rest + end)
                if not flags:
                    continue
                for rank, flag, checks, then, lemma in paths:
                    if flag not in flags or not (
                        not prefix_flag or prefix_flag in flags or prefix_flag in then
                    ):
                        continue
                    if all(_ends_as(condition)(rest + text) for text, condition in checks):
                        ranked.extend(
                            (rank, root[:start] + lemma if lemma else root)
                            for root in self._spellings_of(rest + end)
                        )
        return [lemma for _, lemma in sorted(ranked)]

    def _spellings_of(self, root: str) -> Sequence[str]:
        """Return *root* as the dictionary spells it; several spellings if folding unites them."""
        return self._spellings.get(root, (root,))

    def _reach(self, word: str) -> int:
        """Return an upper bound of the length of a root at the beginning of *word*."""
        for length, beginnings in self._beginnings:
            if word[:length] not in beginnings:
                return min(length - 1, len(word))
        return len(word)

    def _read_rules(self, lines: Iterator[list[str]]) -> None:
        rules_by_flag: dict[str, list[SuffixRule]] = defaultdict(list)
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
                    self._prefixes.append(_PrefixRule(fields[1], self._spell(added), then))
                else:
                    rules_by_flag[fields[1]].append(SuffixRule(strip, added, condition, then))
        for flag, rules in rules_by_flag.items():
            self._add_suffixes(flag, rules)

    def _add_suffixes(self, flag: str, rules: list[SuffixRule]) -> None:
        spell = fold if self._spell is _fold_lower else str
        lemma_ending_of = lemma_ending([rule.added for rule in rules])
        for rule in rules:
            condition = spell(rule.condition)
            _ends_as(condition)  # a malformed one must not wait until a word needs it
            suffix = _Suffix(flag, condition, rule.then, lemma_ending_of(rule))
            suffixes = self._suffixes.setdefault((spell(rule.added), spell(rule.strip)), [])
            if suffix not in suffixes:  # folding makes many equal
                suffixes.append(suffix)

    def _read_roots(self, lines: Iterator[list[str]]) -> None:
        next(lines, None)  # the number of entries
        entries = [fields[0].partition("/") for fields in lines]
        # Without forms of names listed as roots (Uldim); the stemmer does better.
        entries = [entry for entry in entries if entry[2] or not entry[0][:1].isupper()]
        spellings = [text.lower() for text, _, _ in entries]
        self._names.update(
            spelling for spelling, (text, _, _) in zip(spellings, entries, strict=True) if text[:1].isupper()
        )
        roots = fold_all(spellings) if self._spell is _fold_lower else spellings
        for root, spelling, (_, _, flags) in zip(roots, spellings, entries, strict=True):
            if spelling != root or root in self._spellings:
                self._add_spelling(root, spelling)
            known_flags = self._roots.get(root)
            self._roots[root] = flags if known_flags is None else self._merge_flags(known_flags, flags)

    def _add_spelling(self, root: str, spelling: str) -> None:
        spellings = self._spellings.get(root, (root,) if root in self._roots else ())
        if spelling not in spellings:
            self._spellings[root] = (*spellings, spelling)

    def _merge_flags(self, flags: str, others: str) -> str:
        """Return the united flags of two homographs; the bare root is a word if either allows it."""
        joined = dict.fromkeys(flags + others)
        if not (self._need_affix in flags and self._need_affix in others):
            joined.pop(self._need_affix, None)
        return "".join(joined)


_open_lexicons: WeakValueDictionary[tuple[object, ...], Lexicon] = WeakValueDictionary()


def open_lexicon(aff: Path = DICTIONARY, *, folded: bool = False) -> Lexicon:
    """Return the lexicon at *aff*; a process loads each version of its files once.

    Raises:
        LexiconError: a file is missing, not UTF-8, or malformed.
    """
    try:
        stats = [path.stat() for path in (aff, aff.with_suffix(".dic"))]
    except OSError as error:
        raise LexiconError(f"{aff}: not a Hunspell dictionary: {error}") from error
    version = (aff, folded, *((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats))
    lexicon = _open_lexicons.get(version)
    if lexicon is None:
        with _suspend_collector():
            lexicon = _open_lexicons[version] = Lexicon(aff, folded=folded)
    return lexicon


@contextmanager
def _suspend_collector() -> Iterator[None]:
    """Suspend the garbage collector, which would scan a growing dictionary again and again for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


# --- Reading the files ----------------------------------------------------------------------------


@cache
def _ends_as(condition: str) -> Callable[[str], object]:
    return re.compile(f"(?:{condition})$").search


_NO_FLAG = "\0"


def _checks(*conditions: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple([(text, condition) for text, condition in conditions if condition != "."])


def is_verb(lemma: str) -> bool:
    """Return whether *lemma* is an infinitive; no noun or adjective has its endings."""
    return lemma.endswith(("t", "ties"))


def _fold_lower(text: str) -> str:
    return fold(text.lower())


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and (fields := line.split()):
                yield fields


def _is_header(fields: list[str]) -> bool:
    return len(fields) == 4 and fields[2] in "YN" and fields[3].isdigit()
