"""The form in which a completion shows a word or phrase: the nominative, as people type it."""

from collections import Counter
from collections.abc import Callable, Mapping

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold

Family = Callable[[str], Mapping[str, int]]
"""Returns all forms of a word in the index, each with the number of releases that contain it."""

BaseForm = Callable[[Mapping[str, int]], str]
"""Chooses the form to show, given the forms of a word or phrase and the number of releases with each."""

# Oblique plural endings, the nominative ending instead, and the last letter of the dictionary form.
_PLURALS = (("iem", "i", "s"), ("os", "i", "s"), ("ām", "as", "a"), ("ēm", "es", "e"))
_PALATAL = frozenset("ļņšžčķģj")
_NOUN_ENDINGS = ("s", "a", "e")
_VERB_ENDINGS = ("t", "ties")
_LONG_VOWELS = ("ā", "ē", "ī", "ū")
# A word with such an ending may be an adjective: the noun must go on agreeing with it.
_ADJECTIVE_ENDINGS = (*_LONG_VOWELS, "ās", "ais", "ie", "iem", "ām", "os", "am", "ai", "o")
# Any word: `Analyzer.nominative` changes only the last of several.
_CARRIER = "x "


def most_frequent_form(forms: Mapping[str, int]) -> str:
    """Return the form in most releases."""
    return min(forms, key=lambda form: (-forms[form], form))


def group_forms(forms: Mapping[str, int], lemma: Callable[[str], str]) -> list[dict[str, int]]:
    """Return the forms of each word or phrase, whose words share their *lemma*; the most frequent first."""
    groups: dict[tuple[str, ...], dict[str, int]] = {}
    for form, count in Counter(forms).most_common():
        groups.setdefault(tuple(map(lemma, form.lower().split())), {})[form] = count
    return sorted(groups.values(), key=lambda group: -sum(group.values()))


class BaseForms:
    """Finds nominatives with the dictionary of *analyzer* and the forms that the index contains."""

    def __init__(self, analyzer: Analyzer, family: Family) -> None:
        self._analyzer, self._family = analyzer, family

    def __call__(self, forms: Mapping[str, int]) -> str:
        """Return a nominative among *forms*, else one made of the most frequent, else the most frequent.

        >>> base_form = BaseForms(Analyzer(), lambda form: {"skolotāju": 9, "skolotāji": 5})
        >>> base_form({"Eiropas Savienībā": 4, "Eiropas Savienības": 1}), base_form({"skolotāju": 9})
        ('Eiropas Savienība', 'skolotāji')
        """
        ranked = sorted(forms, key=lambda form: (-forms[form], form))
        attested = next(filter(self._is_nominative, ranked), None)
        before, hyphen, last = ranked[0].rpartition("-")
        if hyphen and last.isalpha() and not attested:
            return before + hyphen + self({last: 1})
        return attested or self._make_nominative(ranked[0])

    def lemma(self, word: str) -> str:
        """Return the dictionary form of a Latvian *word*, of a noun if it can be one; its stem if unknown.

        It has no diacritics.
        """
        lemmas = self._analyzer.forms(word.lower()).lemma
        nouns = (lemma for lemma in lemmas if not lemma.endswith(_VERB_ENDINGS))
        return next(nouns, next(iter(lemmas), ""))

    def _is_nominative(self, text: str) -> bool:
        """Return whether *text* ends with a dictionary form, or a plural in *-i*."""
        last = text.rsplit(maxsplit=1)[-1].lower()
        lemmas = self._analyzer.forms(last).lemma
        if last.endswith(_LONG_VOWELS):
            return False
        return fold(last) in lemmas or (
            last.endswith("i") and any(_is_plural(last, lemma) for lemma in lemmas)
        )

    def _make_nominative(self, text: str) -> str:
        before, _, last = text.rpartition(" ")
        lemma = self.lemma(last)
        nominative = self._analyzer.nominative(text if before else _CARRIER + text).removeprefix(_CARRIER)
        if nominative != text or before.endswith(_ADJECTIVE_ENDINGS) or not lemma.endswith(_NOUN_ENDINGS):
            return nominative
        noun = _plural(last, lemma) or self._find_in_family(last, lemma)
        return f"{before} {noun}".lstrip()

    def _find_in_family(self, noun: str, lemma: str) -> str:
        """Return the nominative of *noun* that is the most frequent in the index, if it has any."""
        family = {
            form: count for form, count in self._family(noun.lower()).items() if self.lemma(form) == lemma
        }
        nominatives = {form: count for form, count in family.items() if self._is_nominative(form)}
        plurals = {plural: count for form, count in family.items() if (plural := _plural(form, lemma))}
        if (
            noun.endswith(_LONG_VOWELS) and fold(noun.lower()) in self._analyzer.forms(noun.lower()).lemma
        ):  # Liepājā
            return noun[:-1] + fold(noun[-1])
        if not nominatives and not plurals:
            return noun
        found = most_frequent_form(nominatives or plurals)
        return found.capitalize() if noun.istitle() else found


def _is_plural(form: str, lemma: str) -> bool:
    """Return whether *form*, which ends with *i*, is a nominative plural: *nodokļi*, not *nodokli*."""
    return lemma.endswith("s") and (not lemma.endswith("is") or form[-2:-1] in _PALATAL)


def _plural(form: str, lemma: str) -> str:
    """Return the nominative plural of a noun given in another case of the plural; "" for other forms."""
    for ending, plural, lemma_ending in _PLURALS:
        if form.endswith(ending) and lemma.endswith(lemma_ending):
            return form.removesuffix(ending) + plural
    return ""
