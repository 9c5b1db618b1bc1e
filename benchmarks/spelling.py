"""Spelling corrections: how often the first correction is the word that was meant, and the time it takes.

Usage: python -m benchmarks.spelling [--releases N] [--queries-only] [--treebank FILE ...]

Judged queries with a typo in one word are searched in the sample releases as the page does, sure corrections
included; so are surnames that no release has, which must not become other words.

Words of the Latvian treebank (LVTB) with at least five letters are mistyped, and corrected by all its forms.
They are drawn uniformly from the vocabulary, and by their frequency in text. Time is measured on the forms of
N generated releases, whose words resemble each other more than those of a natural language.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from benchmarks.analysis import TREEBANK, read_conllu
from benchmarks.corpus import Corpus
from benchmarks.relevance import SampleCorpus, load_queries
from index.analysis import Analyzer
from index.analysis.latvian.letters import fold
from index.engines.whoosh.engine import WhooshEngine
from index.query import Query, parse, pieces
from index.suggest import Suggester, Suggestion, did_you_mean, sure_correction

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


# --- Whole queries ---------------------------------------------------------------------------------

# Common surnames and given names, as typed by someone who looks for a person; none is in the sample releases.
SURNAMES = (
    "Levits Siliņa Kariņš Rinkēvičs Bērziņš Kalniņš Ozoliņš Jansons Ozols Liepiņš Krūmiņš Balodis "
    "Eglītis Zariņš Pētersons Vītols Kļaviņš Vanags Kārkliņš Vītoliņš Lapiņš Sproģis Grīnbergs "
    "Straume Apinis Strazdiņš Rozītis Zvirbulis Lācis Ābols Skujiņa Dzenis Gulbis Cīrulis Briedis "
    "Podnieks Freimanis Muižnieks Dombrovska Reirs Valainis Spruds Bergmane Čakša Šuplinska Linkaits "
    "Puntulis Gerhards Plešs Eglīte Pavļuts Muceniece Bordāns Krištopāns Šķēle Godmanis Kučinskis "
    "Dombrava Vējonis Zatlers "
).split()
MISTYPED_QUERIES = 200
DAY = date(2026, 11, 1)


class Asked(NamedTuple):
    """A query as typed, and the releases that answer it best."""

    text: str
    best: frozenset[str]


@dataclass(frozen=True, slots=True)
class SampleSearch:
    """Searches the sample releases as the page does."""

    engine: WhooshEngine
    analyzer: Analyzer
    names: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path) -> "SampleSearch":
        """Index the sample releases in *folder*."""
        analyzer = Analyzer()
        corpus = SampleCorpus(folder)
        return cls(corpus.engine("ours", analyzer), analyzer, corpus.names)

    def suggest(self, text: str) -> Suggestion | None:
        """Return what may have been meant by *text*."""
        return did_you_mean(text, self.engine.suggester(), self._count)

    def correct(self, text: str) -> Suggestion | None:
        """Return the correction of *text* that is searched at once."""
        return sure_correction(text, self.engine.suggester(), self._count, self.analyzer.is_in_dictionary)

    def first(self, text: str) -> str:
        """Return the first release, after a sure correction."""
        correction = self.correct(text)
        hits = self.engine.search(self._parse(correction.text if correction else text)).hits
        return self.names[hits[0].id] if hits else ""

    def _count(self, text: str) -> int:
        return self.engine.count(self._parse(text))

    def _parse(self, text: str) -> Query:
        return parse(text, analyzer=self.analyzer, today=DAY, per_page=10)


def mistyped_queries(search: SampleSearch, *, chance: random.Random) -> list[Asked]:
    """Mistype one word of judged queries whose first release is right; a slip may not yield a known word."""
    asked = [
        Asked(judged.text, frozenset(_best(judged.judgements)))
        for judged in load_queries()
        if judged.kind not in ("typo", "exact", "acronym", "date")
    ]
    right = [item for item in asked if search.first(item.text) in item.best]
    found: list[Asked] = []
    while len(found) < MISTYPED_QUERIES:
        text, best = chance.choice(right)
        words = [piece for piece in pieces(text) if piece.word.isalpha() and len(piece.word) >= WORD_MIN]
        if not words:
            continue
        piece = chance.choice(words)
        slip = make_slip(piece.word, chance)
        if slip[:1].isupper() or search.engine.suggester().knows(slip):
            continue
        found.append(Asked(text[: piece.end - len(piece.word)] + slip + text[piece.end :], best))
    return found


def _best(judgements: Mapping[str, int]) -> Iterator[str]:
    most = max(judgements.values())
    return (name for name, grade in judgements.items() if grade == most)


def print_queries() -> None:
    with tempfile.TemporaryDirectory() as folder:
        search = SampleSearch.of(Path(folder))
        asked = mistyped_queries(search, chance=random.Random(13))
        missed = [item for item in asked if search.first(item.text) not in item.best]
        offered = {name: item.text for name in SURNAMES if (item := search.suggest(name))}
        typed = (*SURNAMES, *map(str.lower, SURNAMES))
        taken = {name: item.text for name in typed if (item := search.correct(name))}
    print(f"{len(asked)} queries with one typo: right release first in {1 - len(missed) / len(asked):.1%}")
    print("".join(f"  {item.text}\n" for item in missed))
    print(f"{len(SURNAMES)} names: offered instead {offered}; taken for {taken}\n")


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
    parser.add_argument("--queries-only", action="store_true", help="do not measure single words")
    options = parser.parse_args()
    print_queries()
    if options.queries_only:
        return
    print_accuracy(forms(options.treebank))
    if options.releases:
        print_speed(options.releases)


if __name__ == "__main__":
    main()
