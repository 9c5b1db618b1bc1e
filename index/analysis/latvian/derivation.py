"""Derivation: which suffix rules of a dictionary form a new word, and the lemma of that word.

A spelling dictionary attaches whole word families to one root, but for search they are different words:
doties is not dot, vadītāja is not vadītājs, galdiņš is not galds. The endings that the rules of a flag add
show what kind of word they derive.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

# The flag of hunspell-lv for derived words with the endings of a feminine noun: vadītāja, mazināšana.
_FEMININE_NOUN = "S"
_REFLEXIVE = ("os", "as", "ās", "ies")
_DIMINUTIVE = re.compile("(.{0,4}?)(iņ|īt|īš).*")
_DIMINUTIVE_LEMMA = {
    # suffix, feminine
    ("iņ", False): "iņš",
    ("iņ", True): "iņa",
    ("īt", False): "ītis",
    ("īš", False): "ītis",
    ("īt", True): "īte",
    ("īš", True): "īte",
}


class SuffixRule(NamedTuple):
    """A suffix rule as written in the dictionary file."""

    strip: str
    added: str
    condition: str
    then: str


def lemma_ending(all_added: list[str]) -> Callable[[SuffixRule], str]:
    """Return a function that maps a rule to the ending of its lemma, or to "" if the lemma is the root's.

    *all_added* are the texts that all rules of the flag add.
    """
    # Nine tenths suffice: hunspell-lv has typing errors such as "146" and "ūpie".
    if sum(added.endswith(_REFLEXIVE) for added in all_added) > 0.9 * len(all_added):
        return _reflexive
    if all(_DIMINUTIVE.match(added) for added in all_added):
        return partial(
            _diminutive, feminine=any(added.endswith(("as", "ās", "es", "ēs")) for added in all_added)
        )
    return lambda rule: rule.added if _FEMININE_NOUN in rule.then else ""


def _reflexive(rule: SuffixRule) -> str:
    return "" if rule.strip.endswith("s") else rule.strip + "ies"


def _diminutive(rule: SuffixRule, *, feminine: bool) -> str:
    return _DIMINUTIVE.sub(lambda match: match[1] + _DIMINUTIVE_LEMMA[match[2], feminine], rule.added)
