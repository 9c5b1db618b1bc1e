"""Tries an installed wheel: stores, indexes and finds a release. `smoke.py compiled` demands a compiled core.

What is tried is the wheel, since nothing of the checkout is on the path of this script.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from crawler.store import Release, Store
from index.compiled import is_compiled
from searcher import create_app

RELEASE = Release(
    url="https://www.iem.gov.lv/lv/jaunums/ugunsdrosiba",
    site="iem",
    ministry="IEM",
    language="lv",
    title="Ministrija aicina ievērot ugunsdrošību",
    lead="",
    body="Ugunsdzēsēji glābēji atgādina par drošību mājās.",
    contact="",
    published=date(2026, 11, 27),
    published_source="time",
    published_confidence="high",
)


def main(wanted: str) -> str | None:
    """Return what is wrong with the wheel, if anything; *wanted* is the core that it must have."""
    core = "compiled" if is_compiled() else "pure"
    if core != wanted:
        return f"The core is {core}, not {wanted}."
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.toml")
        config.write_text('data_dir = "data"\n', encoding="utf-8")
        Path(folder, "data").mkdir()
        with Store(Path(folder, "data", "releases.sqlite3")) as store:
            store.save(RELEASE, seen=datetime.now(UTC))
        subprocess.run([Path(sys.executable).with_name("reindex"), "--config", config], check=True)  # noqa: S603 - ours
        client = create_app(config).test_client()
        answer = client.get("/api/v1/search", query_string={"q": "ugunsdrosibas glabeju"}).get_json()
    return None if [hit["title"] for hit in answer["hits"]] == [RELEASE.title] else f"Not found: {answer}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
