"""Why a hit matches, in words: where each word of the query is, and in which form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.analysis import Analyzer, Token
from index.query import Part
from index.results import Explanation, Hit, Passage, WordScore
from searcher.params import SearchParams
from searcher.service import SearchResponse, Service

FORMS_MAX = 3
"""Forms named for one word in one part."""
_PARTS: tuple[Part, ...] = ("title", "lead", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMatch:
    """A word of the query in one part of a release."""

    word: str
    """As typed."""
    part: Part
    how: Literal["typed", "form"]
    """``typed``: just as typed, but for capitals; ``form``: only in other forms or with other diacritics."""
    forms: tuple[str, ...]
    """The different forms found, as written; at most `FORMS_MAX`."""


WordMatches = Mapping[str, tuple[WordMatch, ...]]
"""The matches in each release, by its id."""


def match_words(service: Service, params: SearchParams, answer: SearchResponse) -> WordMatches:
    """Return the parts in which the words of the query are, for each hit that *answer* explains."""
    hits = (*answer.results.hits, *answer.results.nearest)
    return {
        hit.id: tuple(_matches(hit, why, service.mark(params, hit.id), service.analyzer))
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
            if found:
                is_typed = word.text.lower() in map(str.lower, found)
                yield WordMatch(
                    word=word.text,
                    part=part,
                    how="typed" if is_typed else "form",
                    forms=tuple(found)[:FORMS_MAX],
                )


def _marked_tokens(passage: Passage, analyzer: Analyzer, hit: Hit) -> Sequence[tuple[str, Token]]:
    """Return the different marked words of *passage*, as written and analysed."""
    marked = " ".join(dict.fromkeys(passage.text[start:end] for start, end in passage.marks))
    return [(marked[token.start : token.end], token) for token in analyzer.analyze(marked, hit.language)]


def _is_match(token: Token, word: WordScore) -> bool:
    return any(term.term in getattr(token.forms, term.field, ()) for term in word.terms)
