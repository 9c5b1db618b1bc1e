"""How close a typed foreign word is to a term: a form of it, or only a word with the same stem."""

import re
from itertools import takewhile

from crawler.config import Language
from index.meaning.english_forms import english_bases, english_forms

STRANGER, SAME_LEMMA, FORM = range(3)
# Who does something is about what is done: travellers, travel.
_AGENT = re.compile(r"(?<=\w{4})(?:(?<=l)l)?ers?$")
_BACK = 2
"""The most letters of an ending that another one begins with, too: -ые, -ых; -ами, -ам."""
_NOMINAL = re.compile(
    r"[аеийоуыьюя]?|[ои]?[ое][вмй]|ью|ья|ье|ьи|[иь]?(ев|ей|ем|ям|ями|ях)|[аи]м|ами|ах|и[еийюя]|[оея]ю"
    r"|[ыио]й|[ая]я|[оеыи]е|[ео]го|[ео]му|ы[мх]|и[мх]|[ую]ю|[ыи]ми|ейш(ий|ая|ее|ие|его|их|им)"
)
"""The endings of nouns and adjectives, -ами and -ого, but none of a derived word: -ость."""
_VERBAL = re.compile(
    r"[аеиоуыюя]{0,2}(ть|л[аио]?|в|вши|вш[аеиоуя]\w{1,2}|[юуая]?щ[аеиоуя]\w{1,2}|н[аоы]?|нн[оаыу]\w{1,2})"
    r"|[уюйи]|[еи](шь|т|м|те)|[уюая]т|й?те"
)
_FLEETING_VOWEL = re.compile(r"е([кц])$")
_REFLEXIVE = re.compile(r"с[ья]$")


def closeness(typed: str, term: str, language: Language) -> int:
    """Return whether *typed* is a `FORM` of *term*, another form of its lemma, or a `STRANGER` to it.

    >>> [closeness(typed, "hospital", "en") for typed in ("hospitals", "hospitality")]
    [2, 0]
    >>> closeness("fires", "fired", "en")
    1
    """
    first, other = (text.lower().replace("-", "").replace("ё", "е") for text in (typed, term))
    return _russian_closeness(first, other) if language == "ru" else _english_closeness(first, other)


def _english_closeness(typed: str, term: str) -> int:
    typed, term = _AGENT.sub("", typed), _AGENT.sub("", term)
    if typed in english_forms(term) or term in english_forms(typed):
        return FORM
    return STRANGER if english_bases(typed).isdisjoint(english_bases(term)) else SAME_LEMMA


def _russian_closeness(typed: str, term: str) -> int:
    """Words with one stem have one lemma if both end as nouns and adjectives do, or both as verbs do."""
    words = [_REFLEXIVE.sub("", word) for word in (typed, term)]
    pairs = (words, [_FLEETING_VOWEL.sub(r"\1", word) for word in words])
    return FORM if any(_have_one_lemma(*pair) for pair in pairs) else STRANGER


def _have_one_lemma(first: str, other: str) -> bool:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, other, strict=False)))
    starts = range(max(0, shared - _BACK), shared + 1)
    return any(
        kind.fullmatch(first[start:]) and kind.fullmatch(other[start:])
        for start in starts
        for kind in (_NOMINAL, _VERBAL)
    )
