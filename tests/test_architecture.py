"""The snippets of docs/architecture.md, run in order on a crawl of the sample site with the seed release."""

import doctest
import re
from pathlib import Path

import pytest
import requests

from samples import server
from searcher import create_app
from tests.conftest import run_command
from tests.support.browsing import browse

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"


@pytest.mark.sweep
def test_one_release_walks_through_the_system_as_the_document_says(
    sites: server.Sites, tmp_path: Path
) -> None:
    config, data = tmp_path / "config.toml", tmp_path / "data"
    config.write_text(server.crawl_config({"iem": sites["iem"]}, data), encoding="utf-8")
    for command in ("crawl", "reindex"):
        run_command(command, "--config", str(config))
    given = {"sites": sites, "data": data, "client": browse(create_app(config)), "requests": requests}
    text = ARCHITECTURE.read_text(encoding="utf-8")
    snippets = "\n".join(re.findall(r"^```pycon\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    walk = doctest.DocTestParser().get_doctest(snippets, given, "architecture.md", str(ARCHITECTURE), 0)
    failures: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(walk, out=failures.append)
    assert result.attempted > 20
    assert result.failed == 0, "".join(failures)
