from pathlib import Path

from index.best_bets import load_bets
from samples.bets import best_bets
from samples.content import HERE, load_releases

SITES = {"mod": "http://mod.example", "vugd": "http://vugd.example"}


def test_the_best_bets_of_the_demo_are_valid_and_name_sample_releases(tmp_path: Path) -> None:
    path = tmp_path / "best_bets.toml"
    path.write_text(best_bets(SITES), encoding="utf-8")
    addresses = {
        origin + release.path
        for site, origin in SITES.items()
        for release in load_releases(HERE / "releases" / site).values()
    }
    named = {bet.release for bet in load_bets(path) if bet.release}
    assert len(named) == 3
    assert named <= addresses
