"""How Latvian names are declined: the forms of a nominative, and the nominatives that a form may have."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

Gender = Literal["m", "f"]
Case = Literal["N", "G", "D", "A", "L", "V"]

# The endings of each declension by case; the ending of the nominative tells the declension.
_MASCULINE: Mapping[str, Mapping[Case, str]] = {
    "s": {"N": "s", "G": "a", "D": "am", "A": "u", "L": "ā"},
    "š": {"N": "š", "G": "a", "D": "am", "A": "u", "L": "ā"},
    "is": {"N": "is", "G": "a", "D": "im", "A": "i", "L": "ī"},
    "us": {"N": "us", "G": "us", "D": "um", "A": "u", "L": "ū"},
    "ais": {"N": "ais", "G": "ā", "D": "ajam", "A": "o", "L": "ajā"},
    "a": {"N": "a", "G": "as", "D": "am", "A": "u", "L": "ā"},
    "e": {"N": "e", "G": "es", "D": "em", "A": "i", "L": "ē"},
}
_FEMININE: Mapping[str, Mapping[Case, str]] = {
    "a": {"N": "a", "G": "as", "D": "ai", "A": "u", "L": "ā"},
    "e": {"N": "e", "G": "es", "D": "ei", "A": "i", "L": "ē"},
    "ā": {"N": "ā", "G": "ās", "D": "ajai", "A": "o", "L": "ajā"},
}
_BY_GENDER: Mapping[Gender, Mapping[str, Mapping[Case, str]]] = {"m": _MASCULINE, "f": _FEMININE}
# What the last consonants of a stem become before the genitive of the second declension: Eglītis, Eglīša.
_PALATAL = (
    ("sn", "šņ"), ("zn", "žņ"), ("ln", "ļņ"), ("ll", "ļļ"), ("nn", "ņņ"), ("sl", "šļ"), ("zl", "žļ"),
    ("dz", "dž"),
    ("b", "bj"), ("p", "pj"), ("m", "mj"), ("v", "vj"), ("n", "ņ"), ("l", "ļ"), ("t", "š"), ("d", "ž"),
    ("c", "č"), ("s", "š"), ("z", "ž"),
)  # fmt: skip
_PLURAL = ("iem", "iņi", "iči", "ovi", "evi", "ski", "iši", "nieki", "kalni")
"""Endings of two people of one surname: *Anna un Jānis Kalniņi*."""
UNCHANGED = ("o", "u", "ū", "i", "ī", "y", "ē", "ō", "á", "é", "í", "ó")
"""Endings of names that are not declined."""


_ENDINGS: Mapping[tuple[Gender, Case], tuple[str, ...]] = {
    (gender, case): (*(forms[case] for forms in declensions.values() if case in forms), *UNCHANGED)
    for gender, declensions in _BY_GENDER.items()
    for case in _MASCULINE["s"]
}
"""Endings of names in each case."""


@lru_cache(4096)
def declined(nominative: str, gender: Gender) -> tuple[tuple[str, Case], ...]:
    """Return the forms of a name with their cases; of an ambiguous genitive, both.

    >>> [form for form, _ in declined("Eglītis", "m")]
    ['Eglītis', 'Eglīša', 'Eglīta', 'Eglītim', 'Eglīti', 'Eglītī']
    >>> [form for form, _ in declined("Lepzare", "f")]
    ['Lepzare', 'Lepzares', 'Lepzarei', 'Lepzari', 'Lepzarē']
    """
    ending = _declension(nominative, gender)
    if ending is None:
        cases: tuple[Case, ...] = ("N", "G", "D", "A", "L")
        return tuple((nominative, case) for case in cases)
    stem = nominative[: len(nominative) - len(ending)]
    forms: list[tuple[str, Case]] = []
    for case, added in _BY_GENDER[gender][ending].items():
        if ending == "is" and case == "G" and (palatal := _palatal(stem)) != stem:
            forms.append((palatal + added, case))
        forms.append((stem + added, case))
    return tuple(forms)


def _declension(nominative: str, gender: Gender) -> str | None:
    endings = ("ais", "is", "us", "s", "š", "a", "e") if gender == "m" else ("a", "e", "ā")
    return next((ending for ending in endings if nominative.endswith(ending)), None)


def _palatal(stem: str) -> str:
    return next((stem[: -len(hard)] + soft for hard, soft in _PALATAL if stem.endswith(hard)), stem)


@lru_cache(1 << 15)
def nominatives(form: str, case: Case, gender: Gender) -> tuple[str, ...]:
    """Return the nominatives that a surname in some *case* may have, the likeliest first.

    >>> nominatives("Kozlovska", "G", "m")[0], nominatives("Eglīša", "G", "m")[0]
    ('Kozlovskis', 'Eglītis')
    >>> nominatives("Kalniņam", "D", "m")[0], nominatives("Lepzarei", "D", "f")
    ('Kalniņš', ('Lepzare',))
    """
    if case == "N":
        return (form,) if _may_be_nominative(form, gender) else ()
    if form.endswith("iem") or not form.endswith(_ENDINGS[gender, case]):
        return ()
    found: list[str] = []
    for ending, added in (
        (ending, forms[case]) for ending, forms in _BY_GENDER[gender].items() if case in forms
    ):
        if form.endswith(added) and len(form) - len(added) >= 2:
            found.extend(stem + ending for stem in _stems(form[: len(form) - len(added)], ending, case))
    if form.endswith("o") or (not found and form.endswith(UNCHANGED) and not form.endswith("u")):
        found.append(form)
    found.sort(key=lambda name: unlikeliness(name, gender))
    return tuple(dict.fromkeys(found))


def _may_be_nominative(form: str, gender: Gender) -> bool:
    if form.endswith(_PLURAL):
        return False
    if gender == "f":
        return form.endswith(("a", "e", "ā", "us", *UNCHANGED)) and not form.endswith("ajā")
    return form.endswith(("s", "š", "a", "e", *UNCHANGED)) or not form.endswith(
        ("am", "im", "um", "em", "ai", "ei", "ā", "ē", "ī")
    )


def _stems(stem: str, ending: str, case: Case) -> Iterator[str]:
    if ending == "is" and case == "G":
        for hard, soft in _PALATAL:
            if stem.endswith(soft):
                yield stem[: -len(soft)] + hard
        if _palatal(stem) != stem:  # Hansena is of Hansens: the genitive of Hansenis is Hanseņa
            return
    yield stem


_LIKELY = (
    # Endings of men's surnames with how unlikely they are; the first that fits counts.
    ("skis", 0), ("ckis", 0), ("iņš", 0), ("ītis", 0), ("ijs", 0), ("enis", 0), ("ēnis", 0), ("anis", 0),
    ("onis", 0), ("ājs", 0), ("ovičs", 0), ("evičs", 0), ("ičs", 1), ("elis", 1), ("ulis", 1), ("dzis", 1),
    ("ņš", 4), ("tis", 6), ("sis", 6), ("ķš", 4), ("ļš", 5), ("lš", 5), ("rš", 5), ("šs", 5), ("žs", 5),
    ("ķs", 5), ("ļs", 5), ("sks", 7), ("cks", 7), ("čs", 7), ("ņs", 9), ("jš", 9), ("šš", 9), ("pjs", 9),
    ("bjs", 9), ("mjs", 9), ("vjs", 9),
)  # fmt: skip
_UNLIKELY_OF_WOMEN = ("ske", "cke", "ņa", "ša", "ža", "ča", "bja", "pja", "mja", "vja")
"""The surname of a woman whose man is an -is ends in -e, and has no soft consonant before it."""
_BY_ENDING: Mapping[Gender, Mapping[str, int]] = {
    "m": {"ais": 4, "is": 3, "us": 6, "s": 2, "š": 8, "a": 6, "e": 5, "o": 3},
    "f": {"ā": 4, "a": 1, "e": 1, "o": 3},
}


def unlikeliness(name: str, gender: Gender) -> int:
    """Return how unlikely *name* is as the nominative of a surname, from 0."""
    if gender == "m":
        for ending, points in _LIKELY:
            if name.endswith(ending):
                return points
    elif name.endswith(_UNLIKELY_OF_WOMEN) and not name.endswith(("iņa", "viča")):
        return 6
    return next((points for ending, points in _BY_ENDING[gender].items() if name.endswith(ending)), 5)
