"""Writes homographs-lv.tsv in index/analysis/latvian/data/ from the train part of the Latvian treebank.

Usage: python -m benchmarks.homographs path/to/lvtb-train.conllu.gz
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.analysis import read_conllu
from index.analysis.latvian.lemmatizer import HOMOGRAPHS, Lemmatizer
from index.analysis.latvian.letters import fold

# Chosen on lvtb-dev: with at least 6 occurrences, recall does not fall; a lemma below 2 % hardly occurs.
SEEN_MIN = 6
SHARE_MIN = 0.02

_HEADER = """\
# Forms that the dictionary gives several lemmas, and the lemmas (without diacritics) that they are used for.
# Made by benchmarks/homographs.py from the Latvian treebank LVTB. CC BY-SA 4.0, see LICENSE.txt.
"""


def main() -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for form, lemma, _ in read_conllu(Path(sys.argv[1])):
        counts[form.lower()][fold(lemma.lower())] += 1
    rows = sorted(f"{form}\t{' '.join(lemmas)}\n" for form, lemmas in usual_lemmas(counts))
    HOMOGRAPHS.write_text(_HEADER + "".join(rows), "utf-8")


def usual_lemmas(counts: dict[str, Counter[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield forms with a lemma that hardly occurs, each with its other lemmas."""
    lemmatizer = Lemmatizer()
    for form, seen in counts.items():
        possible = lemmatizer.possible(form)
        total = sum(seen[lemma] for lemma in possible)
        usual = [lemma for lemma in possible if seen[lemma] >= SHARE_MIN * total]
        kept = [lemma for lemma in possible if any(_are_singular_and_plural(lemma, other) for other in usual)]
        if total >= SEEN_MIN and len(kept) < len(possible):
            yield form, kept


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
