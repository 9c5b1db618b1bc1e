"""Quality and speed of the analysis: how it conflates the forms of a word, on the Latvian treebank (LVTB).

Usage: python -m benchmarks.analysis [path/to/lvtb-dev.conllu.gz]
"""

import gzip
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.analysis.latvian.stemmer import stem
from index.query import Word
from index.query.words import any_form, read_unaccented, settle

TREEBANK = Path(__file__).parents[2] / "shared" / "data" / "latvian" / "lvtb-dev.conllu.gz"
CONTENT = {"NOUN", "PROPN", "ADJ", "VERB"}

ToTerms = Callable[[str], tuple[str, ...]]


def read_conllu(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield form, lemma and part of speech of every token."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            fields = line.split("\t")
            if fields[0].isdigit():
                yield fields[1], fields[2], fields[3]


def content_words(path: Path) -> Counter[tuple[str, str]]:
    """Count the lower-case pairs of form and lemma of nouns, names, adjectives and verbs."""
    return Counter(
        (form.lower(), lemma.lower())
        for form, lemma, part in read_conllu(path)
        if part in CONTENT and len(form) > 1 and form.replace("-", "").isalpha()
    )


@dataclass(frozen=True, slots=True)
class Conflation:
    """Percentages, with query forms weighted by their frequency in the corpus."""

    precision: float
    """Share of the matched occurrences that have the lemma of the query."""
    recall: float
    """Share of the occurrences of the lemma that are matched."""
    recall_of_others: float
    """Recall without the occurrences of the queried form itself."""


def conflation(words: Counter[tuple[str, str]], of_text: ToTerms, of_query: ToTerms) -> Conflation:
    """Measure how well *of_query* matches the forms of a lemma in a text analysed by *of_text*."""
    by_term: dict[str, set[tuple[str, str]]] = defaultdict(set)
    occurrences: Counter[str] = Counter()
    for (form, lemma), count in words.items():
        occurrences[lemma] += count
        for term in of_text(form):
            by_term[term].add((form, lemma))

    @cache
    def count_by_lemma(terms: tuple[str, ...]) -> Counter[str]:
        """Count the occurrences with one of the terms, by lemma."""
        by_lemma: Counter[str] = Counter()
        for form, lemma in set().union(*(by_term.get(term, ()) for term in terms)):
            by_lemma[lemma] += words[form, lemma]
        return by_lemma

    precision = recall = others = other_weight = 0.0
    for (form, lemma), count in words.items():
        terms = of_query(form)
        hits = count_by_lemma(terms)
        precision += count * (hits[lemma] / hits.total() if hits else 1.0)
        recall += count * hits[lemma] / occurrences[lemma]
        if occurrences[lemma] > count:
            itself = 0 if set(terms).isdisjoint(of_text(form)) else count
            others += count * (hits[lemma] - itself) / (occurrences[lemma] - count)
            other_weight += count
    total = words.total()
    return Conflation(100 * precision / total, 100 * recall / total, 100 * others / other_weight)


class TreebankVocabulary:
    """The terms of *words*, and how often each occurs."""

    def __init__(self, analyzer: Analyzer, words: Counter[tuple[str, str]]) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        for (form, _), count in words.items():
            forms = analyzer.forms(form)
            self._counts.update({("lemma", term): count for term in forms.lemma})
            self._counts.update({("exact", term): count for term in forms.exact})

    def size(self, field: str, text: str) -> int:
        """Return the number of occurrences of a term."""
        return self._counts[field, text]


def matching_terms(analyzer: Analyzer, words: Counter[tuple[str, str]], *, widely: bool = False) -> ToTerms:
    """Return a function that finds what matches a query word in a corpus of *words*.

    If *widely*, a word typed without diacritics is always read with them, too.
    """
    vocabulary = TreebankVocabulary(analyzer, words)

    def terms_of(word: str) -> tuple[str, ...]:
        clause = settle(any_form(word, analyzer), vocabulary)
        clause = (read_unaccented(clause) if widely else None) or clause
        assert isinstance(clause, Word)
        stems = clause.stem if clause.stem_matches else ()
        return _label(clause.lemma, stems, clause.exact)

    return terms_of


def _label(lemmas: tuple[str, ...], stems: tuple[str, ...], exact: tuple[str, ...]) -> tuple[str, ...]:
    return *_label_stems(lemmas, stems), *(f"{term} (exact)" for term in exact)


def chains(analyzer: Analyzer, words: Counter[tuple[str, str]]) -> dict[str, tuple[ToTerms, ToTerms]]:
    """Return the measured chains by name: how each finds the terms of a word in a text, and in a query."""
    return {
        "lower case only": (_alone, _alone),
        "light stemmer": (lambda word: (stem(word),), lambda word: (stem(word),)),
        "lemma field": (
            lambda word: analyzer.forms(word).lemma,
            lambda word: any_form(word, analyzer).lemmas,
        ),
        "what matches": (
            lambda word: _label(*analyzer.forms(word).terms[:3]),
            matching_terms(analyzer, words),
        ),
        "what matches or follows": (
            lambda word: _label(*analyzer.forms(word).terms[:3]),
            matching_terms(analyzer, words, widely=True),
        ),
        "lemma or stem field": (_either_in_text(analyzer), _either_in_query(analyzer)),
    }


def without_diacritics(of_query: ToTerms) -> ToTerms:
    """Return *of_query* for words typed without diacritics."""
    return lambda word: of_query(fold(word))


def _alone(word: str) -> tuple[str, ...]:
    return (word,)


def _either_in_text(analyzer: Analyzer) -> ToTerms:
    return lambda word: _label_stems(analyzer.forms(word).lemma, analyzer.forms(word).stem)


def _either_in_query(analyzer: Analyzer) -> ToTerms:
    return lambda word: _label_stems(any_form(word, analyzer).lemmas, analyzer.query_forms(word).stem)


def _label_stems(lemmas: tuple[str, ...], stems: tuple[str, ...]) -> tuple[str, ...]:
    """Return the terms of two fields, with the stems labelled."""
    return *lemmas, *(f"{term} (stem)" for term in stems)


def print_conflation(path: Path) -> None:
    words = content_words(path)
    print(f"{path.name}: {len(words):,} pairs of form and lemma, {sum(words.values()):,} occurrences\n")
    print("| chain | P | R, other forms | without diacritics: P | R |\n|---|---|---|---|---|")
    for name, (of_text, of_query) in chains(Analyzer(), words).items():
        typed = conflation(words, of_text, of_query)
        bare = conflation(words, of_text, without_diacritics(of_query))
        figures = (typed.precision, typed.recall_of_others, bare.precision, bare.recall)
        print(f"| {name} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |")


def print_speed(path: Path) -> None:
    forms = [form for form, _, _ in read_conllu(path)]
    text = " ".join(forms)
    analyzer = Analyzer()
    for state in ("cold", "warm", "warm"):
        start_s = time.process_time()
        words = len(analyzer.analyze(text))
        print(f"{state}: {words / (time.process_time() - start_s):,.0f} words/s")


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TREEBANK
    print_conflation(path)
    print()
    print_speed(path)


if __name__ == "__main__":
    main()
