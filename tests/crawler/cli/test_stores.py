"""Only a crawl creates a store."""

from pathlib import Path

import pytest

from samples.server import Sites
from tests.support.crawl_command import NOWHERE, crawl, sizes

pytestmark = pytest.mark.sweep


@pytest.mark.parametrize("folder", ["none", "empty", "an empty file"])
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("check", "--offline"), 0, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("check",), 0, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("stats",), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("archive", "x.warc.gz"), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("undo", "vugd"), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("hide",), 4, "no releases yet"),
        (("hide", NOWHERE), 1, "no release is stored"),
        (("hide", "--unseen", NOWHERE), 4, "no releases yet"),
        (("unhide", NOWHERE), 1, "not hidden"),
        (("reextract",), 0, "no stored pages"),
        (("preview", NOWHERE), 2, "no site in the settings has this host"),
        (("preview", "{vugd}/lv/nav"), 1, "404"),
        (("preview", "--stored", "{vugd}/lv/nav"), 1, "no stored page"),
        (("--dry-run", "--site", "vugd"), 0, "new"),
    ],
)
def test_no_other_command_creates_a_store(
    config: Path, sites: Sites, *, folder: str, arguments: tuple[str, ...], code: int, message: str
) -> None:
    data = config.parent / "data"
    if folder != "none":
        data.mkdir()
    if folder == "an empty file":
        (data / "releases.sqlite3").touch()
    before = sizes(config.parent)
    done = crawl(config, *(argument.format_map(sites) for argument in arguments))
    assert (done.returncode, message in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert sizes(config.parent) == before
