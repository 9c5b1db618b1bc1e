"""The offices beside a name: the phrase as written, and its nominative."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.analysis.latvian.stopwords import stop_words
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.declension import Case, Gender
from index.mentions.people.given_names import NameForm
from index.mentions.people.offices import office_nouns, professions, ranks
from index.mentions.records import Role, Span
from index.mentions.speech_verbs import speech_verbs

# Words, ordinals and quoted names.
_CHUNK = re.compile(r"[„“«\"][^„“”«»\"\n]{1,60}[”“»\"]|[^\W\d_](?:[\w’'-]*\w)?|\d{1,3}\.")
_IN_BRACKETS = re.compile(r"[ \u00a0]\(\w+\)")
_SHORT_NAME = re.compile(r"\([A-ZĀČĒĢĪĶĻŅŠŪŽ]{2}[\w ]{0,8}\)$")
_SPACES = (" ", "\u00a0")
_OPENING_MARKS, _CLOSING_MARKS = '„“«"', '”“»"'
_LIST_WORDS = 4
"""The most words from a comma to *un* in the name of a body: *Vides, ģeoloģijas un meteoroloģijas centrs*."""
_GENITIVE = re.compile(r"(?:.+(?:a|as|es|u)|tirgus|valsts|.*pils)$")
_ADJECTIVE = re.compile(
    r".*(?:āl|ār|isk|īg|ēj|oš|am|ām|ost|vien|īb|liel|vec|jaun|pirm|otr|treš|trin|īv|iv|galven|āk|[aeēoāī]t|vid|tieš|valsti)"
    r"(?:ā|ās|o)"
)
_AGREEING: dict[tuple[Gender, Case], tuple[str, ...]] = {
    ("m", "N"): ("ais",), ("m", "G"): ("ā",), ("m", "D"): ("ajam",), ("m", "A"): ("o",), ("m", "L"): ("ajā",),
    ("f", "N"): ("ā",), ("f", "G"): ("ās",), ("f", "D"): ("ajai",), ("f", "A"): ("o",), ("f", "L"): ("ajā",),
}  # fmt: skip
_DEFINITE = ("ais", "ajam", "ajai", "ajā")
_FORMER = re.compile(r"bijuš(?:ais|ā|ajam|o|ajā|ās|ajai)|bijusī")
_CONJUNCTION = "un"
_APPOSITION = re.compile(r",[ \u00a0]|[ \u00a0][–—-][ \u00a0]|[ \u00a0]?\(")
_IN_OFFICE = re.compile(r",[ \u00a0](?:kurš|kura)[ \u00a0]((?:[\w-]+[ \u00a0]){1,8})amatā\b")
_CLOSING = re.compile(r"[ \u00a0]*(?:[,.;:)!?]|$|\n|[–—-]|(?:un|kā arī|bet)\b)")
_LOCATIVE = ("ā", "ē", "ī", "ū", "os", "ās", "ēs")
_PHRASE_WORDS = 14
"""The longest office in words."""
_COMPLEMENT_WORDS = 4
_REACH = 250
# Words that look like genitives, but belong to no office.
_NEVER = frozenset(("klātesošais", "klātesošā", "līdzšinējais", "gada", "kunga", "kundzes", "vada"))
_BODY = re.compile(
    r"ministrij|centr|dienest|pārvald|aģentūr|slimnīc|universitāt|departament|nodaļ|biroj|inspekcij|akadēmij|institūt|"
    r"policij|\bdom|padom|savienīb|asociācij|muzej|bibliotēk|arhīv|skol|prezident"
)
_ACRONYM = re.compile(r"\b(?!ASV\b)[A-ZĀČĒĢĪĶĻŅŠŪŽ]{2}")
_DRIVEN = ("auto", "motocikl", "mopēd", "velosipēd", "transport", "traktor", "laiv", "kuģ", "busiņ")
"""Whoever is at their wheel is head of no body."""


class WrittenOffice(NamedTuple):
    """An office as written: its words, of which the last is its noun, and what that may be."""

    words: tuple[Span, ...]
    end: int
    forms: tuple[NameForm, ...]


class OfficeReader:
    """Finds the offices of a *text*; the *names* in it are no part of an office."""

    def __init__(self, text: AnnotatedText, names: Sequence[Span]) -> None:
        self._text = text
        self._begins, self._ends = [start for start, _ in names], [end for _, end in names]

    def before(self, start: int) -> WrittenOffice | None:
        """Return the office right before *start*: *ministrs* X, *vietniece audzināšanas darbā* X."""
        last = self._word_before(start, 0)
        if last is None:
            return None
        if forms := office_nouns().get(self._word(last).lower()):
            words = self._words_before(start)
            return (self._before_rank(words, forms) or self._office(words, forms, last[1])) if words else None
        # A complement in the locative may be between the office and the name.
        return self._with_complement(start) if self._word(last).endswith(_LOCATIVE) else None

    def _with_complement(self, start: int) -> WrittenOffice | None:
        near = self._words_before(start, most=_COMPLEMENT_WORDS + 1)
        for used in range(2, len(near) + 1):
            word = self._word(near[-used])
            if forms := office_nouns().get(word.lower()):
                words = self._words_before(start)
                return self._office(words[: len(words) - used + 1], forms, words[-1][1])
            if not (_GENITIVE.fullmatch(word) or word.isupper()):
                return None
        return None

    def _before_rank(self, words: Sequence[Span], forms: tuple[NameForm, ...]) -> WrittenOffice | None:
        """Return the office before a rank: *priekšnieks ģenerālis* X."""
        if len(words) < 2 or not any(form.nominative in ranks() for form in forms):
            return None
        offices = office_nouns().get(self._word(words[-2]).lower(), ())
        agreeing = tuple(form for form in offices if any(rank.case == form.case for rank in forms))
        return self._office(words[:-1], agreeing, words[-2][1]) if agreeing else None

    def after(self, end: int) -> WrittenOffice | None:
        """Return the office that follows a name at *end* after a comma, a dash or in brackets."""
        opening = _APPOSITION.match(self._text.text, end)
        if opening is None:
            return None
        words = self._words_after(opening.end())
        last = None
        for at, word in enumerate(words):
            if word_forms := office_nouns().get(self._word(word).lower()):
                last, forms = at, word_forms
            elif not self._is_modifier(words, at, _DEFINITE):
                break
        if last is None:
            return None
        office = WrittenOffice(tuple(words[: last + 1]), self._complement_end(words, last), forms)
        return office if _CLOSING.match(self._text.text, office.end) and self._is_office(office) else None

    def _complement_end(self, words: Sequence[Span], noun: int) -> int:
        """Return the end of an office with its complement: *vietniece klimata politikas jautājumos*."""
        if _CLOSING.match(self._text.text, words[noun][1]):
            return words[noun][1]
        for start, end in words[noun + 1 : noun + 1 + _COMPLEMENT_WORDS]:
            if self._text.text[start:end].endswith(_LOCATIVE):
                return end
        return words[noun][1]

    def held(self, end: int) -> WrittenOffice | None:
        """Return the office that a clause after a name at *end* gives: X*, kurš ministra amatā* ir gadu."""
        match = _IN_OFFICE.match(self._text.text, end)
        words = self._words_before(match.end(1)) if match else []
        forms = office_nouns().get(self._word(words[-1]).lower(), ()) if words else ()
        return self._office(words, forms, words[-1][1]) if forms else None

    def at(self, head: Span) -> WrittenOffice | None:
        """Return the office whose noun is at *head*."""
        forms = office_nouns().get(self._word(head).lower())
        return self._office([*self._words_before(head[0]), head], forms, head[1]) if forms else None

    def role(self, office: WrittenOffice, form: NameForm) -> Role:
        """Return *office* as the role of a person, in whose gender and case its noun is *form*."""
        start, noun = office.words[0][0], office.words[-1]
        text = self._text.text
        before = _nominative(text[start : noun[0]], form)
        name = f"{before}{form.nominative}{text[noun[1] : office.end]}".lower()
        name = _IN_BRACKETS.sub("", name)
        return Role(written=text[start : office.end], start=start, end=office.end, office=name)

    def _words_before(self, end: int, *, most: int = _PHRASE_WORDS) -> list[Span]:
        """Return the words of the sentence right before *end*, as far as an office may reach."""
        at = bisect_right(self._ends, end) - 1
        floor = max(0, end - _REACH, self._ends[at] if at >= 0 else 0)
        kept: list[Span] = []
        while len(kept) < most and (word := self._word_before(end, floor)) is not None:
            kept.append(word)
            end = word[0]
        return kept[::-1]

    def _word_before(self, end: int, floor: int) -> Span | None:
        """Return the word, the ordinal or the quoted name before *end*, with a space between."""
        text = self._text.text
        if text[end - 1 : end] not in _SPACES:
            return None
        stop = end - 2 if text[end - 2 : end - 1] == "," else end - 1
        start = stop
        if text[stop - 1] == ")":
            match = _SHORT_NAME.search(text, max(floor, stop - 12), stop)
            return match.span() if match else None
        if text[stop - 1] in _CLOSING_MARKS:
            start = max(text.rfind(mark, floor, stop - 1) for mark in _OPENING_MARKS)
            return (start, stop) if start >= floor and _CHUNK.fullmatch(text, start, stop) else None
        if text[stop - 1] == ".":
            start -= 1
        while start > floor and (text[start - 1].isalnum() or text[start - 1] in "-’'"):
            start -= 1
        return (start, stop) if _CHUNK.fullmatch(text, start, stop) else None

    def _words_after(self, start: int) -> list[Span]:
        """Return the words right after *start*, as far as an office may reach."""
        at = bisect_left(self._begins, start)
        ceiling = min(start + _REACH, self._begins[at] if at < len(self._begins) else start + _REACH)
        words: list[Span] = []
        for match in _CHUNK.finditer(self._text.text, start, ceiling):
            gap = self._text.text[words[-1][1] if words else start : match.start()]
            if (gap not in (" ", "\u00a0") if words else gap) or len(words) == _PHRASE_WORDS:
                break
            words.append(match.span())
        return words

    def _office(self, words: Sequence[Span], forms: tuple[NameForm, ...], end: int) -> WrittenOffice | None:
        words = self._without_lists(words)
        first = len(words) - 1
        agreeing = tuple({ending for form in forms for ending in _AGREEING.get(form[1:], ())})
        while first and (
            self._is_modifier(words, first - 1, agreeing) or self._is_second(words, first, forms)
        ):
            first -= 1
        while self._word(words[first]).lower() == _CONJUNCTION:
            first += 1
        office = WrittenOffice(tuple(words[first:]), end, forms)
        return office if self._is_office(office) else None

    def _without_lists(self, words: Sequence[Span]) -> Sequence[Span]:
        """Return *words* after the last comma that does not belong to a list like *Vides, ģeoloģijas un*."""
        for at in range(len(words) - 1, 0, -1):
            if self._text.text[words[at - 1][1]] != ",":
                continue
            following = [self._word(word) for word in words[at : at + _LIST_WORDS]]
            if _CONJUNCTION not in following or not self._is_attribute(self._word(words[at - 1]).lower(), ()):
                return words[at:]
        return words

    def _is_second(self, words: Sequence[Span], at: int, forms: tuple[NameForm, ...]) -> bool:
        """Return whether another office of the same person is before the word: *loceklis un direktors* X."""
        if at > 1 and self._word(words[at - 1]).lower() == _CONJUNCTION:
            at -= 1
        elif self._word(words[at]).lower() != _CONJUNCTION:
            return False
        others = office_nouns().get(self._word(words[at - 1]).lower(), ())
        return any(other[1:] == form[1:] for other in others for form in forms)

    def _is_office(self, office: WrittenOffice) -> bool:
        """Return whether the noun is an office: the *vadītājs* of a car has none."""
        before = self._text.text[office.words[0][0] : office.words[-1][0]].lower()
        noun = office.forms[0].nominative
        if noun in professions():
            return bool(_BODY.search(before)) or bool(_ACRONYM.search(self._text.text, *self._extent(office)))
        return not ("vadītāj" in noun and any(stem in before for stem in _DRIVEN))

    def _extent(self, office: WrittenOffice) -> Span:
        return office.words[0][0], office.words[-1][0]

    def _is_modifier(self, words: Sequence[Span], at: int, agreeing: tuple[str, ...]) -> bool:
        """Return whether a word before an office belongs to it: a genitive, an adjective, an acronym."""
        word = self._word(words[at])
        lower = word.lower()
        if lower == _CONJUNCTION:
            before = self._word(words[at - 1]) if at else ""
            following = self._word(words[at + 1]) if at + 1 < len(words) else ""
            are_capitals = before[:1].isupper() and following[:1].isupper()
            is_name = are_capitals and not self._text.is_in_dictionary(before)
            return at > 0 and not is_name and self._is_modifier(words, at - 1, agreeing)
        following = self._word(words[at + 1]) if at + 1 < len(words) else ""
        if (
            lower.endswith("u")
            and word[0].islower()
            and following.istitle()
            and not (at and self._word(words[at - 1]).endswith("o"))  # bruņoto spēku Apvienotā
        ):
            return False  # vērš uzmanību Izglītības
        if word[0] in '„“«"':
            return lower != word and word[-2] not in ".,!?…"
        if word[0].isdigit() or _FORMER.fullmatch(lower) or sum(map(str.isupper, word)) > 1:
            return True
        if lower in stop_words() or lower in _NEVER or lower in speech_verbs():
            return False
        # atbalsta ministrs, uzskata Rīgas domes deputāts, but tiešā atbalsta departamenta direktors
        is_last = at + 2 == len(words) or following[:1].isupper()
        may_be_verb = word.islower() and any(
            lemma.endswith(("t", "ties")) for lemma in self._text.lemmas(lower)
        )
        return not (is_last and may_be_verb) and self._is_attribute(lower, agreeing)

    def _is_attribute(self, lower: str, agreeing: tuple[str, ...]) -> bool:
        """Return whether a word is a genitive or an adjective."""
        if lower.endswith(_DEFINITE):
            return lower.endswith(agreeing)
        lemmas = self._text.lemmas(lower)
        if lower.endswith("ās"):  # civilās, but neither skolās nor tikās
            are_adjectives = any(
                lemma.endswith(("s", "š")) and not lemma.endswith("ties") for lemma in lemmas
            )
            return are_adjectives or bool(_ADJECTIVE.fullmatch(lower))
        if lower.endswith("ā"):
            return bool(_ADJECTIVE.fullmatch(lower))
        if not (lower.endswith("o") or _GENITIVE.fullmatch(lower)):
            return False
        is_verb = bool(lemmas) and all(lemma.endswith(("t", "ties")) for lemma in lemmas)
        return not is_verb or bool(_ADJECTIVE.fullmatch(lower))

    def _word(self, span: Span) -> str:
        return self._text.text[span[0] : span[1]]


def agreeing_form(forms: Iterable[NameForm], gender: Gender, case: Case) -> NameForm | None:
    """Return which of the *forms* of a noun agrees with a name in *gender* and *case*."""
    return next((form for form in forms if form.gender == gender and form.case == case), None)


def _nominative(before: str, form: NameForm) -> str:
    """Return the words before the noun of an office; its adjective gets the nominative."""
    if form.case == "N":
        return before
    words = before.split(" ")
    for at in (-2, 0):  # the adjective right before the noun, or one that begins the office
        if len(words) > 1:
            for oblique in _AGREEING.get(form[1:], ()):
                if words[at].endswith(oblique) and (
                    at or oblique in _DEFINITE or _FORMER.fullmatch(words[at])
                ):
                    words[at] = words[at][: -len(oblique)] + ("ais" if form.gender == "m" else "ā")
                    break
    return " ".join(words)
