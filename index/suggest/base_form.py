"""The form in which a completion shows a word or phrase: the nominative, as people type it."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem
from index.analysis.latvian.stopwords import stop_words
from index.suggest.spelling import Suggester

# Oblique plural endings, the nominative ending instead, and the last letter of the dictionary form.
_PLURALS = (
    ("iem", "i", "s"),
    ("os", "i", "s"),
    ("us", "i", "s"),
    ("ām", "as", "a"),
    ("ās", "as", "a"),
    ("ēm", "es", "e"),
    ("ēs", "es", "e"),
)
# Nouns with these suffixes are declined alike, also those that the dictionary lacks: biodrošības.
_SUFFIXED = re.compile(r"(?P<noun>.{2,}(?:īb|šan|ācij))(?:as|ai|u|ā)")
# A name with such an ending is rarely in the nominative.
_OBLIQUE_NAME = ("ā", "ē", "ī", "ū", "ai", "ei", "am", "im", "um", "ām", "ēm", "iem", "os")
_PALATAL = frozenset("ļņšžčķģj")
_NOUN_ENDINGS = ("s", "a", "e")
_VERB_ENDINGS = ("t", "ties")
_LONG_VOWELS = ("ā", "ē", "ī", "ū")
# A word with such an ending may be an adjective, with which the noun must still agree.
_ADJECTIVE_ENDINGS = (*_LONG_VOWELS, "ās", "ais", "ie", "iem", "ām", "os", "am", "ai", "o")
# Any word: `Analyzer.nominative` changes only the last of several.
_CARRIER = "x "


class Wording(Protocol):
    """Chooses among the forms of words."""

    def base(self, forms: Mapping[str, int]) -> str:
        """Return the form to show, given the forms of a word or phrase and the releases with each."""

    def lemma(self, word: str) -> str:
        """Return what the forms of *word* share."""

    def is_verb(self, word: str) -> bool:
        """Return whether *word* is a verb in a form other than the infinitive."""

    def spell(self, word: str) -> str:
        """Return *word* with the diacritics that it lacks."""


class PlainForms:
    """Forms without a dictionary: the most frequent is shown."""

    def base(self, forms: Mapping[str, int]) -> str:
        """Return the form in most releases."""
        return min(forms, key=lambda form: (-forms[form], form))

    def lemma(self, word: str) -> str:
        """Return the stem of *word*."""
        return stem(word)

    def is_verb(self, word: str) -> bool:  # noqa: ARG002 - cannot tell
        """Return False."""
        return False

    def spell(self, word: str) -> str:
        """Return *word* as it is."""
        return word


def group_forms(forms: Mapping[str, int], wording: Wording) -> list[dict[str, int]]:
    """Return the forms of each word or phrase, whose words share their lemmas; the most frequent first."""
    groups: dict[tuple[str, ...], dict[str, int]] = {}
    for form, count in Counter(forms).most_common():
        groups.setdefault(tuple(map(wording.lemma, form.lower().split())), {})[form] = count
    return sorted(groups.values(), key=lambda group: -sum(group.values()))


class BaseForms:
    """Finds nominatives with the dictionary of *analyzer* and the forms that *known* has."""

    def __init__(self, analyzer: Analyzer, known: Suggester) -> None:
        self._analyzer, self._known = analyzer, known

    def spell(self, word: str) -> str:
        """Return *word* with the diacritics that most releases have."""
        return self._known.spell(word)

    def base(self, forms: Mapping[str, int]) -> str:
        """Return a nominative among *forms*, else one made of the most frequent, else the most frequent.

        >>> forms = BaseForms(Analyzer(), Suggester.of([("skolotāju", 9), ("skolotāji", 5)]))
        >>> forms.base({"Eiropas Savienībā": 4, "Eiropas Savienības": 1}), forms.base({"skolotāju": 9})
        ('Eiropas Savienība', 'skolotāji')
        """
        ranked = sorted(forms, key=lambda form: (-forms[form], form))
        attested = next(filter(self._is_nominative, ranked), None)
        before, hyphen, last = ranked[0].rpartition("-")
        if hyphen and last.isalpha() and not attested:
            return before + hyphen + self.base({last: 1})
        return attested or self._make_nominative(ranked[0])

    def lemma(self, word: str) -> str:
        """Return the dictionary form of a Latvian *word*, of a noun if it can be one; its stem if unknown."""
        lemmas = self._analyzer.forms(word.lower()).lemma
        nouns = (lemma for lemma in lemmas if not lemma.endswith(_VERB_ENDINGS))
        return next(nouns, next(iter(lemmas), ""))

    def is_verb(self, word: str) -> bool:
        """Return whether *word* is a Latvian verb in a form other than the infinitive."""
        lemma = self.lemma(word)
        is_known = self._analyzer.is_in_dictionary(word)
        return is_known and lemma.endswith(_VERB_ENDINGS) and lemma != word.lower()

    def _is_nominative(self, text: str) -> bool:
        """Return whether *text* ends with a dictionary form, or a plural in *-i*."""
        last = text.rsplit(maxsplit=1)[-1].lower()
        lemmas = self._analyzer.forms(last).lemma
        if last.endswith(_LONG_VOWELS):
            return False
        return last in lemmas or (last.endswith("i") and any(_is_plural(last, lemma) for lemma in lemmas))

    def _make_nominative(self, text: str) -> str:
        before, _, last = text.rpartition(" ")
        if before and (self._may_be_person(text) or not _may_govern(before) or self._ends_with_verb(before)):
            return text
        is_free = not before.endswith(_ADJECTIVE_ENDINGS)
        if is_free and (suffixed := _SUFFIXED.fullmatch(last)):
            return f"{before} {suffixed['noun']}a".lstrip()
        lemma = self.lemma(last)
        nominative = self._analyzer.nominative(text if before else _CARRIER + text).removeprefix(_CARRIER)
        is_noun = lemma.endswith(_NOUN_ENDINGS) and self._analyzer.is_in_dictionary(last)
        if nominative != text or not is_free or not is_noun:
            return nominative
        noun = _plural(last, lemma) or self._find_in_family(last, lemma)
        return f"{before} {noun}".lstrip()

    def _ends_with_verb(self, before: str) -> bool:
        """Return whether the last word is a verb, which governs a noun: *saņemt aizdevumu*."""
        last = before.rsplit(maxsplit=1)[-1]
        is_participle = last.istitle() or last.endswith(_ADJECTIVE_ENDINGS)
        is_verb = self.lemma(last).endswith(_VERB_ENDINGS) and self._analyzer.is_in_dictionary(last)
        return is_verb and not is_participle

    def _may_be_person(self, text: str) -> bool:
        """Return whether *text* may be a name as it is: *Dace Sīpoliņa*, not *Zviedrijas Institūtā*."""
        first, *_, last = text.split()
        is_genitive = self._analyzer.is_in_dictionary(first) and not self._is_nominative(first)
        return text.istitle() and not is_genitive and not last.endswith(_OBLIQUE_NAME)

    def _find_in_family(self, noun: str, lemma: str) -> str:
        """Return the nominative of *noun* that is the most frequent in the index, if it has any."""
        family = {
            form: count
            for form, count in self._known.family(noun.lower()).items()
            if self.lemma(form) == lemma
        }
        nominatives = {form: count for form, count in family.items() if self._is_nominative(form)}
        plurals = {plural: count for form, count in family.items() if (plural := _plural(form, lemma))}
        shortened = noun[:-1] + fold(noun[-1])  # Liepājā
        if noun.endswith(_LONG_VOWELS) and shortened.lower() in self._analyzer.forms(noun.lower()).lemma:
            return shortened
        if not nominatives and not plurals:
            return noun
        found = PlainForms().base(nominatives or plurals)
        return found.capitalize() if noun.istitle() else found


def _may_govern(before: str) -> bool:
    """Return whether the words *before* a noun leave its case open.

    A preposition does not (*cilvēki ar invaliditāti*), nor do several adjectives (*Nacionālo bruņoto spēku*).
    """
    first, *others = before.split()
    return (others or [first])[-1].lower() not in stop_words() and not any(
        word.endswith("o") for word in others
    )


def _is_plural(form: str, lemma: str) -> bool:
    """Return whether *form*, which ends with *i*, is a nominative plural: *nodokļi*, not *nodokli*."""
    return lemma.endswith("s") and (not lemma.endswith("is") or form[-2:-1] in _PALATAL)


def _plural(form: str, lemma: str) -> str:
    """Return the nominative plural of a noun given in another case of the plural; "" for other forms."""
    for ending, plural, lemma_ending in _PLURALS:
        if form.endswith(ending) and lemma.endswith(lemma_ending):
            return form.removesuffix(ending) + plural
    return ""
