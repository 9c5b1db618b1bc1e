"""Completions: how often the wanted one is among the first five, whether all have hits, and the time.

Usage: python -m benchmarks.completions [--index FOLDER]

The prefixes of tests/judged/completions.toml are completed over the sample releases. The command fails if the
share is below the floor of that file. Time is measured on the index in FOLDER, if given.
"""

import argparse
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from benchmarks.relevance import JUDGED, SampleCorpus
from crawler.config import Section
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.evaluation.judged_queries import Floor
from index.query import Filters, parse
from index.suggest import Completion

COMPLETIONS = JUDGED / "completions.toml"
DEPTH = 5
# Compared as written; all other kinds without case.
_CASED = ("name", "acronym", "institution", "title")


class JudgedCompletion(Section):
    """A typed text, and the completion that it should get."""

    typed: str
    kind: Literal["name", "acronym", "institution", "phrase", "word", "title", "english", "russian"]
    wanted: Annotated[tuple[str, ...], Field(min_length=1)]

    def is_met_by(self, completions: Sequence[Completion]) -> bool:
        """Return whether one of the first *completions* is wanted."""
        offered = [completion.text for completion in completions[:DEPTH]]
        if self.kind not in _CASED:
            return not {text.lower() for text in offered}.isdisjoint(text.lower() for text in self.wanted)
        return not set(offered).isdisjoint(self.wanted)


class JudgedCompletions(Section):
    """The file of judged completions."""

    completions: Annotated[tuple[JudgedCompletion, ...], Field(alias="completion", min_length=1)]
    floor: Floor
    """The lowest acceptable share of met completions."""


@dataclass(frozen=True, slots=True)
class CompletionReport:
    """The completions of all judged prefixes."""

    offered: dict[str, tuple[Completion, ...]]
    """By prefix."""
    met: frozenset[str]
    """The prefixes whose wanted completion is among the first five."""
    without_hits: tuple[Completion, ...]

    @property
    def share(self) -> float:
        """The share of prefixes that are met."""
        return len(self.met) / len(self.offered)


def load_completions() -> JudgedCompletions:
    """Read the judged completions."""
    return JudgedCompletions.model_validate(tomllib.loads(COMPLETIONS.read_text(encoding="utf-8")))


def measure(engine: WhooshEngine, analyzer: Analyzer, judged: Sequence[JudgedCompletion]) -> CompletionReport:
    """Complete the prefixes of *judged* over *engine*."""
    completer = engine.completer()
    offered = {item.typed: completer.complete(item.typed) for item in judged}
    every = {completion for completions in offered.values() for completion in completions}

    def has_hits(completion: Completion) -> bool:
        text, filters = completion.text, Filters()
        if completion.filter:
            text, filters = "", Filters().choose({completion.filter: (completion.text,)})
        return engine.count(parse(text, analyzer=analyzer, today=date(2026, 11, 1), filters=filters)) > 0

    return CompletionReport(
        offered=offered,
        met=frozenset(item.typed for item in judged if item.is_met_by(offered[item.typed])),
        without_hits=tuple(completion for completion in every if not has_hits(completion)),
    )


def over_samples(folder: Path) -> CompletionReport:
    """Index the sample releases in *folder*, and complete all judged prefixes."""
    analyzer = Analyzer()
    engine = SampleCorpus(folder).engine("ours", analyzer)
    return measure(engine, analyzer, load_completions().completions)


def print_report(report: CompletionReport, judged: Sequence[JudgedCompletion]) -> None:
    for item in judged:
        if item.typed not in report.met:
            texts = ", ".join(completion.text for completion in report.offered[item.typed][:DEPTH])
            print(f"  {item.typed!r}: {item.wanted[0]!r} is not among: {texts}")
    for completion in report.without_hits:
        print(f"  without hits: {completion.text!r}")
    kinds = Counter(item.kind for item in judged)
    met = Counter(item.kind for item in judged if item.typed in report.met)
    print("\n| kind | prefixes | among five |\n|---|---|---|")
    for kind, count in kinds.items():
        print(f"| {kind} | {count} | {100 * met[kind] / count:.0f} % |")
    print(f"| all | {len(judged)} | {100 * report.share:.1f} % |")


def print_speed(folder: Path) -> None:
    """Complete the beginnings of titles of the index in *folder*, letter by letter."""
    engine = WhooshEngine(folder, Analyzer())
    completer = engine.completer()
    titles = [completion.text for letter in "abdgkmnprstv" for completion in completer.complete(letter)]
    prefixes = [title[:end] for title in titles for end in range(2, min(len(title), 40))]
    for prefix in prefixes:  # maps the files and fills the caches, as a running service has
        completer.complete(prefix)
    times_ms = []
    for prefix in prefixes:
        start_s = time.process_time()
        completer.complete(prefix)
        times_ms.append(1000 * (time.process_time() - start_s))
    times_ms.sort()
    quantiles = (times_ms[int(len(times_ms) * share)] for share in (0.5, 0.95, 0.99))
    print(f"\n{len(prefixes):,} prefixes over {engine.info().documents:,} releases")
    print("\n| ms of processor time | p50 | p95 | p99 |\n|---|---|---|---|")
    print("| complete | " + " | ".join(f"{ms:.2f}" for ms in quantiles) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path, help="the folder of an index, to measure the time on")
    options = parser.parse_args()
    judged = load_completions()
    with tempfile.TemporaryDirectory() as folder:
        report = over_samples(Path(folder))
    print_report(report, judged.completions)
    if options.index:
        print_speed(options.index)
    if report.share < judged.floor or report.without_hits:
        sys.exit(1)


if __name__ == "__main__":
    main()
