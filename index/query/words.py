"""The words of a query: the terms that match each, by the dictionary and by the words of the index."""

import re
from collections.abc import Callable
from typing import Protocol

from msgspec.structs import replace

from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import clean
from index.query.ast import Clause, Phrase, Word
from index.query.rewrite import map_leaves

EXACT_SHARE = 0.1
"""What an exact form scores, as a share of what a lemma does."""
# A word without diacritics that is rarer than another reading by this factor is a slip in some release.
_STRAY = 50
_IS_CAPITALIZED = re.compile("[A-ZĀČĒĢĪĶĻŅŠŪŽ][a-zāčēģīķļņšūž]+").fullmatch


class IndexVocabulary(Protocol):
    """The terms of an engine's index."""

    def size(self, field: str, text: str) -> int:
        """Return the number of releases with the term *text* in *field*, or slightly more; 0 if none."""


def is_typed_as_name(word: str) -> bool:
    """Return whether *word* is capitalised, so that no common word is meant if it is unknown.

    >>> is_typed_as_name("Levits"), is_typed_as_name("levits"), is_typed_as_name("VUGD")
    (True, False, False)
    """
    return _IS_CAPITALIZED(word) is not None


def any_form(token: str, analyzer: Analyzer) -> Word:
    """Return the clause for any form of a word."""
    text, forms = clean(token), analyzer.query_forms(token)
    return Word(
        text=text,
        lemma=forms.lemma,
        stem=forms.stem,
        exact=forms.exact,
        acronym="".join(forms.acronym),
        unaccented=forms.unaccented,
        stem_matches=not forms.is_known and not is_typed_as_name(text),
        scored=bool(forms.lemma),
    )


def settle(clause: Clause, vocabulary: IndexVocabulary) -> Clause:
    """Return *clause*, in which each word has the terms that match it in an index with *vocabulary*.

    A word that is an acronym of the index matches only that. A word that lacks diacritics is read with them
    unless it is a word of the index as typed; then these readings stay in ``unaccented``. The stem matches
    only if nothing else does.
    """
    is_alone = isinstance(clause, Word)
    return _map_words(clause, lambda word: _settle(word, vocabulary, is_alone=is_alone))


def read_unaccented(clause: Clause) -> Clause | None:
    """Return the settled *clause*, in which words typed without diacritics also match words that have them.

    None if no word has such a reading.
    """
    wider = _map_words(
        clause, lambda word: replace(word, lemma=word.lemmas, unaccented=()) if word.unaccented else word
    )
    return wider if wider != clause else None


def without_scores(clause: Clause) -> Clause:
    """Return *clause* with words that match without scoring: for whoever needs the documents alone."""
    return _map_words(clause, lambda word: replace(word, scored=False))


def _map_words(clause: Clause, change: Callable[[Word], Word]) -> Clause:
    def change_leaf(leaf: Clause) -> Clause:
        match leaf:
            case Word():
                return change(leaf)
            case Phrase(words=words):
                changed = tuple(map(change, words))
                return leaf if changed == words else replace(leaf, words=changed)
        return leaf

    return map_leaves(clause, change_leaf)


def _settle(word: Word, vocabulary: IndexVocabulary, *, is_alone: bool) -> Word:
    if word.acronym and vocabulary.size("lemma", word.acronym):
        mark = (word.acronym,)
        return replace(word, lemma=mark, exact=mark, stem=(), unaccented=(), accented="", stem_matches=False)
    if word.fold and word.exact:
        typed, folded = vocabulary.size("exact", word.exact[-1]), vocabulary.size("fold", word.fold[0])
        return replace(word, fold=()) if typed * _STRAY >= folded else word
    others = tuple(lemma for lemma in word.unaccented if vocabulary.size("lemma", lemma))
    if others and not _is_meant_as_typed(word, others, vocabulary, is_alone=is_alone):
        return replace(word, lemma=word.lemma + others, unaccented=(), stem_matches=False)
    stem_matches = word.stem_matches and not _is_in(vocabulary, word)
    if (others, stem_matches) == (word.unaccented, word.stem_matches):
        return word
    return replace(word, unaccented=others, stem_matches=stem_matches)


def _is_in(vocabulary: IndexVocabulary, word: Word) -> bool:
    """Return whether the index has any form of *word*."""
    return any(
        vocabulary.size(field, text)
        for field, texts in (("lemma", word.lemma), ("exact", word.exact))
        for text in texts
    )


def _is_meant_as_typed(
    word: Word, others: tuple[str, ...], vocabulary: IndexVocabulary, *, is_alone: bool
) -> bool:
    """Return whether the index has *word* as typed often enough that its other readings are not meant.

    Beside Latvian words without diacritics, an English form must be as common as the other reading. Alone, it
    need only occur: its releases come first, and those with the other reading follow.
    """
    latvian, *english = word.lemma
    typed = vocabulary.size("exact", word.exact[-1])
    other = max(vocabulary.size("lemma", lemma) for lemma in others)
    if vocabulary.size("lemma", latvian):
        return typed * _STRAY >= other
    factor = _STRAY if is_alone else 1
    return typed * factor >= other and any(vocabulary.size("lemma", lemma) for lemma in english)
