"""Why a hit matches, in words: where each word of the query is, and in which form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.analysis import Analyzer, Token
from index.query import Part
from index.results import Explanation, Hit, Passage, WordScore
from searcher.asking import SearchResponse
from searcher.params import SearchParams
from searcher.service import Service

FORMS_MAX = 3
"""Forms named for one word in one part."""
_PARTS: tuple[Part, ...] = ("title", "lead", "body")


How = Literal["as typed", "as typed and in another form", "in another form"]
"""Capitals do not count; a word with other diacritics is another form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMatch:
    """A word of the query in one part of a release."""

    word: str
    """As typed."""
    part: Part
    how: How
    forms: tuple[str, ...]
    """The different forms found besides the typed one, as written; at most `FORMS_MAX`."""


WordMatches = Mapping[str, tuple[WordMatch, ...]]
"""The matches in each release, by its id."""


def match_words(service: Service, params: SearchParams, answer: SearchResponse) -> WordMatches:
    """Return the parts in which the words of the query are, for each hit that *answer* explains."""
    hits = (*answer.results.hits, *answer.results.nearest)
    return {
        hit.id: tuple(_matches(hit, why, service.mark(params, hit.id), service.asker.analyzer))
        for hit in hits
        if (why := answer.explanations.get(hit.id))
    }


def _matches(
    hit: Hit, why: Explanation, texts: Mapping[Part, Passage], analyzer: Analyzer
) -> Iterator[WordMatch]:
    marked = {part: _marked_tokens(texts[part], analyzer, hit) for part in _PARTS if part in texts}
    for word in why.words:
        for part, tokens in marked.items():
            found = dict.fromkeys(text for text, token in tokens if _is_match(token, word))
            others = tuple(form for form in found if form.lower() != word.text.lower())
            if found:
                is_typed = len(others) < len(found)
                yield WordMatch(
                    word=word.text, part=part, how=_name_forms(is_typed, others), forms=others[:FORMS_MAX]
                )


def _name_forms(is_typed: bool, others: Sequence[str]) -> How:
    if not is_typed:
        return "in another form"
    return "as typed and in another form" if others else "as typed"


def _marked_tokens(passage: Passage, analyzer: Analyzer, hit: Hit) -> Sequence[tuple[str, Token]]:
    """Return the different marked words of *passage*, as written and analysed."""
    marked = " ".join(dict.fromkeys(passage.text[start:end] for start, end in passage.marks))
    return [(marked[token.start : token.end], token) for token in analyzer.analyze(marked, hit.language)]


def _is_match(token: Token, word: WordScore) -> bool:
    return any(term.term in getattr(token.forms, term.field, ()) for term in word.terms)
