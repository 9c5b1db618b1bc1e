"""Who may be the subject of a verb: names and offices in the nominative, and pronouns that are clear."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from index.mentions.annotated_text import AnnotatedText, TextWord
from index.mentions.people.declension import Gender
from index.mentions.people.named_place import NamedPlace
from index.mentions.people.offices import office_nouns
from index.mentions.people.persons import NamedPeople
from index.mentions.records import Role, Span
from index.mentions.speech.grammar import grammar

# Other names of offices, which releases use for variety.
_SAME_OFFICE = {
    "premjers": "ministru prezidents",
    "premjere": "ministru prezidente",
    "premjerministrs": "ministru prezidents",
    "premjerministre": "ministru prezidente",
    "valdības vadītājs": "ministru prezidents",
    "valdības vadītāja": "ministru prezidente",
}
_OWN_COUNTRY = "latvijas "
_LOOK_BACK = 2
"""Sentences before a pronoun in which its person may be named."""


class Subject(NamedTuple):
    """Who may say something."""

    start: int
    """Of the office, if one is before the name."""
    end: int
    speaker: str | None
    office: str | None
    is_pronoun: bool = False
    has_office_after: bool = False
    """Whether the office follows the name, between commas."""


class SubjectFinder:
    """Finds the subjects in a *text* that names *people*."""

    def __init__(self, text: AnnotatedText, people: NamedPeople) -> None:
        self._text, self._people = text, people
        self._grammar = grammar(text.language)
        self._starts = [place.start for place in people.places]
        self._offices: dict[str, str] = {}
        for place in people.places:
            if place.role is not None:
                self._offices.setdefault(place.name, place.role.office)

    def subjects(
        self, sentence: Span, words: Iterable[TextWord], is_quoted: Callable[[int], bool]
    ) -> list[Subject]:
        """Return who may be a subject in a *sentence*, in order: names, and some of the *words*."""
        start, end = sentence
        named = self.named(start, end)
        found = [self.of_place(place) for place in named if place.case == "N" and not is_quoted(place.start)]
        taken = [(place.start, place.end) for place in named]
        taken += [(place.role.start, place.role.end) for place in named if place.role]
        for word in words:
            if any(first <= word.start < last for first, last in taken):
                continue
            subject = (
                self._pronoun(word, sentence) if word.lower in self._grammar.pronouns else self._office(word)
            )
            if subject is not None:
                found.append(subject)
        return sorted(found, key=lambda subject: subject.start)

    def named(self, start: int, end: int) -> Sequence[NamedPlace]:
        """Return the places of names that begin between *start* and *end*."""
        return self._people.places[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def of_place(self, place: NamedPlace) -> Subject:
        """Return who is named at *place*, in the office beside it, or the first that the text gives."""
        role = place.role
        start = min(place.start, role.start) if role else place.start
        end = max(place.end, role.end) if role else place.end
        office = role.office if role else self._offices.get(place.name)
        return Subject(start, end, place.name, office, has_office_after=end > place.end)

    def person_before(self, gender: Gender, start: int) -> tuple[str, str | None] | None:
        """Return who alone of a *gender* is named in the nearest sentence before *start* that names one."""
        sentences = self._text.sentences
        at = bisect_right(sentences, (start, start)) if start else 0
        before = [
            sentence for sentence in sentences[max(0, at - _LOOK_BACK - 1) : at] if sentence[1] <= start
        ]
        for first, last in reversed(before[-_LOOK_BACK:]):
            names = {place.name for place in self.named(first, last) if place.gender == gender}
            if names:
                name = min(names)
                return (name, self._offices.get(name)) if len(names) == 1 else None
        return None

    def _pronoun(self, word: TextWord, sentence: Span) -> Subject | None:
        gender = self._grammar.pronouns[word.lower]
        if any(place.gender == gender for place in self.named(sentence[0], word.start)):
            return None
        person = self.person_before(gender, sentence[0])
        return Subject(word.start, word.end, *person, is_pronoun=True) if person else None

    def _office(self, word: TextWord) -> Subject | None:
        """Return the subject of an office without a name."""
        if self._text.language != "lv":
            alone = self._people.alone.get(word.start)
            if alone is None:
                return None
            return Subject(alone.start, alone.end, *(self._holder(alone) or (None, alone.office)))
        nominative = next((form for form in office_nouns().get(word.lower, ()) if form.case == "N"), None)
        if nominative is None or self._has_name(word.end):
            return None
        office = self._people.offices.at((word.start, word.end))
        if office is None:
            return None
        role = self._people.offices.role(office, nominative)
        return Subject(role.start, role.end, *(self._holder(role) or (None, role.office)))

    def _has_name(self, end: int) -> bool:
        """Return whether a capitalised word follows an office: the name of somebody whom we do not know."""
        after = self._text.text[end : end + 2]
        return after[:1] in (" ", "\u00a0") and after[1:].isupper()

    def _holder(self, role: Role) -> tuple[str, str] | None:
        """Return who holds an office by this text, and the office in full; None if nobody or several do."""
        office = _SAME_OFFICE.get(role.office, role.office).removeprefix(_OWN_COUNTRY)
        is_foreign = self._is_foreign(role)
        held = [
            place
            for place in self._people.places
            if place.role
            and (
                _is_short_for(office, place.role.office)
                or (not is_foreign and _is_short_for(place.role.office, office) and " " in place.role.office)
            )
        ]
        for holders in (held, [place for place in held if place.role and not self._is_foreign(place.role)]):
            if len({place.name for place in holders}) == 1:
                offices = [place.role.office for place in holders if place.role]
                return holders[0].name, max(min(offices, key=len), office, key=len)
        return None

    def _is_foreign(self, role: Role) -> bool:
        first = role.written.split(" ")[0]
        return first[:1].isupper() and not first.startswith("Latvij") and self._text.is_name(first)


def _is_short_for(office: str, held: str) -> bool:
    held = _SAME_OFFICE.get(held, held)
    # English and Russian offices go on to the right: minister of defence.
    is_part = held.endswith(f" {office}") or held.startswith(f"{office} ")
    return held == office or is_part or held == f"{_OWN_COUNTRY}{office}"


def first_after(subjects: Sequence[Subject], place: int) -> Subject | None:
    """Return the first of *subjects* that begins at *place* or later."""
    return next((subject for subject in subjects if subject.start >= place), None)


def before(subjects: Iterable[Subject], place: int) -> Iterator[Subject]:
    """Yield those of *subjects* that end at *place* or earlier."""
    return (subject for subject in subjects if subject.end <= place)
