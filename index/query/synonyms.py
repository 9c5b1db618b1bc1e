"""Abbreviations in queries: who asks for `VUGD` also means what it stands for, and the other way round."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stopwords import stop_words
from index.analysis.latvian.tokenizer import TOKEN, acronym
from index.query.ast import AllOf, AnyOf, Clause, Part, Phrase, Word

# Shorter ones in small letters are words: es, it, ap.
_SMALL_MIN = 4


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is looked for, in any case."""

    short: str
    long: str
    phrase: Phrase
    lemmas: tuple[frozenset[str], ...]
    """Of its words without the stop words."""


class Synonyms:
    """Widens queries by *names*: what abbreviations stand for."""

    def __init__(self, names: Mapping[str, Sequence[str]], analyzer: Analyzer) -> None:
        self._by_short: dict[str, list[_Name]] = {}
        self._by_lemma: dict[str, list[_Name]] = {}
        usual = Counter(
            _beginning(token) for longs in names.values() for long in longs for token in _tokens(long)
        )
        for short, longs in names.items():
            for long in longs:
                self._add(_name(short, long, analyzer, usual))

    def _add(self, name: _Name) -> None:
        self._by_short.setdefault(name.short.lower(), []).append(name)
        for lemma in name.lemmas[0] if len(name.lemmas) > 1 else ():
            self._by_lemma.setdefault(lemma, []).append(name)

    def widened(self, clause: Clause) -> tuple[Clause, tuple[str, ...]]:
        """Return *clause* with its abbreviations and names also in their other form, and which they are.

        What is excluded or asked for exactly stays as it is.
        """
        used: dict[str, None] = {}
        return self._widened(clause, used), tuple(used)

    def _widened(self, clause: Clause, used: dict[str, None]) -> Clause:
        match clause:
            case Word():
                return self._word(clause, used)
            case AllOf(clauses):
                return AllOf(tuple(self._run(clauses, used)))
            case AnyOf(clauses):
                return AnyOf(tuple(self._widened(inner, used) for inner in clauses))
        return clause

    def _word(self, word: Word, used: dict[str, None]) -> Clause:
        names = [name for name in self._by_short.get(word.text.lower(), ()) if _may_mean(word, name)]
        if not names:
            return word
        used.update(dict.fromkeys(f"{name.short} = {name.long}" for name in names))
        return AnyOf((word, *(replace(name.phrase, part=word.part) for name in names)))

    def _run(self, clauses: Sequence[Clause], used: dict[str, None]) -> Iterator[Clause]:
        at = 0
        while at < len(clauses):
            name = self._name_at(clauses, at)
            if name is None:
                yield self._widened(clauses[at], used)
                at += 1
                continue
            used[f"{name.short} = {name.long}"] = None
            words = clauses[at : at + len(name.lemmas)]
            first = words[0]
            part = first.part if isinstance(first, Word) else None
            yield AnyOf((AllOf(tuple(words)), _short_word(name.short, part)))
            at += len(words)

    def _name_at(self, clauses: Sequence[Clause], at: int) -> _Name | None:
        """The longest name whose words stand from *at* on."""
        first = clauses[at]
        if not isinstance(first, Word):
            return None
        names = {name.long: name for lemma in first.lemma for name in self._by_lemma.get(lemma, ())}
        fitting = [name for name in names.values() if _fits(name, clauses[at : at + len(name.lemmas)])]
        return max(fitting, key=lambda name: len(name.lemmas), default=None)


def _may_mean(word: Word, name: _Name) -> bool:
    is_in_capitals = word.lemma[:1] == (acronym(word.text),)
    return word.scored and (is_in_capitals or (len(name.short) >= _SMALL_MIN and bool(word.lemma)))


def _fits(name: _Name, clauses: Sequence[Clause]) -> bool:
    return len(clauses) == len(name.lemmas) and all(
        isinstance(clause, Word) and not lemmas.isdisjoint(clause.lemma)
        for clause, lemmas in zip(clauses, name.lemmas, strict=True)
    )


def _short_word(short: str, part: Part | None) -> Word:
    term = acronym(short) or short.lower()
    word = Word(text=short, lemma=(term,), exact=(term,))
    return replace(word, part=part)


def _tokens(long: str) -> list[str]:
    return [match[0] for match in TOKEN.finditer(long)]


def _beginning(token: str) -> str:
    return fold(token.lower())[:5]


def _name(short: str, long: str, analyzer: Analyzer, usual: Mapping[str, int]) -> _Name:
    tokens = _tokens(long)
    weighty = [token for token in tokens if token.lower() not in stop_words()]
    # A name scores as one word does, that which fewest other names have: else it would outweigh all the rest.
    telling = min(weighty, key=lambda token: (usual[_beginning(token)], -len(token)), default="")
    words = tuple(_any_form(token, analyzer, scored=token is telling) for token in tokens)
    lemmas = tuple(frozenset(analyzer.query_forms(token).lemma) for token in weighty)
    return _Name(short, analyzer.nominative(long), Phrase(words=words), lemmas)


def _any_form(token: str, analyzer: Analyzer, *, scored: bool) -> Word:
    forms = analyzer.query_forms(token)
    return Word(text=token, lemma=forms.lemma, stem=forms.stem, exact=forms.exact, scored=scored)
