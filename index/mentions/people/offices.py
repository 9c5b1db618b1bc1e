"""Nouns of offices, and of callings that are no offices: which forms they have."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from index.mentions.people.declension import Gender, declined
from index.mentions.people.given_names import NameForm

_FOLDER = Path(__file__).parent / "data"
Nouns = Mapping[str, tuple[NameForm, ...]]


@cache
def office_nouns() -> Nouns:
    """Return what each form of a noun of an office may be, in lower case.

    >>> [(form.nominative, form.case) for form in office_nouns()["priekšniecei"]]
    [('priekšniece', 'D')]
    """
    return _read("offices.tsv", "professions.tsv")


@cache
def callings() -> Nouns:
    """Return what each form of a noun may be that tells what somebody is, but is no office: *dzejniece*."""
    return _read("callings.tsv", "professions.tsv")


@cache
def professions() -> frozenset[str]:
    """Return the nouns that are offices only in a public body: *slimnīcas ķirurgs*."""
    return frozenset(form.nominative for forms in _read("professions.tsv").values() for form in forms)


def _read(*files: str) -> Nouns:
    forms: dict[str, list[NameForm]] = defaultdict(list)
    genders: tuple[Gender, Gender] = ("m", "f")
    lines = [line for file in files for line in (_FOLDER / file).read_text("utf-8").splitlines()]
    for line in lines:
        if line.startswith("#"):
            continue
        for noun, gender in zip(line.split("\t"), genders, strict=True):
            for form, case in declined(noun, gender) if noun != "-" else ():
                forms[form].append(NameForm(noun, gender, case))
    return MappingProxyType({form: tuple(readings) for form, readings in forms.items()})


@cache
def ranks() -> frozenset[str]:
    """Return the nouns of offices that are ranks: one may stand between an office and a name."""
    lines = (_FOLDER / "ranks.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
