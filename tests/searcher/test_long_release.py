"""The page of a release is bounded, however long its texts are and however often they change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import thread_time

import pytest
from typer.testing import CliRunner

from crawler.store import Attachment
from index.reindex import app as reindex
from searcher import create_app
from tests.support.browsing import browse
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.published import release

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

SEEN = datetime(2026, 3, 1, tzinfo=UTC)
BODIES = {
    "signs": lambda n: '"' * 150_000 + f" {n} " + '"' * 50_000,
    "words": lambda n: " ".join(f"{(i * i * n) % 97}" for i in range(60_000)),
    "lines": lambda n: f"Nr. {n}\n\n" + "\n\n".join("abc"[(i * n) % 3] for i in range(50_000)),
    "one word": lambda n: "ž" * 199_000 + str(n),
    "much more": lambda n: "valsts budžets " * 200_000 + str(n),
}


@pytest.mark.parametrize("body", BODIES)
def test_the_page_of_a_long_and_often_edited_release_is_bounded(tmp_path: Path, body: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data_dir = "data"{FEW_CONCEPTS}', encoding="utf-8")
    files = tuple(
        Attachment(url=f"https://a.lv/{n}?{'&' * 900}", title='"' * 5_000, text="") for n in range(200)
    )
    with new_store(tmp_path / "data" / "releases.sqlite3") as store:
        first = replace(release(1, ('"' * 30_000, "Ievads", "")), attachments=files)
        for number in range(1, 30):
            store.save(replace(first, body=BODIES[body](number)), seen=SEEN + timedelta(number))
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    client = browse(create_app(config))
    for path in ("/", "/api/v1/search"):
        assert len(client.get(path, query_string={"q": "valsts OR ž*", "explain": "1"}).data) < 100_000
    hit = client.get("/api/v1/search").get_json()["hits"][0]
    for _ in range(2):
        before = thread_time()
        page = client.get(f"/releases/{hit['id']}")
        print("seconds:", thread_time() - before, "bytes:", len(page.data))
        assert (page.status_code, page.text.partition("<main")[2].count("<details")) == (200, 20)
        assert len(page.data) < 2_500_000  # each paragraph has an address
    assert "Vecākas redakcijas netiek rādītas." in page.text
