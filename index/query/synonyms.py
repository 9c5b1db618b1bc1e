"""Query expansion: an abbreviation (`VUGD`) also matches its full name, and vice versa."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, acronym
from index.query.ast import AllOf, AnyOf, Clause, Part, Phrase, Word
from index.query.words import any_form

# Shorter abbreviations in lower case are ordinary words: it, ap.
_LOWER_CASE_MIN = 4


@dataclass(frozen=True, slots=True)
class _Name:
    """An abbreviation and one of its full names."""

    short: str
    long: str
    phrase: Phrase
    """Matches the name in any case."""
    lemmas: tuple[frozenset[str], ...]
    """The lemmas of each word of the name except stop words."""


class Synonyms:
    """Expands queries by *names*: the full names of each abbreviation."""

    def __init__(self, names: Mapping[str, Sequence[str]], analyzer: Analyzer) -> None:
        self._by_short: dict[str, list[_Name]] = {}
        self._by_lemma: dict[str, list[_Name]] = {}
        usage = Counter(
            _beginning(token) for longs in names.values() for long in longs for token in _tokens(long)
        )
        for short, longs in names.items():
            for long in longs:
                self._add(_build_name(short, long, analyzer, usage))

    def _add(self, name: _Name) -> None:
        self._by_short.setdefault(name.short.lower(), []).append(name)
        for lemma in name.lemmas[0] if len(name.lemmas) > 1 else ():
            self._by_lemma.setdefault(lemma, []).append(name)

    def expand(self, clause: Clause) -> tuple[Clause, tuple[str, ...]]:
        """Return *clause*, expanded, and the list of expansions (`SHORT = LONG`).

        Exclusions, phrases and exact words are not expanded.
        """
        expansions: dict[str, None] = {}
        return self._expand(clause, expansions), tuple(expansions)

    def _expand(self, clause: Clause, expansions: dict[str, None]) -> Clause:
        match clause:
            case Word():
                return self._expand_word(clause, expansions)
            case AllOf(clauses):
                return AllOf(tuple(self._expand_run(clauses, expansions)))
            case AnyOf(clauses):
                return AnyOf(tuple(self._expand(inner, expansions) for inner in clauses))
        return clause

    def _expand_word(self, word: Word, expansions: dict[str, None]) -> Clause:
        names = [name for name in self._by_short.get(word.text.lower(), ()) if _may_mean(word, name)]
        if not names:
            return word
        expansions.update(dict.fromkeys(f"{name.short} = {name.long}" for name in names))
        return AnyOf((word, *(replace(name.phrase, part=word.part) for name in names)))

    def _expand_run(self, clauses: Sequence[Clause], expansions: dict[str, None]) -> Iterator[Clause]:
        at = 0
        while at < len(clauses):
            name = self._name_at(clauses, at)
            if name is None:
                yield self._expand(clauses[at], expansions)
                at += 1
                continue
            expansions[f"{name.short} = {name.long}"] = None
            words = clauses[at : at + len(name.lemmas)]
            first = words[0]
            part = first.part if isinstance(first, Word) else None
            yield AnyOf((AllOf(tuple(words)), _short_word(name.short, part)))
            at += len(words)

    def _name_at(self, clauses: Sequence[Clause], at: int) -> _Name | None:
        """Return the longest name whose words begin at *at*."""
        first = clauses[at]
        if not isinstance(first, Word):
            return None
        names = {name.long: name for lemma in first.lemmas for name in self._by_lemma.get(lemma, ())}
        matching = [name for name in names.values() if _matches(name, clauses[at : at + len(name.lemmas)])]
        return max(matching, key=lambda name: len(name.lemmas), default=None)


def _may_mean(word: Word, name: _Name) -> bool:
    is_in_capitals = word.lemma[:1] == (acronym(name.short),)
    return word.scored and (is_in_capitals or (len(name.short) >= _LOWER_CASE_MIN and bool(word.lemma)))


def _matches(name: _Name, clauses: Sequence[Clause]) -> bool:
    return len(clauses) == len(name.lemmas) and all(
        isinstance(clause, Word) and not lemmas.isdisjoint(clause.lemmas)
        for clause, lemmas in zip(clauses, name.lemmas, strict=True)
    )


def _short_word(short: str, part: Part | None) -> Word:
    term = acronym(short) or short.lower()
    return Word(text=short, lemma=(term,), exact=(term,), part=part)


def _tokens(long: str) -> list[str]:
    return [match[0] for match in TOKEN.finditer(long)]


def _beginning(token: str) -> str:
    return fold(token.lower())[:5]


def _build_name(short: str, long: str, analyzer: Analyzer, usage: Mapping[str, int]) -> _Name:
    tokens = _tokens(long)
    content = [token for token in tokens if token.lower() not in stop_words()]
    # Only the word that is rarest among all names is scored: otherwise a long name would outweigh the query.
    rarest = min(content, key=lambda token: (usage[_beginning(token)], -len(token)), default="")
    words = tuple(replace(any_form(token, analyzer), scored=token is rarest) for token in tokens)
    lemmas = tuple(frozenset(any_form(token, analyzer).lemmas) for token in content)
    return _Name(short, analyzer.nominative(long), Phrase(words=words), lemmas)
