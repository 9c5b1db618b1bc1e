"""All cases of a name whose data mark the endings that change: `Centrāl-ā statistikas pārvald-e`."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

_CASES = 5
# The endings of the nominative, genitive, dative, accusative and locative (in Russian the prepositional), by
# the first. Where words with that ending are of several declensions, a name has the forms of all.
_ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "s": ("s a am u ā",),
        "š": ("š a am u ā",),
        "is": ("is u īm is īs",),
        "us": ("us us um u ū",),
        "pils": ("pils pils pilij pili pilī",),
        "a": ("a as ai u ā",),
        "e": ("e es ei i ē",),
        "i": ("i u iem us os",),
        "as": ("as u ām as ās",),
        "ā": ("ā ās ajai o ajā",),
        "ais": ("ais ā ajam o ajā",),
        "ie": ("ie o ajiem os ajos",),
        # Russian
        "": (" а у  е", " а у а е"),
        "о": ("о а у о е",),
        "ое": ("ое ого ому ое ом",),
        "ая": ("ая ой ой ую ой",),
        "ый": ("ый ого ому ый ом",),
        "ий": ("ий ого ому ий ом",),
        "ые": ("ые ых ым ые ых",),
        "ы": ("ы  ам ы ах",),
        "ь": ("ь я ю ь е",),
        "я": ("я и и ю и", "я и е ю е"),
        "е": ("е я ю е и",),
        "а": ("а ы е у е", "а и е у е"),
    }
)
_INSTRUMENTAL = MappingProxyType(
    {"о": "ом", "ое": "ым", "ая": "ой", "ый": "ым", "ий": "им", "": "ом", "я": "ей", "а": "ой", "е": "ем"}
)


def forms_of(name: str) -> frozenset[str]:
    """Return all forms of *name*: its marked words in the same case, all others as they are.

    >>> sorted(forms_of("Rīg-a"))
    ['Rīga', 'Rīgai', 'Rīgas', 'Rīgu', 'Rīgā']
    >>> "Centrālās statistikas pārvaldes" in forms_of("Centrāl-ā statistikas pārvald-e")
    True
    """
    words = [_split(word) for word in name.split(" ")]
    if all(ending is None for _, ending in words):
        return frozenset((name,))
    return frozenset(_in_cases(words))


def nominative_of(name: str) -> str:
    """Return *name* without its marks."""
    return " ".join("".join(part or "" for part in _split(word)) for word in name.split(" "))


def _split(word: str) -> tuple[str, str | None]:
    """Return the stem and the ending that changes; None if there is none, as in `пожарно-спасательная`."""
    stem, hyphen, ending = word.rpartition("-")
    return (stem, ending) if hyphen and ending in _ENDINGS else (word, None)


def _in_cases(words: list[tuple[str, str | None]]) -> Iterator[str]:
    most = max(len(_ENDINGS[ending]) for _, ending in words if ending is not None)
    for declension in range(most):
        for case in range(_CASES):
            yield " ".join(
                stem if ending is None else stem + _ending(ending, declension, case) for stem, ending in words
            )
    if all(ending is None or ending in _INSTRUMENTAL for _, ending in words):
        yield " ".join(stem + (_INSTRUMENTAL[ending] if ending is not None else "") for stem, ending in words)


def _ending(ending: str, declension: int, case: int) -> str:
    rows = _ENDINGS[ending]
    return rows[min(declension, len(rows) - 1)].split(" ")[case]
