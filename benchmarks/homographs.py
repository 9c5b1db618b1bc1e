"""Writes homographs-lv.tsv in index/analysis/latvian/data/ from the train part of the Latvian treebank.

Usage: python -m benchmarks.homographs path/to/lvtb-train.conllu.gz
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.analysis import read_conllu
from index.analysis.latvian.lemmatizer import HOMOGRAPHS, STEM, Lemmatizer
from index.analysis.latvian.letters import fold

# Chosen on lvtb-dev: with at least 6 occurrences, recall does not fall; a lemma below 2 % hardly occurs.
SEEN_MIN = 6
SHARE_MIN = 0.02
UNINFLECTED = frozenset(("ADV", "ADP", "PART", "CCONJ", "SCONJ"))
OF_PARTICIPLE = re.compile("(?:t|oš|[aā]m)i$").search

_HEADER = """\
# Forms that the dictionary gives several lemmas, and the lemmas (without diacritics) that they are used for;
# words without other forms that it takes for a form of another word: =.
# Made by benchmarks/homographs.py from the Latvian treebank LVTB. CC BY-SA 4.0, see LICENSE.txt.
"""


def main() -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    uses: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    forms_of: dict[str, set[str]] = defaultdict(set)
    for form, lemma, part in read_conllu(Path(sys.argv[1])):
        counts[form.lower()][fold(lemma.lower())] += 1
        uses[form.lower()][lemma.lower(), part in UNINFLECTED] += 1
        forms_of[lemma.lower()].add(form.lower())
    alone = [form for form in uninflected(uses) if forms_of[form] == {form}]
    found = {**dict(usual_lemmas(counts)), **{form: ["="] for form in alone}}
    rows = sorted(f"{form}\t{' '.join(lemmas)}\n" for form, lemmas in found.items())
    HOMOGRAPHS.write_text(_HEADER + "".join(rows), "utf-8")


def usual_lemmas(counts: dict[str, Counter[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield forms with a lemma that hardly occurs, each with its other lemmas."""
    lemmatizer = Lemmatizer()
    for form, seen in counts.items():
        possible = list(dict.fromkeys(map(fold, lemmatizer.possible(form))))
        total = sum(seen[lemma] for lemma in possible)
        usual = [lemma for lemma in possible if seen[lemma] >= SHARE_MIN * total]
        kept = [lemma for lemma in possible if any(_are_singular_and_plural(lemma, other) for other in usual)]
        if total >= SEEN_MIN and len(kept) < len(possible):
            yield form, kept


def uninflected(uses: dict[str, Counter[tuple[str, bool]]]) -> Iterator[str]:
    """Yield adverbs and the like that the dictionary takes for a form of another word: kopā of kopa.

    *uses* are the lemmas of each form, and whether they are of UNINFLECTED parts of speech. An adverb of an
    adjective or participle, such as droši and atkārtoti, means what that does.
    """
    lemmatizer = Lemmatizer()
    for form, seen in uses.items():
        possible = lemmatizer.possible(form)
        total = seen.total()
        is_known = not any(lemma.startswith(STEM) for lemma in possible)
        is_formed = any(lemma[:-1] == form[:-1] and lemma[-1] in "sš" for lemma in possible)
        is_alone = total >= SEEN_MIN and seen[form, True] >= (1 - SHARE_MIN) * total
        if is_alone and is_known and form not in possible and not (is_formed or OF_PARTICIPLE(form)):
            yield form


def _are_singular_and_plural(lemma: str, other: str) -> bool:
    """Return whether two lemmas are a word and its plural: atkritums, atkritumi; attiecība, attiecības."""
    short, long = sorted((lemma, other), key=len)
    return (
        lemma == other
        or long == f"{short}s"
        or (lemma[:-1] == other[:-1] and {lemma[-1], other[-1]} == {"i", "s"})
    )


if __name__ == "__main__":
    main()
