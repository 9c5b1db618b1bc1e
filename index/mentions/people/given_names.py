"""Given names: which forms they have, and whose they are."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from index.mentions.people.declension import Case, Gender, declined

_FILE = Path(__file__).parent / "data" / "given-names.tsv"


class NameForm(NamedTuple):
    """What a form of a given name may be."""

    nominative: str
    gender: Gender
    case: Case


@cache
def given_names() -> Mapping[str, tuple[NameForm, ...]]:
    """Return what each form of the given names that we know may be.

    >>> given_names()["Agrai"]
    (NameForm(nominative='Agra', gender='f', case='D'),)
    """
    forms: dict[str, list[NameForm]] = defaultdict(list)
    for line in _FILE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, written = line.split("\t")
            genders: tuple[Gender, ...] = (
                ("m", "f") if written == "mf" else ("f",) if written == "f" else ("m",)
            )
            for gender in genders:
                for form, case in declined(name, gender):
                    forms[form].append(NameForm(name, gender, case))
    return MappingProxyType({form: tuple(readings) for form, readings in forms.items()})
