"""Relevance (nDCG, MRR, recall) on the judged queries and the sample releases, compared with other chains.

Usage: python -m benchmarks.relevance [--pin] [--size N ...]

Queries run as the page runs them, with sure corrections; those of kind `typo` also with "did you mean". The
command fails if a mean is below its floor. What a reader sees is measured too (`reader_measures.py`).
`--size` asks our chain again among as many releases, with those of `natural_corpus.py`, about which no query
was written, and shows the sizes beside each other. `--pin` writes floors.toml and scores.tsv beside the
queries; lowering a floor needs a decision record.
"""

import argparse
import hashlib
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from benchmarks.lucene import OneTermAnalyzer, stem
from benchmarks.natural_corpus import releases as natural_releases
from benchmarks.reader_measures import measure
from crawler.store import Attachment, Release, Store, release_id
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.evaluation.judged_queries import Judged, JudgedQuery, load
from index.evaluation.relevance import (
    KIND_MEASURE,
    MEASURES,
    QueryRunner,
    QueryScores,
    RankedAnswer,
    ShownAnswer,
    means,
    scores,
    scores_by_kind,
    shortfalls,
)
from index.indexing import abbreviations
from index.indexing.abbreviations import Definitions, Miner
from index.query import Synonyms
from samples.content import HERE as SAMPLES
from samples.content import SampleRelease, SampleSite, load_releases, load_sites, paragraphs, translations

JUDGED = Path(__file__).parents[1] / "tests" / "judged"
# The queries that the ranking was chosen with, those that were judged before they were asked, and those in
# other words with which the related words were developed; those of readers; those by which the line was
# checked once it was chosen on the others; and those of the same persons as the readers, in three languages.
SETS = {
    "known": JUDGED / "queries.toml",
    "unseen": JUDGED / "unseen.toml",
    "paraphrased": JUDGED / "paraphrased.toml",
    "readers": JUDGED / "readers.toml",
    "line": JUDGED / "line.toml",
    "persons": JUDGED / "persons.toml",
}
FLOORS, SCORES = JUDGED / "floors.toml", JUDGED / "scores.tsv"
SAMPLE_COUNT = sum(len(load_releases(SAMPLES / "releases" / site.id)) for site in load_sites().sites)
# The day of the queries, so that "last week" means the same on every run.
TODAY = date(2026, 11, 1)
SEEN = datetime(2026, 9, 1, tzinfo=UTC)
# Margins of the floors below the measured values: another machine may break ties differently, and a change
# that lifts the mean may cost a kind a little.
SLACK, KIND_SLACK = 0.005, 0.02


def load_queries(name: str = "known") -> Sequence[JudgedQuery]:
    """Read the judged queries of the set *name*, with the best grade of each cluster of translations."""
    return [_grade_clusters(judged) for judged in load(SETS[name]).queries]


def _grade_clusters(judged: JudgedQuery) -> JudgedQuery:
    grades: dict[str, int] = {}
    for name, grade in judged.judgements.items():
        cluster = name_of_cluster(name)
        grades[cluster] = max(grade, grades.get(cluster, 0))
    return judged.model_copy(update={"judgements": grades})


def name_of_cluster(name: str) -> str:
    """Return the name of the first of the release *name*, `site/file`, and its translations."""
    return _clusters().get(name, name)


@cache
def _clusters() -> Mapping[str, str]:
    """Return the name of the cluster of each release with translations."""
    found = {}
    for site in load_sites().sites:
        samples = load_releases(SAMPLES / "releases" / site.id)
        of = {id(sample): f"{site.id}/{name}" for name, sample in samples.items()}
        for name in samples:
            own = f"{site.id}/{name}"
            found[own] = min([own, *(of[id(other)] for other in translations(samples, name))])
    return found


def load_judged(name: str) -> Judged:
    """Read the judged queries of the set *name* with their pinned floors."""
    pinned = tomllib.loads(FLOORS.read_text(encoding="utf-8")).get(name, {})
    return Judged(queries=load_queries(name), **pinned)


