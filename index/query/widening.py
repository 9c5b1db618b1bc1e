"""What comes nearest to a query that no release answers, or few do."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.analysis.analyzer import Analyzer
from index.engine import All, Any, Clause, Everything, Most, Not, Phrase, Word
from index.query.rewrite import every, is_wish

STRICT = "="
"""The text of a word begins so that is to stand just as it is typed, also if nothing is found."""


def wider(clause: Clause, analyzer: Analyzer, count: Callable[[Clause], int]) -> Clause | None:
    """Return *clause* with its phrases in any form of their words; if that finds nothing, most of its words.

    None where there is nothing to widen: a single word, what is refused.
    """
    loose = _loosened(clause, analyzer)
    if loose != clause and count(loose):
        return loose
    match loose:
        case All(clauses):
            asked, others = _parted(clauses)
            return All((Most(asked), *others)) if len(asked) > 1 else None
    return None


def nearer(clause: Clause, analyzer: Analyzer) -> Clause | None:
    """Return what asks for some of what *clause* asks for; what has all of it answers this too.

    None where there is nothing to be content with: a single word, alternatives, what is asked for exactly.
    """
    loose = _loosened(clause, analyzer)
    match loose:
        case All(clauses):
            asked, others = _parted(clauses)
            return every((Any(asked), *others)) if len(asked) > 1 else None
        case Phrase() if loose != clause:
            return loose
    return None


def _parted(clauses: Sequence[Clause]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """Return what is asked for, and what is refused or only wished for."""
    asked = tuple(one for one in clauses if not isinstance(one, Not | Everything) and not is_wish(one))
    return asked, tuple(one for one in clauses if isinstance(one, Not) or is_wish(one))


def _loosened(clause: Clause, analyzer: Analyzer) -> Clause:
    match clause:
        case Phrase(words=words) if not any(word.text.startswith(STRICT) for word in words):
            return replace(clause, words=tuple(_any_form(word, analyzer) for word in words))
        case All(clauses):
            return All(tuple(_loosened(inner, analyzer) for inner in clauses))
        case Any(clauses):
            return Any(tuple(_loosened(inner, analyzer) for inner in clauses))
    return clause


def _any_form(word: Word, analyzer: Analyzer) -> Word:
    forms = analyzer.query_forms(word.text)
    return replace(word, lemma=forms.lemma, stem=forms.stem, exact=forms.exact, fold=())
