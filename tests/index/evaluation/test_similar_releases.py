from pathlib import Path

import pytest

from benchmarks.similar import find_neighbours, load_releases, measure
from samples.content import HERE, load_sites
from samples.content import load_releases as load_samples

SAMPLES = {
    f"{site.id}/{name}": sample
    for site in load_sites().sites
    for name, sample in load_samples(HERE / "releases" / site.id).items()
}


def test_at_least_thirty_releases_have_graded_neighbours() -> None:
    assert sum(1 for judged in load_releases().releases if judged.neighbours) >= 30


def test_releases_and_neighbours_are_samples() -> None:
    judged_releases = load_releases().releases
    named = {name for judged in judged_releases for name in (judged.id, *judged.neighbours)}
    assert named - SAMPLES.keys() == set()
    assert [judged.id for judged in judged_releases if judged.title != SAMPLES[judged.id].title] == []


def test_no_release_is_a_neighbour_of_itself_or_of_its_translation() -> None:
    pairs = [(judged.id, name) for judged in load_releases().releases for name in judged.neighbours]
    assert [(id_, name) for id_, name in pairs if name in {id_, _translation(id_)}] == []


def _translation(id_: str) -> str:
    return f"{id_.partition('/')[0]}/{SAMPLES[id_].translation}"


@pytest.mark.parametrize(("shown", "ndcg"), [(["near", "far"], 1.0), (["none"], 0.0), ([], 0.0)])
def test_the_measure_rises_with_good_neighbours(shown: list[str], ndcg: float) -> None:
    first = load_releases().releases[0]
    near = first.model_copy(update={"neighbours": {"near": 3, "far": 1}})
    alone = first.model_copy(update={"id": "alone", "neighbours": {}})
    measured = measure([near, alone], {near.id: shown, "alone": []})
    assert (measured.mean_ndcg, measured.has_none, measured.rightly_none) == (ndcg, float(not shown), 1)


@pytest.mark.sweep
def test_similar_releases_are_above_their_floor(tmp_path: Path) -> None:
    judged = load_releases()
    assert measure(judged.releases, find_neighbours(tmp_path, judged.releases)).mean_ndcg >= judged.floor
