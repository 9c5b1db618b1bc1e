"""Any value in config.toml is accepted, or a line names the file and the key."""

import os
import string
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.config import (
    ConfigError,
    CrawlerConfig,
    Guards,
    Limits,
    Politeness,
    Recheck,
    Section,
    Site,
    Storage,
    Template,
    load_all,
)
from index.config import ClusterSettings, IndexConfig
from searcher.config import SearcherConfig, SubscriptionSettings
from tests.support.hostile_site import HostileSite
from tests.support.warm_command import warm

pytestmark = pytest.mark.sweep

SITE = {
    "id": '"a"',
    "ministry": '"A"',
    "template": '"t"',
    "start": '["https://a.lv/lv/jaunumi"]',
}
TABLES: dict[str, type[Section]] = {
    "": Storage,
    "[crawler]": CrawlerConfig,
    "[crawler.politeness]": Politeness,
    "[crawler.limits]": Limits,
    "[crawler.recheck]": Recheck,
    "[crawler.guards]": Guards,
    "[crawler.templates.t]": Template,
    "[[crawler.sites]]": Site,
    "[index]": IndexConfig,
    "[index.opensearch]": ClusterSettings,
    "[searcher]": SearcherConfig,
    "[searcher.subscriptions]": SubscriptionSettings,
}
KEYS = [(table, key) for table, model in TABLES.items() for key in model.model_fields]
NUMBERS = [
    "-1",
    "0",
    "1",
    "1.5",
    "nan",
    "inf",
    "-inf",
    "1e308",
    "1e400",
    "9" * 30,
    "9" * 5000,
    f"0x{'f' * 5000}",
]
TEXTS = [
    '""',
    '" "',
    '"x"',
    '"\\u0000"',
    '"a\\nb"',
    '"\\u001b[2J"',
    '"ā"',
    f'"{"x" * 100_000}"',
    '"/"',
    '"..a"',
]
ODD = [
    "true",
    "[]",
    "[[]]",
    "{}",
    "{a = 1}",
    "07:00:00",
    "2026-02-01",
    "2026-02-01T07:00:00Z",
    "[" * 99 + "]" * 99,
]
LISTS = [
    *(f"[{value}]" for value in (*TEXTS, "1", "nan", "true", "{}")),
    '["("]', '["["]', '["a{99999999999}"]', '["*"]', '["(?P<a>x)(?P<a>y)"]', f'["{"(" * 400}{")" * 400}"]',
    f'["{":not(" * 190}a{")" * 190}"]', '["a:unknown"]', '["::before"]', '["a >"]', '["ns|a"]',
    '["https://"]', '["http://[::1"]', '["https://a.lv:99999/"]', '["ftp://a.lv/"]', '["https://a.lv:0/"]',
    '["a.lv/x"]', '["a b"]', '["a.lv:x"]', '["u@a.lv"]', '["127.0.0.1"]', '["http://127.0.0.1:80"]',
]  # fmt: skip
VALUES = [*NUMBERS, *TEXTS, *ODD, *LISTS]


def file_with(table: str, key: str, value: str) -> str:
    """Return a settings file that is sound but for one value."""
    tables = {"": {}, "[crawler.templates.t]": {}, "[[crawler.sites]]": {**SITE}}
    tables.setdefault(table, {})[key] = value
    written = ((name, *(f"{k} = {v}" for k, v in rows.items())) for name, rows in tables.items())
    return "\n".join(chain.from_iterable(written))


def named(table: str, key: str) -> str:
    return ".".join(part for part in (table.strip("[]"), key) if part)


