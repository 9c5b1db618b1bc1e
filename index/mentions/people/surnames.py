"""Surnames alone, after the full name: *Kozlovskim* is *Rihards Kozlovskis* if the text has named him."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.declension import Case, Gender, declined
from index.mentions.people.given_names import given_names
from index.mentions.people.named_place import NamedPlace

_CASES = "NGDALV"


def surname_places(text: AnnotatedText, named: Sequence[NamedPlace]) -> Iterator[NamedPlace]:
    """Yield the places of surnames alone of the people *named* in full before."""
    first: dict[str, NamedPlace] = {}
    for place in sorted(named, key=lambda place: place.start):
        if "." not in place.name:
            first.setdefault(place.name, place)
    owners: dict[str, dict[str, Case]] = defaultdict(dict)
    stems: dict[str, int] = {}
    for name, place in first.items():
        forms = surname_forms(name.rsplit(" ", 1)[-1], place.gender)
        for form, case in forms:
            owners[form].setdefault(name, case)
        stem = _beginning([form for form, _ in forms])
        stems[stem] = min(stems.get(stem, place.end), place.end)
    taken = sorted((place.start, place.end) for place in named)
    seen: set[int] = set()
    for stem, start in stems.items():
        for at, written in words_from(text.text, stem, start):
            holders = {name: case for name, case in owners.get(written, {}).items() if first[name].end <= at}
            nearest = bisect_right(taken, (at, len(text.text))) - 1
            is_taken = nearest >= 0 and at < taken[nearest][1]
            if len(holders) != 1 or at in seen or is_taken:
                continue
            if not _is_surname(text, at, written, holders):
                continue
            seen.add(at)
            ((name, case),) = holders.items()
            begins = _with_particles(text.text, at, name)
            yield NamedPlace(begins, at + len(written), name, case, first[name].gender)


def surname_forms(surname: str, gender: Gender) -> tuple[tuple[str, Case], ...]:
    """Return the forms of a surname with their cases; each part of a double one is declined.

    >>> [form for form, _ in surname_forms("Pētersone-Godmane", "f")][:2]
    ['Pētersone-Godmane', 'Pētersones-Godmanes']
    """
    parts = [declined(part, gender) for part in surname.split("-")]
    if len(parts) == 1:
        return parts[0]
    by_case = [{case: form for form, case in part[::-1]} for part in parts]
    return tuple(
        ("-".join(forms[case] for forms in by_case), case)
        for case in dict.fromkeys(case for _, case in parts[0])
        if all(case in forms for forms in by_case)
    )


def _beginning(forms: Sequence[str]) -> str:
    """Return the common beginning of *forms*."""
    first, last = min(forms), max(forms)
    same = next((at for at, letter in enumerate(first) if last[at] != letter), len(first))
    return first[:same]


def _with_particles(text: str, at: int, name: str) -> int:
    """Return where a surname begins with the words like *van der* that belong to it."""
    *_, particles = ["", *re.findall(r" ((?:[a-z]+ )+)", name)]
    return at - len(particles) if text[at - len(particles) : at].lower() == particles else at


def words_from(text: str, stem: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield the words of *text* from *start* that begin with *stem*."""
    at = text.find(stem, start) if len(stem) > 1 else -1
    while at >= 0:
        end = at + len(stem)
        while end < len(text) and (
            text[end].isalpha() or (text[end] == "-" and text[end + 1 : end + 2].isupper())
        ):
            end += 1
        if not (text[at - 1].isalnum() or text[at - 1] in "-’'"):
            yield at, text[at:end]
        at = text.find(stem, end)


def _is_surname(text: AnnotatedText, at: int, written: str, holders: dict[str, Case]) -> bool:
    """Return whether a word is a surname alone: no part of a name, no common word that begins a sentence."""
    before = text.text[max(0, at - 30) : at]
    word = before.replace("\u00a0", " ").rstrip().rsplit(" ", 1)[-1]
    if before.endswith((" ", "\u00a0")) and (
        word in given_names() or (word.endswith(".") and word[:1].isupper() and len(word) < 4)
    ):
        return False
    begins = text.sentence_at(at)[0] == at or before.endswith(("„", "“", '"', "«"))
    return not begins or "N" in holders.values() or not text.is_in_dictionary(written)
