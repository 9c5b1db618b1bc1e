"""The command as a user runs it, against the sample sites over real HTTP."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from crawler.store import Store
from samples.server import Sites, crawl_config, serving
from tests.support.stored_releases import near_copies

pytestmark = pytest.mark.sweep

SOME_SITES = ("iem", "vugd", "mfa", "em")
TWO_SITES = ("--site", "vugd", "--site", "mfa")


@pytest.fixture
def sites() -> Iterator[Sites]:
    with serving(base_port=0) as sites:
        yield sites


@pytest.fixture
def config(sites: Sites, tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    some = {site: sites[site] for site in SOME_SITES}
    path.write_text(crawl_config(some, tmp_path / "data"), encoding="utf-8")
    return path


def command(config: Path, *arguments: str) -> list[str]:
    run = "from crawler.crawl import main; main()"
    return [sys.executable, "-W", "error", "-c", run, *arguments, "--config", str(config)]


def crawl(config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(config, *arguments), capture_output=True, text=True, check=False)


def report_of(config: Path, *arguments: str) -> dict[str, dict[str, int]]:
    """Crawl and return the outcomes of each site."""
    done = crawl(config, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return {site["site"]: site["outcomes"] for site in json.loads(done.stdout)["sites"]}


def contents(config: Path) -> dict[str, object]:
    """Return all that the store holds but times and numbers."""
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        releases = list(store.changes_since(0))
        assert len({stored.number for stored in releases}) == len(releases)
        return {
            stored.id: (
                stored.release,
                stored.state,
                stored.aliases,
                stored.cluster,
                [(old.title, old.lead, old.body, old.published) for old in store.revisions(stored.id)],
            )
            for stored in releases
        }


def last_number(config: Path) -> int:
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        return store.last_number()


def test_second_crawl_of_unchanged_sites_rewrites_nothing(config: Path) -> None:
    first = report_of(config)
    number = last_number(config)
    done = crawl(config, "--json")
    report = json.loads(done.stdout)
    assert all(site["outcomes"]["new"] == 0 for site in report["sites"])
    assert report["not_modified_share"] >= 0.95
    assert (last_number(config), first["iem"]["new"] > 5) == (number, True)


def test_second_day_shows_what_is_new_edited_and_removed(config: Path, sites: Sites) -> None:
    report_of(config)
    sites.day = 2
    second = report_of(config)
    assert second["vugd"]["new"] == second["vugd"]["changed"] == 1
    assert second["mfa"]["missing"] == 1
    assert sum(len(entry[4]) for entry in contents(config).values()) == 2  # type: ignore[index]  # of a tuple


def crawl_killed(config: Path, after_visits: int) -> int:
    """Crawl, kill -9 after so many visits, return the exit code."""
    log = config.parent / "log"
    if not log.exists():
        os.mkfifo(log)
    with (
        subprocess.Popen(
            command(config, *TWO_SITES, "--log", str(log)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process,
        log.open() as lines,
    ):
        for number, _ in enumerate(lines, start=1):
            if number == after_visits:
                process.kill()
    return process.returncode


@pytest.mark.parametrize("seed", [7])
def test_killed_crawl_goes_on_and_ends_like_an_undisturbed_one(
    config: Path, sites: Sites, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    undisturbed = tmp_path_factory.mktemp("undisturbed") / "config.toml"
    undisturbed.write_text(config.read_text().replace(str(config.parent), str(undisturbed.parent)))
    for day in (1, 2):
        sites.day = day  # type: ignore[assignment]  # mypy widens the literals of a loop
        assert crawl(undisturbed, *TWO_SITES).returncode == 0
        assert crawl_killed(config, chance.randint(1, 20)) == -signal.SIGKILL
        assert crawl_killed(config, chance.randint(1, 10)) == -signal.SIGKILL
        assert crawl(config, *TWO_SITES).returncode == 0
        assert contents(config) == contents(undisturbed)


@pytest.mark.parametrize(
    ("number", "hosts_at_once"), [(signal.SIGINT, 8), (signal.SIGTERM, 8), (signal.SIGINT, 1)]
)
def test_interrupted_crawl_says_so_and_goes_on(
    config: Path, number: signal.Signals, hosts_at_once: int
) -> None:
    politeness = "requests_per_s = 1000\n"
    settings = config.read_text().replace(politeness, f"{politeness}hosts_at_once = {hosts_at_once}\n")
    config.write_text(settings)
    log = config.parent / "log"
    os.mkfifo(log)
    with (
        subprocess.Popen(
            command(config, "--log", str(log)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process,
        log.open() as lines,
    ):
        next(lines)
        process.send_signal(number)
        shown, _ = process.communicate(timeout=30)  # seconds; two on a machine that is not busy
    assert (process.returncode, "not complete" in shown) == (130, True)
    assert crawl(config).returncode == 0


def test_crawl_ends_when_all_its_processes_are_told_to_as_systemd_does(config: Path) -> None:
    log = config.parent / "log"
    os.mkfifo(log)
    with (
        subprocess.Popen(
            command(config, "--log", str(log)), stderr=subprocess.PIPE, text=True, start_new_session=True
        ) as process,
        log.open() as lines,
    ):
        next(lines)
        os.killpg(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, "Traceback" in errors) == (130, False)
    assert crawl(config).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_crawl_that_compares_many_near_copies_ends_when_told_to(config: Path, number: signal.Signals) -> None:
    report_of(config, "--site", "vugd")
    path = config.parent / "data" / "releases.sqlite3"
    with Store(path) as store:
        near_copies(store, 3000)
    with (
        sqlite3.connect(path) as looking,
        subprocess.Popen(
            command(config, "--site", "vugd"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        while not looking.execute("SELECT count(*) FROM band").fetchone()[0]:
            assert process.poll() is None
        process.send_signal(number)
        shown, errors = process.communicate(timeout=10)
    looking.close()
    assert (process.returncode, "not complete" in shown, "Traceback" in errors) == (130, True, False)


def test_second_crawl_at_the_same_time_says_so(config: Path) -> None:
    (config.parent / "data").mkdir()
    with FileLock(config.parent / "data" / "crawl.lock"):
        done = crawl(config)
    assert (done.returncode, done.stderr) == (3, "crawl: another crawl is running on the same data\n")


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ("", (), "no [[crawler.sites]] in the settings: nothing to crawl"),
        ("[crawler.politeness]\ndelay_s = 'x'", (), "crawler.politeness.delay_s = 'x': "),
        ("[crawler]\nspeed = 1", (), "crawler.speed: unknown key"),
        ("[[crawler.sites]]", (), "crawler.sites.0.id: missing"),
        ("[crawler", (), "not a TOML file"),
    ],
)
def test_wrong_settings_are_one_clear_line(
    tmp_path: Path, settings: str, arguments: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(settings)
    done = crawl(path, *arguments)
    assert (done.returncode, done.stderr.count("\n"), message in done.stderr) == (2, 1, True), done.stderr


def test_missing_settings_are_named(tmp_path: Path) -> None:
    done = crawl(tmp_path / "none.toml")
    assert done.stderr == f"crawl: {tmp_path / 'none.toml'}: cannot be read: No such file or directory\n"


def test_unknown_site_is_named_with_those_there_are(config: Path) -> None:
    done = crawl(config, "--site", "nav")
    assert (done.returncode, done.stderr) == (
        2,
        "crawl: no site 'nav' in the settings; there are iem, em, vugd, mfa\n",
    )


def test_dry_run_stores_nothing(config: Path) -> None:
    assert report_of(config, "--dry-run", "--site", "vugd")["vugd"]["new"] > 0
    assert not (config.parent / "data" / "releases.sqlite3").exists()


def test_unreachable_site_is_named_and_fails(config: Path, sites: Sites) -> None:
    config.write_text(config.read_text().replace(sites["vugd"], "http://127.0.0.1:9"))
    done = crawl(config, "--site", "vugd")
    assert done.returncode == 1
    assert "vugd" in done.stdout
    assert "nothing stored for this site" in done.stdout


def test_preview_shows_fields_rules_and_what_differs(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        release = next(store.changes_since(0)).release
    for arguments in ((), ("--stored",)):
        done = crawl(config, "preview", release.url, *arguments)
        assert (done.returncode, done.stdout.rstrip().endswith("the same is stored")) == (0, True)
    assert release.published
    assert release.published.isoformat() in done.stdout


def test_preview_says_why_a_page_is_no_release(config: Path, sites: Sites) -> None:
    url = f"{sites['iem']}/lat/aktualitates/jaunumi/"
    done = crawl(config, "preview", url)
    assert (done.returncode, done.stderr) == (1, f"crawl: {url}: a list page\n")


def test_kept_pages_can_be_read_again(config: Path) -> None:
    report_of(config, "--site", "vugd")
    config.write_text(config.read_text().replace("title = [", 'title = ["nav a", ', 1))
    done = crawl(config, "reextract", "--site", "vugd", "--json")
    assert sum(json.loads(done.stdout)["vugd"].values()) == 6


def test_pages_read_again_by_other_rules_were_not_edited_and_stay_gone(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        gone = next(store.changes_since(0))
        store.mark_gone(gone.id, seen=gone.changed)
    config.write_text(config.read_text().replace("lead = [", 'lead = ["main p", ', 1))
    done = crawl(config, "reextract", "--site", "vugd", "--json")
    assert json.loads(done.stdout)["vugd"]["changed"] > 0
    [stats] = json.loads(crawl(config, "stats", "--site", "vugd", "--json").stdout)
    assert (stats["present"], stats["gone"], stats["revisions"]) == (5, 1, 0)


def test_check_and_stats_tell_how_things_are(config: Path) -> None:
    report_of(config, "--site", "vugd")
    checked = json.loads(crawl(config, "check", "--site", "vugd", "--json").stdout)
    assert all(finding["is_well"] for finding in checked)
    [stats] = json.loads(crawl(config, "stats", "--site", "vugd", "--json").stdout)
    assert (stats["present"], stats["left"]) == (6, 0)


def test_settings_file_may_be_named_before_the_subcommand(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.toml"
    command = [sys.executable, "-c", "from crawler.crawl import main; main()", "--config", missing, "stats"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "nowhere.toml" in "".join(done.stderr.split())) == (2, True)


def test_damaged_store_is_found(config: Path) -> None:
    report_of(config, "--site", "vugd")
    path = config.parent / "data" / "releases.sqlite3"
    whole = bytearray(path.read_bytes())
    whole[8192:20480] = bytes(12288)
    path.write_bytes(whole)
    done = crawl(config, "check", "--offline")
    assert done.returncode in (1, 4)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("damage", "arguments", "code", "told"),
    [
        (
            "UPDATE release SET record = replace(record, ' ', ' q') WHERE number = 3",
            ("check", "--offline"),
            1,
            "1 are damaged",
        ),
        (
            "UPDATE release SET changed = '20r6-01-01' WHERE number = 3",
            ("check", "--offline"),
            1,
            "1 are damaged",
        ),
        ("UPDATE page SET body = x'00'", ("reextract",), 4, "is damaged; restore"),
    ],
)
def test_damage_within_a_sound_file_is_told(
    config: Path, damage: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    report_of(config, "--site", "vugd")
    with Store(config.parent / "data" / "releases.sqlite3") as store:
        store.execute(damage)
    done = crawl(config, *arguments)
    assert (done.returncode, told in done.stdout + done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_log_is_json_a_line_without_control_characters(config: Path) -> None:
    log = config.parent / "log.jsonl"
    report_of(config, "--site", "vugd", "--log", str(log))
    lines = log.read_bytes().splitlines()
    assert all(json.loads(line)["site"] == "vugd" for line in lines)
    assert not any(byte < 32 for line in lines for byte in line)


@pytest.mark.parametrize("size_kib", [40, 150])
def test_full_disk_is_told_and_the_next_crawl_goes_on(config: Path, size_kib: int) -> None:
    limited = ["sh", "-c", f'ulimit -f {size_kib * 2} && exec "$@"', "sh"]
    full = subprocess.run(
        [*limited, *command(config, "--site", "vugd", "--site", "em")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 4, full.stderr
    assert "releases.sqlite3: " in full.stderr
    assert "Traceback" not in full.stderr
    assert report_of(config, "--site", "vugd", "--site", "em").keys() == {"vugd", "em"}


def test_hidden_release_stays_hidden_until_shown_again(config: Path) -> None:
    report_of(config, "--site", "vugd")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        url = next(store.changes_since(0)).release.url
    counts, lists = [], []
    for what in ("hide", "unhide"):
        assert crawl(config, what, url).returncode == 0
        lists.append([line.split()[1] for line in crawl(config, "hide").stdout.splitlines()])
        report_of(config, "--site", "vugd")
        with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
            counts.append(store.count())
    assert (counts, lists) == ([5, 6], [[url], []])


NOWHERE = "https://www.iem.gov.lv/lv/jaunums/nekur"


@pytest.mark.parametrize("command", ["hide", "unhide"])
def test_what_is_not_there_is_neither_hidden_nor_shown_again(config: Path, command: str) -> None:
    report_of(config, "--site", "vugd")
    number = last_number(config)
    done = crawl(config, command, NOWHERE)
    assert (done.returncode, done.stdout, NOWHERE.replace("www.", "") in done.stderr) == (1, "", True)
    assert (crawl(config, "hide").stdout, last_number(config)) == ("", number)


def test_address_may_be_hidden_before_it_is_seen(config: Path) -> None:
    report_of(config, "--site", "mfa")
    with Store.open_readonly(config.parent / "data" / "releases.sqlite3") as store:
        url = next(store.changes_since(0)).release.url
    config.write_text(config.read_text().replace(str(config.parent / "data"), str(config.parent / "new")))
    report_of(config, "--site", "vugd")
    assert crawl(config, "hide", "--unseen", url).returncode == 0
    assert crawl(config, "hide", url).returncode == 0
    report_of(config, "--site", "mfa")
    [stats] = json.loads(crawl(config, "stats", "--site", "mfa", "--json").stdout)
    assert stats["hidden"] == 1
    assert [crawl(config, "unhide", url).returncode for _ in range(2)] == [0, 1]


@pytest.mark.parametrize("folder", ["none", "empty", "a file of nothing"])
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("check", "--offline"), 1, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("check",), 1, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("stats",), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("archive", "x.warc.gz"), 4, "releases.sqlite3: no releases yet; run `crawl` first"),
        (("undo", "vugd"), 2, "there is no crawl in the store"),
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
def test_nothing_but_a_crawl_makes_a_store(
    config: Path, sites: Sites, *, folder: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    data = config.parent / "data"
    if folder != "none":
        data.mkdir()
    if folder == "a file of nothing":
        (data / "releases.sqlite3").touch()
    before = sizes(config.parent)
    done = crawl(config, *(argument.format_map(sites) for argument in arguments))
    assert (done.returncode, told in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert sizes(config.parent) == before


def sizes(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()} | {
        path: 0 for path in folder.rglob("*") if path.is_dir()
    }


def test_what_is_no_address_cannot_be_hidden(config: Path) -> None:
    done = crawl(config, "hide", "paziņojums")
    message = "crawl: paziņojums: not a web address; it must begin with http:// or https://\n"
    assert (done.returncode, done.stderr) == (2, message)


def test_undo_brings_back_what_the_last_crawl_marked_as_gone(config: Path, sites: Sites) -> None:
    report_of(config, "--site", "mfa")
    sites.day = 2
    assert report_of(config, "--site", "mfa", "--accept-loss", "mfa")["mfa"]["gone"] == 1
    told = "mfa: 1 releases are present again, 1 have their earlier text again"
    assert crawl(config, "undo", "mfa").stdout.startswith(told)


def test_undo_takes_back_what_a_crawl_overwrote(config: Path, sites: Sites) -> None:
    report_of(config, "--site", "vugd")
    before = contents(config)
    sites.day = 2
    assert report_of(config, "--site", "vugd")["vugd"]["changed"] == 1
    undone = json.loads(crawl(config, "undo", "vugd", "--json").stdout)
    after = {id_: entry for id_, entry in contents(config).items() if id_ in before}
    assert (after, len(undone["text_again"])) == (before, 1)
    assert json.loads(crawl(config, "undo", "vugd", "--json").stdout)["text_again"] == []


def test_undo_of_a_crawl_that_never_was_says_so(config: Path) -> None:
    assert crawl(config, "undo", "vugd").stderr == "crawl: there is no crawl in the store\n"
    report_of(config, "--site", "vugd")
    assert crawl(config, "undo", "vugd", "--run", "9").stderr == "crawl: there is no crawl 9 in the store\n"
