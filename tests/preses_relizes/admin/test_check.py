"""`releases check`: what it finds in installations that are new, sound, out of date or broken."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Walk
from tests.support.crawl_command import crawl
from tests.support.installation import CONFIG, install
from tests.support.releases_command import run

SITES = '[crawler]\nbuilt_in_sites = ["iem"]\n[crawler.politeness]\nuser_agent = "x/1 (+https://x.lv)"\n'


def check(config: Path, *options: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Return the exit code, and the state and advice of everything that was looked at."""
    done = run("check", "--json", "--config", str(config), *options)
    found = json.loads(done.output)
    return done.exit_code, {one["what"]: (one["state"], one["advice"]) for one in found}


def test_new_installation_is_told_the_next_command(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(SITES)
    code, found = check(config, "--offline")
    assert (code, found["store"]) == (0, ("note", "run `crawl`; then `reindex`"))
    assert list(tmp_path.iterdir()) == [config]


@pytest.mark.sweep
@pytest.mark.parametrize(("settings", "code"), [(SITES, 0), ('[crawler]\nbuilt_in_sites = ["iem"]', 1)])
def test_crawl_check_agrees_about_a_new_installation(settings: str, code: int, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(settings)
    assert crawl(config, "check", "--offline").returncode == check(config, "--offline")[0] == code


@pytest.mark.parametrize(
    ("settings", "remark"),
    [("", "no sites"), ('[crawler]\nbuilt_in_sites = ["iem"]', "user_agent names example.org")],
)
def test_settings_that_cannot_crawl_are_bad(settings: str, remark: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(settings)
    done = run("check", "--config", str(tmp_path / "config.toml"))
    assert (done.exit_code, remark in done.output, "\n     → " in done.output) == (1, True, True)
    assert "network" not in done.output


def test_store_without_an_index_is_no_fault(tmp_path: Path) -> None:
    config = install(tmp_path / "here")
    config.write_text(CONFIG.replace("judged", "# judged") + SITES)
    code, found = check(config, "--offline")
    assert (code, found["index"]) == (0, ("note", "run `reindex`"))
    assert (found["releases"][0], found["mfa"][0]) == ("ok", "note")  # mfa was removed from the settings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[index]\nprocesses = -1", "index.processes = -1"),
        ("[searcher]\nport = 0", "searcher.port = 0"),
        ('[index]\njudged = "config.toml"', "config.toml: query"),
    ],
)
def test_wrong_settings_end_it(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(text)
    done = run("check", "--offline", "--config", str(tmp_path / "config.toml"))
    assert (done.exit_code, message in done.output, done.output.count("\n")) == (2, True, 1)


def test_sound_installation_is_ok_in_everything(walked: Walk) -> None:
    code, found = check(walked.config)
    # What depends on who runs the tests, and on whether the machine has a C compiler.
    states = {what: state for what, (state, _) in found.items() if what not in {"permissions", "search core"}}
    assert (code, set(states.values())) == (0, {"ok"})
    assert {"program", "settings", "disk", "clock", "store", "releases", "index", "network"} <= states.keys()


@pytest.mark.parametrize(("engine", "is_named"), [("whoosh", True), ("opensearch", False)])
def test_search_core_is_checked_where_this_machine_searches(
    engine: str, is_named: bool, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'{SITES}[index]\nengine = "{engine}"\n')
    assert ("search core" in check(config, "--offline")[1]) == is_named


def put(path: Path, text: str | None) -> None:
    """Replace the file or folder at *path*: by a file with *text*, or by a folder."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if text is None:
        path.mkdir(parents=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "code", "remark"),
    [
        ("config.toml", None, 2, "cannot be read: Is a directory"),
        ("config.toml", "[", 2, "not a TOML file"),
        ("config.toml", "data_dri = 1", 2, "data_dri: unknown key"),
        ("config.toml", '[index]\njudged = "none.toml"', 2, "there is no file"),
        ("judged.toml", "x", 2, "not a TOML file"),
        ("data", "x", 4, "data/index: Not a directory"),
        ("data/index", "x", 4, "CURRENT: Not a directory"),
        ("data/index/CURRENT", None, 4, "CURRENT: Is a directory"),
        ("data/index/CURRENT", "x", 1, "CURRENT: damaged"),
        ("data/releases.sqlite3", "x" * 9999, 1, "file is not a database"),
    ],
)
def test_what_fails_is_told_in_json(
    tmp_path: Path, name: str, text: str | None, code: int, remark: str
) -> None:
    config = install(tmp_path)
    put(tmp_path / name, text)
    done = run("check", "--json", "--offline", "--config", str(config))
    remarks = [one["remark"] for one in json.loads(done.stdout) if one["state"] == "bad"]
    assert (done.exit_code, [one for one in remarks if remark in one][:1]) == (code, remarks[-1:])
