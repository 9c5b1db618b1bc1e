"""The best bets of the demo: `best_bets.toml` with the addresses of the sample sites."""

from collections.abc import Mapping
from pathlib import Path

BETS = Path(__file__).with_name("best_bets.toml")


def best_bets(sites: Mapping[str, str]) -> str:
    """Return the text of the file of best bets over the sample *sites* (origins by id)."""
    text = BETS.read_text(encoding="utf-8")
    for site, origin in sites.items():
        text = text.replace(f"{{{site}}}", origin)
    return text
