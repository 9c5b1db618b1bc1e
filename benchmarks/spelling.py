"""Spelling corrections: how often the first correction is the word that was meant, and the time it takes.

Usage: python -m benchmarks.spelling [--releases N] [--treebank FILE ...]

Words of the Latvian treebank (LVTB) with at least five letters are mistyped, and corrected by all its forms.
They are drawn uniformly from the vocabulary, and by their frequency in text. Time is measured on the forms of
N generated releases, whose words resemble each other more than those of a natural language.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.analysis import TREEBANK, read_conllu
from benchmarks.corpus import Corpus
from index.analysis.latvian.letters import fold
from index.suggest import Suggester

LETTERS = "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž"
WORD_MIN = 5
CASES = 3_000

Mistype = Callable[[str, random.Random], str]


def make_slip(word: str, chance: random.Random) -> str:
    """Return *word* with one slip anywhere: a wrong, missing or superfluous letter, or two swapped."""
    at = chance.randrange(len(word))
    match chance.choice(("wrong", "left out", "superfluous", "swapped")):
        case "wrong":
            return word[:at] + chance.choice(LETTERS) + word[at + 1 :]
        case "left out":
            return word[:at] + word[at + 1 :]
        case "superfluous":
            return word[:at] + chance.choice(LETTERS) + word[at:]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


MISTYPED: dict[str, Mistype] = {
    "one slip": make_slip,
    "one slip, no diacritics": lambda word, chance: fold(make_slip(word, chance)),
    "diacritics missing": lambda word, _: fold(word),
}


def forms(paths: Sequence[Path]) -> Counter[str]:
    """Count the words of treebanks, in lower case."""
    tokens = (form.lower() for path in paths for form, _, _ in read_conllu(path))
    return Counter(form for form in tokens if form.isalpha() and len(form) > 1)


def cases(
    vocabulary: Counter[str], mistype: Mistype, *, by_frequency: bool, chance: random.Random
) -> list[tuple[str, str]]:
    """Draw words and mistype them; drop those that happen to become another known word."""
    words = [form for form in vocabulary if len(form) >= WORD_MIN]
    weights = [vocabulary[form] for form in words] if by_frequency else None
    pairs = ((word, mistype(word, chance)) for word in chance.choices(words, weights, k=CASES))
    return [(word, typed) for word, typed in pairs if typed not in vocabulary]


def print_accuracy(known: Counter[str]) -> None:
    suggester = Suggester.of(known.items())
    print(f"{len(known):,} forms\n\n| % | first, uniform | among five | first, by frequency | among five |")
    print("|---|---|---|---|---|")
    for name, mistype in MISTYPED.items():
        row = []
        for by_frequency in (False, True):
            drawn = cases(known, mistype, by_frequency=by_frequency, chance=random.Random(11))
            corrections = [
                (word, [correction.word for correction in suggester.correct(typed)]) for word, typed in drawn
            ]
            row += [
                sum(words[:1] == [word] for word, words in corrections) / len(corrections),
                sum(word in words for word, words in corrections) / len(corrections),
            ]
        print(f"| {name} | " + " | ".join(f"{100 * share:.1f}" for share in row) + " |")


def print_speed(releases: int) -> None:
    known: Counter[str] = Counter()
    for release in Corpus().releases(releases):
        tokens = (*release.title_tokens.forms, *release.lead_tokens.forms, *release.body_tokens.forms)
        known.update({form for forms in tokens for form in forms.exact})
    start_s = time.process_time()
    suggester = Suggester.of(known.items())
    print(f"\n{len(known):,} forms of {releases:,} releases, ready in {time.process_time() - start_s:.1f} s")
    print("\n| ms of processor time | p50 | p95 | p99 |\n|---|---|---|---|")
    for name, mistype in MISTYPED.items():
        times_ms = []
        for _, typed in cases(known, mistype, by_frequency=True, chance=random.Random(12)):
            start_s = time.process_time()
            suggester.correct(typed)
            times_ms.append(1000 * (time.process_time() - start_s))
        times_ms.sort()
        quantiles = (times_ms[int(len(times_ms) * share)] for share in (0.5, 0.95, 0.99))
        print(f"| {name} | " + " | ".join(f"{ms:.2f}" for ms in quantiles) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=200_000, help="0 skips the time measurement")
    parser.add_argument(
        "--treebank",
        type=Path,
        nargs="+",
        default=[TREEBANK.with_name("lvtb-train.conllu.gz"), TREEBANK],
        help="CoNLL-U files, gzipped",
    )
    options = parser.parse_args()
    print_accuracy(forms(options.treebank))
    if options.releases:
        print_speed(options.releases)


if __name__ == "__main__":
    main()
