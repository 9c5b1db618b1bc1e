"""A search through time, and a release's page, say that some texts are no longer kept."""

from datetime import timedelta
from pathlib import Path

import anyio
import pytest
from typer.testing import CliRunner

from crawler.store import Store, release_id
from crawler.store.history import versions
from index.reindex import app as reindex
from searcher import create_app
from searcher.assistants.tools import create_server
from tests.support.published import SEEN, release

ID = release_id("iem", "https://iem.example/1")


@pytest.mark.parametrize(
    ("texts", "is_hidden", "cut", "dropped"), [(4, False, 1, 2), (2, False, 0, 0), (4, True, 0, 0)]
)
def test_texts_that_are_not_kept_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: int, cut: int, dropped: int, *, is_hidden: bool
) -> None:
    monkeypatch.setattr(versions, "FIRST_KEPT", 1)
    monkeypatch.setattr(versions, "LAST_KEPT", 1)
    config = tmp_path / "config.toml"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    with Store(tmp_path / "data" / "releases.sqlite3") as store:
        store.save(release(2, ("Lidosta", "", "Skatīta reiz.")), seen=SEEN)
        for day in range(texts):
            text = release(1, ("Skaitītājs", "", f"Skatīta {day} reizes."))
            store.save(text, seen=SEEN + timedelta(days=day))
        if is_hidden:
            store.hide("https://iem.example/1", seen=SEEN + timedelta(days=9))
    assert CliRunner().invoke(reindex, ["--config", str(config)]).exit_code == 0
    app = create_app(config)
    client = app.test_client()

    answer = client.get("/api/v1/search?q=versijas:+lidosta").get_json()
    assert (answer["total"], answer["cut_histories"]) == (1, cut)
    assert client.get("/api/v1/search?q=lidosta").get_json()["cut_histories"] == 0
    assert client.get("/api/v1/appearance?q=lidosta").get_json()["cut_histories"] == cut
    told = anyio.run(
        create_server(app.extensions["service"]).call_tool, "first_appearance", {"query": "lidosta"}
    )
    assert f'"cut_histories": {cut}' in str(told)
    page = client.get("/?q=versijas:+lidosta", follow_redirects=True).text
    assert ("1 relīzei ir tik daudz redakciju, ka ne visi tās teksti ir saglabāti" in page) is bool(cut)
    if not is_hidden:
        assert client.get(f"/api/v1/releases/{ID}").get_json()["dropped_versions"] == dropped
        shown = f"{dropped} redakciju teksti nav saglabāti un nav meklējami"
        assert (shown in client.get(f"/releases/{ID}").text) is bool(dropped)
