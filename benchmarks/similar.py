"""Relevance of the similar releases: nDCG@5 on the sample releases with graded neighbours.

Usage: python -m benchmarks.similar

The neighbours in tests/judged/similar.toml were graded by reading. A release without neighbours
should show none. The command fails if the mean is below the floor of that file.
"""

import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated

import ir_measures
from pydantic import ConfigDict, Field

from benchmarks.relevance import JUDGED, SampleCorpus, name_of_cluster
from crawler.config import Section
from index.analysis import Analyzer
from index.evaluation.judged_queries import Floor, Grade

SIMILAR = JUDGED / "similar.toml"
DEPTH = 5


class JudgedRelease(Section):
    """A release, and the grades of its neighbours."""

    id: str
    """`site/file`, as in the judged queries."""
    title: str
    neighbours: Mapping[str, Grade]
    """Grades from 1 to 3; all other releases have grade 0."""


class JudgedReleases(Section):
    """The file of graded neighbours."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    releases: Annotated[tuple[JudgedRelease, ...], Field(alias="release", min_length=1)]
    floor: Floor
    """The lowest acceptable mean nDCG@5."""


@dataclass(frozen=True, slots=True)
class SimilarReleases:
    """The measures of the similar releases; each is a share from 0 to 1."""

    ndcg: Mapping[str, float]
    """nDCG@5 of each release that has neighbours."""
    has_none: float
    """Share of these releases for which nothing is shown."""
    rightly_none: float
    """Share of the releases without neighbours for which nothing is shown."""

    @property
    def mean_ndcg(self) -> float:
        """The mean nDCG@5."""
        return fmean(self.ndcg.values())


def load_releases() -> JudgedReleases:
    """Read the releases with graded neighbours."""
    return JudgedReleases.model_validate(tomllib.loads(SIMILAR.read_text(encoding="utf-8")))


def find_neighbours(folder: Path, releases: Sequence[JudgedRelease]) -> dict[str, list[str]]:
    """Return the similar releases that the engine shows, best first, by `site/file`."""
    corpus = SampleCorpus(folder)
    engine = corpus.engine("ours", Analyzer())
    ids = {name: id_ for id_, name in reversed(corpus.names.items())}
    return {
        judged.id: [
            corpus.names[hit.id] for hit in engine.similar(ids[name_of_cluster(judged.id)], limit=DEPTH)
        ]
        for judged in releases
    }


def measure(releases: Sequence[JudgedRelease], shown: Mapping[str, Sequence[str]]) -> SimilarReleases:
    """Measure what is *shown* beside each release."""
    grades = {judged.id: _graded(judged) for judged in releases if judged.neighbours}
    alone = [judged.id for judged in releases if not judged.neighbours]
    run = {
        id_: {name: float(-place) for place, name in enumerate(shown[id_])} for id_ in grades if shown[id_]
    }
    ndcg = dict.fromkeys(grades, 0.0)
    for metric in ir_measures.iter_calc([ir_measures.nDCG @ DEPTH], grades, run):
        ndcg[metric.query_id] = metric.value
    return SimilarReleases(
        ndcg=ndcg,
        has_none=fmean(not shown[id_] for id_ in grades),
        rightly_none=fmean(not shown[id_] for id_ in alone),
    )


def _graded(judged: JudgedRelease) -> dict[str, int]:
    """Return the grades of the neighbours; a release and its translations are one, which is not its own."""
    grades: dict[str, int] = {}
    for name, grade in judged.neighbours.items():
        cluster = name_of_cluster(name)
        if cluster != name_of_cluster(judged.id):
            grades[cluster] = max(grade, grades.get(cluster, 0))
    return grades


def main() -> int:
    judged_releases = load_releases()
    releases = judged_releases.releases
    with tempfile.TemporaryDirectory() as folder:
        shown = find_neighbours(Path(folder), releases)
    measured = measure(releases, shown)
    print(f"{len(releases)} releases, {len(measured.ndcg)} of them with neighbours")
    print(f"nDCG@{DEPTH} {measured.mean_ndcg:.3f}, none shown {measured.has_none:.0%}")
    print(f"without neighbours: none shown {measured.rightly_none:.0%}")
    for judged in releases:
        print(f"\n{measured.ndcg.get(judged.id, 0):.2f}  {judged.id}")
        for name in shown[judged.id]:
            print(f"      {judged.neighbours.get(name, 0)}  {name}")
    return int(measured.mean_ndcg < judged_releases.floor)


if __name__ == "__main__":
    sys.exit(main())