def complaint(path: Path, text: str | bytes) -> str | None:
    """Return what is said of a settings file, None where it is accepted."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        load_all(path)
    except ConfigError as error:
        return str(error)
    return None


def are_lines(said: str, path: Path) -> bool:
    """Whether *said* is a line for each fault."""
    lines = said.split("\n")
    return all(line.isprintable() and len(line) < 1000 and line.startswith(f"{path}: ") for line in lines)


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_any_value_of_any_key_is_accepted_or_named(table: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for value in VALUES:
        said = complaint(path, file_with(table, key, value))
        if said is not None:
            assert are_lines(said, path), value[:50]
            place = named(table, key).replace(
                "crawler.sites", "crawler.sites.0" if key == "id" else "crawler.sites.a"
            )
            assert f"{place}" in said or ": not a TOML file: " in said, (value[:50], said)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    cut=st.integers(0, 10_000),
    put=st.one_of(
        st.text(string.punctuation + string.digits + "\n\\aā\x00", max_size=6).map(str.encode),
        st.binary(max_size=4),
        st.sampled_from((b"[crawler]", b"a.b = 1\n", b"\n[[crawler]]\n", b'"""', b"[index]\n[index]\n")),
    ),
)
def test_file_with_a_typo_anywhere_is_accepted_or_named(cut: int, put: bytes, tmp_path: Path) -> None:
    whole = Path(__file__).parents[1].joinpath("config.toml").read_bytes()
    path = tmp_path / "config.toml"
    at = cut % len(whole)
    said = complaint(path, whole[:at] + put + whole[at + len(put) // 2 :])
    assert said is None or are_lines(said, path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfea", "not a TOML file"),
        (b"[crawler]\n[crawler]", "not a TOML file"),
        (b"crawler.limits.tries = 1\n[crawler.limits]\ntries = 2", "not a TOML file"),
        (b"[index]\nsize = " + b"[" * 5000, "not a TOML file: nested too deeply"),
        (b"[index]\nprocesses = " + b"9" * 5000, "not a TOML file"),
        (b"#" * 1_000_001, "longer than 1,000,000 bytes"),
        (b"crawler = 5", "crawler = 5"),
        (b"index = [1]", "index = [1]"),
        (b"[[searcher]]", "searcher = [{}]"),
        (b"[serve]\nport = 1", "serve: unknown key"),
        (b'"a\\nb" = 1', r"a\nb: unknown key"),
    ],
)
def test_file_that_is_not_settings_is_named(content: bytes, message: str, tmp_path: Path) -> None:
    said = complaint(tmp_path / "config.toml", content)
    assert said is not None
    assert are_lines(said, tmp_path / "config.toml")
    assert said.count("\n") == 0
    assert message in said


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    assert (
        complaint(tmp_path / "config.toml", b"\xef\xbb\xbf" + file_with("", "data_dir", '"data"').encode())
        is None
    )


# --- each command says so, before it does anything ---

COMMANDS = [
    ["crawl"],
    ["crawl", "--dry-run"],
    ["crawl", "reextract"],
    ["crawl", "preview", "https://a.lv/lv/jaunums/x"],
    ["crawl", "check"],
    ["crawl", "check", "--offline"],
    ["crawl", "stats"],
    ["crawl", "hide", "https://a.lv/x"],
    ["reindex"],
    ["reindex", "--check"],
    ["serve", "--port", "1"],
]


MODULES = {"crawl": "crawler.crawl", "reindex": "index.reindex", "serve": "searcher.serve"}


def ends(command: list[str], config: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = command
    if arguments and not arguments[0].startswith("-"):
        arguments = [arguments[0], "--config", str(config), *arguments[1:]]
    else:
        arguments = ["--config", str(config), *arguments]
    return warm(MODULES[program]).run(*arguments)


def assert_refused(done: subprocess.CompletedProcess[str], config: Path, key: str) -> None:
    assert done.returncode == 2, done.stderr
    assert all(f"{config}: " in line and key in line for line in done.stderr.splitlines()), done.stderr
    assert [path.name for path in config.parent.iterdir()] == [config.name]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_refuses_settings_that_are_wrong(command: list[str], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("data_dir = 5\n[crawler.limits]\ntries = 0\n", encoding="utf-8")
    assert_refused(ends(command, config), config, " = ")


@pytest.mark.parametrize("table", ["[index]\nprocesses = -1", "[searcher]\nport = 0"])
def test_check_covers_the_whole_file(table: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(file_with("", "data_dir", '"data"') + f"\n{table}", encoding="utf-8")
    assert_refused(ends(["crawl", "check", "--offline"], config), config, table.partition("\n")[2].split()[0])


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as serving:
        yield serving


@pytest.mark.parametrize("options", [[], ["check"], ["reextract"], ["preview", "http://127.0.0.1/x"]])
def test_no_request_is_made_with_a_selector_that_does_not_compile(
    options: list[str], site: HostileSite, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    start = f'["http://{site.origin}/lv/jaunumi"]'
    slip = file_with("[[crawler.sites]]", "start", start).replace("tes.t]", 'tes.t]\nbody = ["div["]')
    config.write_text(slip, encoding="utf-8")
    assert_refused(ends(["crawl", *options], config), config, "crawler.templates.t.body.0 = 'div['")
    assert site.requests == []


@pytest.mark.parametrize("name", ["folder", "pipe", "unreadable", "missing", "endless"])
def test_unreadable_file_is_refused_at_once(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    match name:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "unreadable":
            path.symlink_to(path)  # a loop, which not even root can read
        case "endless":
            path.symlink_to("/dev/zero")
    done = ends(["crawl"], path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"crawl: {path}: ")
    assert done.stderr.count("\n") == 1
