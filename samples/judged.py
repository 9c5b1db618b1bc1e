"""The tests' judged queries in the format of an operator: releases by URL, with floors."""

import re
from collections.abc import Mapping

from samples.content import HERE, load_releases

QUERIES = HERE.parent / "tests" / "judged" / "queries.toml"
# Below those of tests/judged/floors.toml, since duplicates are collapsed into one hit here.
FLOORS = {"nDCG@10": 0.9, "MRR": 0.95, "recall@50": 0.85}


def judged_queries(sites: Mapping[str, str]) -> str:
    """Return the text of a file of judged queries over the sample *sites* (origins by id)."""
    addresses = {
        f"{site}/{name}": origin + release.path
        for site, origin in sites.items()
        for name, release in load_releases(HERE / "releases" / site).items()
    }
    floors = "".join(f'"{measure}" = {floor}\n' for measure, floor in FLOORS.items())
    queries = re.sub(
        r'^"([^"]+)" =',
        lambda named: f'"{addresses[named[1]]}" =',
        QUERIES.read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    return f"{queries}\n[floors]\n{floors}"