def fingerprint() -> str:
    """Return a digest of the queries, their grades and the sample releases."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in SETS.values()))
    for path in sorted((SAMPLES / "releases").rglob("*.toml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


# --- The corpus, indexed -------------------------------------------------------------------------


class SampleCorpus:
    """The sample releases of the first day, stored in *folder* and indexed by each chain.

    Near-duplicates are not collapsed, so that each is ranked and judged by itself; translations are, as the
    page shows them. It has *others* besides.
    """

    def __init__(self, folder: Path, others: Iterable[Release] = ()) -> None:
        self._folder = folder
        self.names: dict[str, str] = {}
        """Maps the id of a release to `site/file`, that of a translation to the name of its cluster."""
        with Store(folder / "releases.sqlite3") as store:
            for site in load_sites().sites:
                samples = load_releases(SAMPLES / "releases" / site.id)
                for name, sample in samples.items():
                    release = _release(site, sample, translations(samples, name))
                    store.save(release, seen=SEEN)
                    id_ = release_id(release.site, release.url)
                    self.names[id_] = name_of_cluster(f"{site.id}/{name}")
            first = {name: id_ for id_, name in reversed(self.names.items())}
            for id_, name in self.names.items():
                store.set_cluster(id_, first[name], seen=SEEN)
            with store.transaction():
                for release in others:
                    store.save(release, seen=SEEN)
                    id_ = release_id(release.site, release.url)
                    self.names[id_] = id_

    def names_of_abbreviations(self) -> Mapping[str, Sequence[str]]:
        """Return the full names of abbreviations, as mined from the releases."""
        miner = Miner()
        with Store.open_readonly(self._folder / "releases.sqlite3") as store:
            for stored in store.changes_since(0):
                miner.add(stored.id, stored.release.lead + "\n" + stored.release.body)
        Definitions(tuple(miner.definitions())).write(self._folder / abbreviations.FILE)
        return abbreviations.read_expansions(self._folder / abbreviations.FILE)

    def engine(self, name: str, analyzer: Analyzer) -> WhooshEngine:
        """Return an engine on the corpus, indexed by *analyzer*."""
        folder = self._folder / name
        folder.mkdir()
        with Store.open_readonly(self._folder / "releases.sqlite3") as store:
            build(folder, store, analyzer)
        return WhooshEngine(folder)


def _release(site: SampleSite, sample: SampleRelease, others: Sequence[SampleRelease]) -> Release:
    return Release(
        url=_address(site, sample),
        translations=tuple(_address(site, other) for other in others),
        site=site.id,
        ministry=site.institution,
        language=sample.language,
        title=sample.title,
        lead=sample.lead,
        body="\n\n".join(" ".join(lines) for lines in paragraphs(sample.body)),
        contact=sample.contact,
        published=sample.published,
        published_source="time",
        published_confidence="high",
        attachments=tuple(Attachment(url=file.path, title=file.title) for file in sample.attachments),
    )


def _address(site: SampleSite, sample: SampleRelease) -> str:
    return f"https://{site.id}.example{sample.path}"


# --- Running the queries -------------------------------------------------------------------------


def query_runner(corpus: SampleCorpus, name: str, analyzer: Analyzer) -> QueryRunner:
    """Return a runner of queries on *corpus*, indexed by the chain *name*."""
    synonyms = Synonyms(corpus.names_of_abbreviations(), analyzer)
    engine = corpus.engine(name, analyzer)
    return QueryRunner(engine, analyzer, synonyms, today=TODAY, name_of=corpus.names.__getitem__)


def run_ours(folder: Path, queries: Sequence[JudgedQuery], *, size: int = 0) -> dict[str, ShownAnswer]:
    """Return our answers to *queries*, by text; with *size*, among that many releases."""
    ours = query_runner(
        SampleCorpus(folder, natural_releases(max(0, size - SAMPLE_COUNT))), "ours", Analyzer()
    )
    return {judged.text: ours.run(judged) for judged in queries}


CHAINS: dict[str, Callable[[], Analyzer]] = {
    "ours": Analyzer,
    "Lucene": lambda: OneTermAnalyzer(stem),
    "no stemming": lambda: OneTermAnalyzer(lambda word: word),
}


# --- The report ----------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pin", action="store_true", help="pin the measured values as the new floors")
    parser.add_argument("--size", type=int, nargs="*", default=[], metavar="N", help="also among N releases")
    arguments = parser.parse_args()
    pinning = arguments.pin
    sets = {name: load_queries(name) for name in SETS}
    answers = _run_chains([judged for queries in sets.values() for judged in queries])
    ours: dict[str, QueryScores] = {}
    print(f"fingerprint {fingerprint()}")
    for name, queries in sets.items():
        measured = {chain: scores(queries, _pick(queries, by_text)) for chain, by_text in answers.items()}
        ours[name] = measured["ours"]
        _show_means(name, queries, measured)
        _show_queries(queries, measured, answers)
    everywhere = {SAMPLE_COUNT: answers["ours"]} | {size: _run_among(size, sets) for size in arguments.size}
    _show_sizes(sets, everywhere)
    _show_changes({text: values for measured in ours.values() for text, values in measured.items()})
    if pinning:
        _pin(sets, ours)
    below = [line for name in SETS for line in shortfalls(sets[name], ours[name], load_judged(name))]
    print("".join(f"\n{line}" for line in below))
    return int(bool(below))


def _run_among(size: int, sets: Mapping[str, Sequence[JudgedQuery]]) -> dict[str, ShownAnswer]:
    with tempfile.TemporaryDirectory() as folder:
        asked = [judged for queries in sets.values() for judged in queries]
        return run_ours(Path(folder), asked, size=size)


def _show_sizes(
    sets: Mapping[str, Sequence[JudgedQuery]], answers: Mapping[int, Mapping[str, ShownAnswer]]
) -> None:
    """Print what a reader sees of the answers to each set, by the number of releases."""
    print("\nOurs, by the number of releases\n")
    columns = ("nDCG@10", "first ten", "above line", "unexplained", "total", "near")
    print(f"{'':12}{'among':>8}" + "".join(f"{column:>12}" for column in columns))
    for name, queries in sets.items():
        for size, by_text in answers.items():
            picked = _pick(queries, by_text)
            ndcg = means(scores(queries, picked))[KIND_MEASURE]
            shown = measure(queries, picked, Analyzer())
            shares = (ndcg, shown.precision, shown.above, shown.unexplained)
            print(f"{name:12}{size:8,}" + "".join(f"{share:12.3f}" for share in shares), end="")
            print(f"{shown.totals:12.0f}{shown.near:12.0f}")


def _run_chains(queries: Sequence[JudgedQuery]) -> dict[str, dict[str, ShownAnswer]]:
    """Return the answers of each chain, by text of the query."""
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = SampleCorpus(Path(folder))
        for name, analyzer in CHAINS.items():
            chain = query_runner(corpus, name, analyzer())
            answers[name] = {judged.text: chain.run(judged) for judged in queries}
    return answers


def _pick(queries: Sequence[JudgedQuery], answers: Mapping[str, ShownAnswer]) -> dict[str, ShownAnswer]:
    return {judged.text: answers[judged.text] for judged in queries}


def _show_means(name: str, queries: Sequence[JudgedQuery], measured: Mapping[str, QueryScores]) -> None:
    print(f"\n{len(queries)} {name} queries\n\n{'':12}" + "".join(f"{measure:>12}" for measure in MEASURES))
    for chain, by_text in measured.items():
        print(f"{chain:12}" + "".join(f"{value:12.3f}" for value in means(by_text).values()))
    print(f"\n{KIND_MEASURE:12}" + "".join(f"{chain:>12}" for chain in measured))
    by_kind = {chain: scores_by_kind(queries, by_text) for chain, by_text in measured.items()}
    for kind, texts in by_kind["ours"].items():
        row = (means(kinds[kind])[KIND_MEASURE] for kinds in by_kind.values())
        print(f"{kind:12}" + "".join(f"{value:12.3f}" for value in row) + f"{len(texts):6}")


def _show_queries(
    queries: Sequence[JudgedQuery],
    measured: Mapping[str, QueryScores],
    answers: Mapping[str, Mapping[str, RankedAnswer]],
) -> None:
    print("\nQuery by query, nDCG@10 (" + ", ".join(measured) + "); -> the corrected query")
    for judged in queries:
        row = " ".join(f"{by_text[judged.text]['nDCG@10']:.2f}" for by_text in measured.values())
        helped = answers["ours"][judged.text].helped_by
        print(f"  {row}  {judged.text}" + (f"  -> {helped}" if helped else ""))


def _show_changes(ours: QueryScores) -> None:
    before = _pinned_scores()
    print("\nChanged since the floors were pinned:")
    changed = [
        f"  {before[text]:.3f} -> {values['nDCG@10']:.3f}  {text}"
        for text, values in ours.items()
        if text in before and abs(before[text] - values["nDCG@10"]) > 0.0005
    ]
    print("\n".join(changed) or "  nothing")


def _pinned_scores() -> dict[str, float]:
    if not SCORES.is_file():
        return {}
    rows = (line.split("\t") for line in SCORES.read_text(encoding="utf-8").splitlines())
    return {text: float(score) for score, text in rows}


def _pin(sets: Mapping[str, Sequence[JudgedQuery]], ours: Mapping[str, QueryScores]) -> None:
    lines = [
        "# The lowest acceptable relevance; written by `python -m benchmarks.relevance --pin`.",
        f'fingerprint = "{fingerprint()}"  # of the queries and the sample releases',
    ]
    for name, queries in sets.items():
        floors = {measure: value - SLACK for measure, value in means(ours[name]).items()}
        by_kind = scores_by_kind(queries, ours[name])
        floors_by_kind = {kind: means(of)[KIND_MEASURE] - KIND_SLACK for kind, of in by_kind.items()}
        lines += [f"\n[{name}.floors]", *_describe_floors(floors.items())]
        lines += [f"\n[{name}.floors_by_kind]  # {KIND_MEASURE}", *_describe_floors(floors_by_kind.items())]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = (
        f"{values[KIND_MEASURE]:.4f}\t{text}\n"
        for measured in ours.values()
        for text, values in measured.items()
    )
    SCORES.write_text("".join(rows), encoding="utf-8")


def _describe_floors(floors: Iterable[tuple[str, float]]) -> list[str]:
    return [f'"{name}" = {max(value, 0):.3f}' for name, value in floors]


if __name__ == "__main__":
    sys.exit(main())
