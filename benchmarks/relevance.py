"""Relevance (nDCG, MRR, recall) on the judged queries and the sample releases, compared with other chains.

Usage: python -m benchmarks.relevance [--pin]

Queries of kind `typo` run as "did you mean" corrects them, all others as typed. `--pin` writes floors.toml
and scores.tsv beside the queries; lowering a floor needs a decision record.
"""

import argparse
import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import fmean

from benchmarks.lucene import OneTermAnalyzer, stem
from crawler.store import Attachment, Release, Store, release_id
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build
from index.evaluation.judged_queries import JudgedQuery, load
from index.evaluation.relevance import MEASURES, QueryRunner, QueryScores, RankedAnswer, means, scores
from index.indexing import abbreviations
from index.indexing.abbreviations import Definitions, Miner
from index.query import Synonyms
from samples.content import HERE as SAMPLES
from samples.content import SampleRelease, SampleSite, load_releases, load_sites, paragraphs, translations

JUDGED = Path(__file__).parents[1] / "tests" / "judged"
QUERIES, FLOORS, SCORES = JUDGED / "queries.toml", JUDGED / "floors.toml", JUDGED / "scores.tsv"
# The day of the queries, so that "last week" means the same on every run.
TODAY = date(2026, 11, 1)
# Margin of the floors below the measured values, because another machine may break ties differently.
SLACK = 0.005


def load_queries() -> Sequence[JudgedQuery]:
    """Read the judged queries."""
    return load(QUERIES).queries


def fingerprint() -> str:
    """Return a digest of the queries, their grades and the sample releases."""
    digest = hashlib.sha256(QUERIES.read_bytes())
    for path in sorted((SAMPLES / "releases").rglob("*.toml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


# --- The corpus, indexed -------------------------------------------------------------------------


class SampleCorpus:
    """The sample releases of the first day, stored in *folder* and indexed by each chain.

    Near-duplicates are not collapsed, so that each is ranked and judged by itself.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: dict[str, str] = {}
        """Maps the id of a release to `site/file`."""
        with Store(folder / "releases.sqlite3") as store:
            for site in load_sites().sites:
                samples = load_releases(SAMPLES / "releases" / site.id)
                for name, sample in samples.items():
                    release = _release(site, sample, translations(samples, name))
                    store.save(release, seen=datetime(2026, 9, 1, tzinfo=UTC))
                    self.names[release_id(release.site, release.url)] = f"{site.id}/{name}"

    def names_of_abbreviations(self) -> Mapping[str, Sequence[str]]:
        """Return the names that abbreviations stand for, as mined from the releases."""
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


def run_ours(folder: Path, queries: Sequence[JudgedQuery]) -> dict[str, RankedAnswer]:
    """Return our answers to *queries*, by text."""
    ours = query_runner(SampleCorpus(folder), "ours", Analyzer())
    return {judged.text: ours.run(judged) for judged in queries}


CHAINS: dict[str, Callable[[], Analyzer]] = {
    "ours": Analyzer,
    "Lucene": lambda: OneTermAnalyzer(stem),
    "no stemming": lambda: OneTermAnalyzer(lambda word: word),
}


# --- The report ----------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pin", action="store_true", help="pin the measured values as the new floors")
    queries = load_queries()
    answers: dict[str, dict[str, RankedAnswer]] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = SampleCorpus(Path(folder))
        for name, analyzer in CHAINS.items():
            chain = query_runner(corpus, name, analyzer())
            answers[name] = {judged.text: chain.run(judged) for judged in queries}
    measured = {name: scores(queries, by_text) for name, by_text in answers.items()}
    _show_means(queries, measured)
    _show_queries(queries, measured, answers)
    _show_changes(measured["ours"])
    if parser.parse_args().pin:
        _pin(measured["ours"])


def _show_means(queries: Sequence[JudgedQuery], measured: Mapping[str, QueryScores]) -> None:
    kinds = defaultdict(list)
    for judged in queries:
        kinds[judged.kind].append(judged.text)
    print(f"{len(queries)} queries, fingerprint {fingerprint()}")
    print(f"\n{'':12}" + "".join(f"{name:>12}" for name in MEASURES))
    for name, by_text in measured.items():
        print(f"{name:12}" + "".join(f"{value:12.3f}" for value in means(by_text).values()))
    print(f"\n{'nDCG@10':12}" + "".join(f"{name:>12}" for name in measured))
    for kind, texts in kinds.items():
        row = (fmean(by_text[text]["nDCG@10"] for text in texts) for by_text in measured.values())
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


def _pin(ours: QueryScores) -> None:
    lines = [
        "# The lowest acceptable relevance; written by `python -m benchmarks.relevance --pin`.",
        f'fingerprint = "{fingerprint()}"  # of the queries and the sample releases',
        "",
        "[floors]",
        *(f'"{name}" = {value - SLACK:.3f}' for name, value in means(ours).items()),
    ]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = (f"{values['nDCG@10']:.4f}\t{text}\n" for text, values in ours.items())
    SCORES.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
