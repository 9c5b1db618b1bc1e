"""Finds the related terms of a query that led to its hits: those that are marked in them."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import TOKEN
from index.query import Expansion, RelatedTerm
from index.results import Hit, Passage


def find_terms(
    expansions: Sequence[Expansion], hits: Sequence[Hit], analyzer: Analyzer
) -> tuple[Expansion, ...]:
    """Return *expansions* with the terms that are marked in *hits*, those of the first hits first.

    Expansions without such a term are left out.
    """
    marked = [_marked_lemmas(hit, analyzer) for hit in hits] if expansions else []
    return tuple(kept for each in expansions if (kept := _keep_marked(each, marked)).terms)


def _keep_marked(expansion: Expansion, marked: Sequence[frozenset[str]]) -> Expansion:
    # Few of the terms are marked in any hit, so the others are left out before each hit is looked at.
    in_any = frozenset[str]().union(*marked)
    begun = (term for term in expansion.terms if not in_any.isdisjoint(term.words[0]))
    candidates = [term for term in begun if _is_marked(term, in_any)]
    shares = [
        sum(1 / place for place, lemmas in enumerate(marked, 1) if _is_marked(term, lemmas))
        for term in candidates
    ]
    order = sorted(range(len(candidates)), key=lambda number: -shares[number])
    terms = [candidates[number] for number in order if shares[number]]
    return replace(
        expansion,
        terms=tuple(term for at, term in enumerate(terms) if not any(map(term.is_form_of, terms[:at]))),
    )


def _is_marked(term: RelatedTerm, lemmas: frozenset[str]) -> bool:
    """Return whether each word of *term* is among the marked *lemmas*."""
    return not any(map(lemmas.isdisjoint, term.words))


def _marked_lemmas(hit: Hit, analyzer: Analyzer) -> frozenset[str]:
    return frozenset(
        lemma
        for passage in (hit.title, *hit.passages)
        for token in _marked_tokens(passage)
        for lemma in analyzer.forms(token, hit.language).lemma
    )


def _marked_tokens(passage: Passage) -> Iterator[str]:
    for start, end in passage.marks:
        yield from (match[0] for match in TOKEN.finditer(passage.text, start, end))
