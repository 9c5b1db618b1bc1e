"""A light stemmer for Latvian; it works on folded letters, so spellings without diacritics share the stem.

It removes one suffix, the longest that leaves a stem with a vowel and enough letters. The suffixes are
generated from the paradigms below; the minimum lengths were tuned on the train part of the treebank (LVTB).
"""

from functools import lru_cache
from typing import NamedTuple

from index.analysis.latvian.letters import fold_word

_VOWELS = frozenset("aeiou")


class _StemSuffix(NamedTuple):
    shortest: int  # letters that must remain
    kind: str  # nominal, comparative or verbal; decides which prefixes are removed
    kept: str = ""  # appended after the suffix is removed
    otherwise: "_StemSuffix | None" = None  # used if the stem is too short for this one


# Endings, all written without diacritics.
_ADJECTIVE = "s a am u i iem us os as ai ais ajam ie o ajiem aja ajai ajas ajos"
_ADJECTIVE_BUT_S = _ADJECTIVE[2:]
_NOUN = "a am u i iem us os um as ai e es ei im ais ie ajiem ajai o"


def _after(letters: str, endings: str) -> str:
    return " ".join(letters + ending for ending in endings.split())


_VERB_FORMS = {
    "infinitive": "t",
    "reflexive": "ties",
    "future": "su si sim siet sit",
    "future 3": "s",
    "future reflexive": "sos sies simies sieties sities",
    "past participle": _after("t", _ADJECTIVE),
    "half participle": "dams dama dami damas damies",
    "past": "ju ji ja jam jat",
    "stem in j": "j",
    "past reflexive": "jos jies jas jamies jaties",
    "gerund": "jot joties",
    "past active": "jis jies jusies",
    "present active": _after("jos", _ADJECTIVE),
    "past active, inflected": _after("jus", _ADJECTIVE_BUT_S),
    "present passive": _after("jam", _ADJECTIVE),
}

# Thematic vowel, shortest stem, forms. Forms that did more harm than good are left out.
_THEMATIC = (
    ("a", 3, ("future reflexive", "half participle", "past", "stem in j", "gerund", "past active")),
    ("a", 3, ("present active", "past active, inflected", "present passive")),
    ("a", 4, ("future", "past participle", "past reflexive")),
    (
        "e",
        3,
        ("half participle", "past active", "present active", "past active, inflected", "present passive"),
    ),
    ("e", 4, ("infinitive", "past participle", "gerund")),
    ("e", 5, ("reflexive", "future reflexive", "past", "stem in j", "past reflexive")),
    ("i", 3, ("future 3", "future reflexive", "half participle", "stem in j", "past active, inflected")),
    ("i", 4, ("reflexive", "past reflexive", "past active")),
    ("i", 5, ("infinitive", "future", "past participle")),
    ("o", 3, ("future",)),
    ("o", 4, ("future reflexive",)),
    ("o", 5, ("past participle", "past", "past reflexive", "gerund", "past active", "present active")),
    ("o", 5, ("past active, inflected", "present passive")),
    ("ina", 3, ("future reflexive",)),
    ("ina", 4, ("past reflexive",)),
    ("ina", 5, ("reflexive",)),
)

# Without a thematic vowel.
_PLAIN = (
    (2, "nominal", "s"),
    (3, "nominal", _NOUN),
    (4, "nominal", "em"),
    (3, "comparative", _after("ak", _ADJECTIVE)),
    (3, "verbal", "t ot oties am at amies aties iet ieties usies"),
    (3, "verbal", _after("t", _ADJECTIVE)),
    (3, "verbal", _after("os", _ADJECTIVE)),
    (3, "verbal", _after("us", _ADJECTIVE_BUT_S)),
    (4, "verbal", _after("am", _ADJECTIVE)),
)

# Suffixes that distinguish words: ministrija is not ministrs; vadītājs, latvietis.
_KEPT = {
    "ij": "a as ai u am",
    "taj": "s a am u i iem us os as ai",
    "iet": "is im i a u iem us os e es ei em",
}


