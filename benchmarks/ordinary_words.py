"""Writes words.tsv in index/query/data/ordinary/: how frequent words are in ordinary language.

Usage: pip install wordfreq==3.1.1; python -m benchmarks.ordinary_words

The frequencies of word forms are those of wordfreq, in Latvian, English and Russian, added up by lemma; those
of Latvian are joined by the sentences of the treebank in `natural_text/`, whichever says more. A lemma of
several forms shares what a form that belongs to several lemmas has. Nothing of it is needed to search.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain

from benchmarks.natural_corpus import paragraphs
from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.latvian.tokenizer import TOKEN
from index.query.specificity import WORDS, ZIPF_MIN

_HEADER = """\
# Lemmas with their frequency in ordinary language: ten times the logarithm of their occurrences
# per 1,000 million words.
# Made by benchmarks/ordinary_words.py. CC BY-SA 4.0, see LICENSE.txt.
"""
_LANGUAGES: tuple[Language, ...] = ("lv", "en", "ru")


def main() -> None:
    analyzer = Analyzer()
    found: dict[str, float] = {}
    for language in _LANGUAGES:
        shares = lemma_shares(form_shares(language), language, analyzer)
        if language == "lv":
            others = lemma_shares(treebank_shares(), language, analyzer)
            shares = {lemma: max(shares.get(lemma, 0), others.get(lemma, 0)) for lemma in {*shares, *others}}
        for lemma, share in shares.items():
            found[lemma] = max(share, found.get(lemma, 0))
    zipfs = {lemma: math.log10(share) + 9 for lemma, share in found.items()}
    rows = [f"{lemma}\t{zipf * 10:.0f}\n" for lemma, zipf in sorted(zipfs.items()) if zipf >= ZIPF_MIN]
    WORDS.parent.mkdir(parents=True, exist_ok=True)
    WORDS.write_text(_HEADER + "".join(rows), "utf-8")


def form_shares(language: Language) -> Mapping[str, float]:
    """Return the share of each word form among all words of *language*, by wordfreq."""
    from wordfreq import get_frequency_dict  # type: ignore[import-not-found]  # noqa: PLC0415  # not a dependency

    shares: Mapping[str, float] = get_frequency_dict(language)
    return shares


def treebank_shares() -> Mapping[str, float]:
    """Return the share of each word form among all words of the treebank; forms met once are left out."""
    sentences = chain.from_iterable(paragraphs())
    forms = Counter(match[0].lower() for sentence in sentences for match in TOKEN.finditer(sentence))
    total = forms.total()
    return {form: count / total for form, count in forms.items() if count > 1}


def lemma_shares(forms: Mapping[str, float], language: Language, analyzer: Analyzer) -> Mapping[str, float]:
    """Return the shares of the lemmas to which *forms* belong, the first of each form counted."""
    shares: dict[str, float] = defaultdict(float)
    for form, share in forms.items():
        for lemma in analyzer.forms(form, language).lemma[:1]:
            shares[lemma] += share
    return shares


if __name__ == "__main__":
    main()
