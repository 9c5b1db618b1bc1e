"""Puts names into the nominative for display; releases mention them in any case."""

import re

from index.analysis.latvian.hunspell import Lexicon

# The endings of a definite adjective that agrees with the noun: Nacionālajā, Nacionālajam, Nacionālo.
_AGREES = re.compile(r"(?P<stem>.{2,})(?:aj(?:ā|am|ai)|o)")
_OBLIQUE = re.compile(r".{2,}(?:a|am|ā|u|as|ai|im|ī|es|ei|ē)")
"""Matches a possible noun in an oblique case of the singular."""
_NOMINATIVE = ("s", "š", "a", "e")


def nominative(name: str, lexicon: Lexicon) -> str:
    """Return *name* with its last word and the adjective that agrees with it in the nominative.

    Ambiguous names stay unchanged: *Nacionālā kultūras centra*, *Latvijas Valsts ceļu*.

    >>> nominative("Elektroniskajā pieteikšanās sistēmā", Lexicon())
    'Elektroniskā pieteikšanās sistēma'
    """
    *before, last = name.split() or [""]
    noun = _noun(last, lexicon)
    if not before or not noun:
        return name
    first, *others = before
    agrees = _AGREES.fullmatch(first)
    if last.endswith("u") and not agrees:  # perhaps a genitive plural: ceļu
        return name
    if (last[-1], first[-1]) == ("a", "ā") or (last[-1], first[-2:]) == ("s", "ās"):
        return name
    if agrees and (last.endswith("u") or not first.endswith("o")):
        first = agrees["stem"] + ("ā" if noun.endswith(("a", "e")) else "ais")
    return " ".join((first, *others, noun))


def _noun(word: str, lexicon: Lexicon) -> str:
    """Return the nominative of a noun in another case, or "" unless there is exactly one."""
    small = word.lower()
    lemmas = lexicon.lemmas(small) if _OBLIQUE.fullmatch(small) else ()
    nouns = [lemma for lemma in lemmas if lemma.endswith(_NOMINATIVE) and lemma[:3] == small[:3]]
    if len(nouns) != 1 or nouns[0] == small:
        return ""
    return nouns[0].capitalize() if word[:1].isupper() else nouns[0]