def _suffixes() -> dict[str, _StemSuffix]:
    thematic = (
        (shortest, "verbal", _after(vowel, _VERB_FORMS[form]))
        for vowel, shortest, forms in _THEMATIC
        for form in forms
    )
    table: dict[str, _StemSuffix] = {}
    for shortest, kind, endings in (*_PLAIN, *thematic):
        for ending in endings.split():
            if ending not in table or shortest < table[ending].shortest:
                table[ending] = _StemSuffix(shortest, kind)
    kept = {
        mark + ending: _StemSuffix(3, "nominal", mark, table.get(mark + ending))
        for mark, endings in _KEPT.items()
        for ending in endings.split()
    }
    return table | kept


SUFFIXES = _suffixes()
# Length of a word's end that nearly determines its suffix.
_TAIL = 4
_LONGER = {
    tail: sorted(
        {len(suffix) for suffix in SUFFIXES if suffix.endswith(tail) and len(suffix) > _TAIL}, reverse=True
    )
    for tail in {suffix[-_TAIL:] for suffix in SUFFIXES if len(suffix) > _TAIL}
}
"""The lengths of longer suffixes by the end that they share, longest first."""


@lru_cache(64)  # an unknown word is stemmed twice, as its lemma is its stem
def stem(word: str) -> str:
    """Return the folded stem of *word*, which is lower case and NFC.

    >>> [stem(word) for word in ("drošības", "drosibam", "izaicinājumiem", "Rīga".lower())]
    ['drosib', 'drosib', 'izaicinajum', 'rig']
    """
    return stem_of(fold_word(word), debitive=word.startswith("jā"))


def stem_of(folded: str, *, debitive: bool) -> str:
    """Return the stem of a *folded* word; it is *debitive* if the original begins with `jā`."""
    stemmed, kind = _strip_suffix(folded)
    return _unify_alternation(_strip_prefix(stemmed, kind, debitive=debitive))


def _strip_suffix(word: str) -> tuple[str, str]:
    for length in _lengths(word[-_TAIL:]):
        if length > len(word) - 2:
            continue
        suffix = SUFFIXES.get(word[-length:])
        if suffix and len(word) - length < suffix.shortest:
            suffix = suffix.otherwise
        if not suffix or len(word) - length < suffix.shortest:
            continue
        stemmed = word[:-length] + suffix.kept
        if not _VOWELS.isdisjoint(stemmed):
            return stemmed, suffix.kind
    return word, ""


@lru_cache(1 << 14)  # a few tails cover most words of a text
def _lengths(tail: str) -> tuple[int, ...]:
    """Return the possible lengths of the suffix of a word that ends in *tail*, longest first."""
    shorter = [length for length in range(len(tail), 0, -1) if tail[-length:] in SUFFIXES]
    longer = _LONGER.get(tail, ()) if len(tail) == _TAIL else ()
    return (*longer, *shorter)


def _strip_prefix(word: str, kind: str, *, debitive: bool) -> str:
    if debitive and len(word) >= 6:  # jāmaksā
        return word[2:]
    if kind == "verbal" and len(word) >= 5 and word.startswith("ne"):  # nemaksā
        return word[2:]
    if kind == "comparative" and len(word) >= 6 and word.startswith("vis"):  # visdrošākais
        return word[3:]
    return word


# Consonant alternations left after folding: ending, shortest word, replacement. The first match applies.
_ALTERNATIONS = (
    ("pj", 3, "p"),  # upju, upe
    ("bj", 3, "b"),
    ("mj", 3, "m"),
    ("vj", 3, "v"),
    ("c", 3, "k"),  # saka, saci
    ("dz", 3, "g"),  # augt, audzis
    ("ies", 3, "iet"),  # latvieša, latvietis
    ("z", 5, "d"),  # iestāžu, iestāde
    ("st", 4, "s"),  # valstij, valsts
)
_ALTERNATING = frozenset(end[-1] for end, _, _ in _ALTERNATIONS)


def _unify_alternation(word: str) -> str:
    if word[-1:] not in _ALTERNATING:
        return word
    for end, shortest, stem_end in _ALTERNATIONS:
        if word.endswith(end) and len(word) >= shortest:
            return word[: -len(end)] + stem_end
    return word
