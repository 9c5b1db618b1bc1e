"""Promises of the commands that run every day."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from samples import server
from tests.support.awaiting import DEADLINE_S
from tests.support.children import child, run_bounded
from tests.support.serving import free_port

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
# As a shell script starts a background job.
IGNORING = ("sh", "-c", "trap '' INT TERM; exec \"$0\"")


@pytest.mark.parametrize("command", ["crawl", "reindex", "serve"])
def test_help_shows_examples_exit_codes_and_options(command: str) -> None:
    done = run_bounded([PROGRAMS / command, "--help"], capture_output=True, text=True, check=True)
    expected = ("xample", "Exit codes: 0", "--config", "--json")
    assert [text for text in expected if text not in done.stdout] == []


def test_the_commands_start_without_any_extra() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        re.split("[<>=]", one)[0]
        for name, needs in extras["optional-dependencies"].items()
        if name != "dev"
        for one in needs
    }
    modules = sorted(module for module, of in packages_distributions().items() if wanted.intersection(of))
    assert {"cryptography", "mcp", "opensearchpy"} <= set(modules)
    # A module that is None in `sys.modules` cannot be imported.
    script = f"import sys; sys.modules.update(dict.fromkeys({modules})); from preses_relizes import commands"
    starts = "; import crawler.crawl, index.reindex, searcher.serve, preses_relizes.admin.releases"
    run_bounded([sys.executable, "-c", script + starts], check=True)


def test_a_command_writes_letters_that_the_encoding_lacks() -> None:
    script = "import sys; from preses_relizes import commands; sys.argv[1:] = ['--help']"
    ends = "\ntry: commands.crawl()\nexcept SystemExit: print('Rīga')"
    done = run_bounded(
        [sys.executable, "-c", script + ends],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "R\\u012bga"


@pytest.mark.parametrize(
    ("command", "begun", "completed"),
    [
        ("crawl", "re", "reextract"),
        ("crawl", "--config config.toml --site ie", "iem"),
        ("crawl", "stats --site vug", "vugd"),
        ("crawl", "--accept-loss ie", "iem"),
        ("crawl", "undo ie", "iem"),
        ("reindex", "--ro", "--rollback"),
        ("serve", "--po", "--port"),
        ("releases", "ba", "backup"),
    ],
)
def test_shell_completes_commands_and_options(command: str, begun: str, completed: str) -> None:
    asked = {
        f"_{command.upper()}_COMPLETE": "complete_bash",
        "COMP_WORDS": f"{command} {begun}",
        "COMP_CWORD": str(len(begun.split())),
    }
    done = run_bounded(
        [PROGRAMS / command],
        cwd=ROOT,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [completed]


@pytest.mark.parametrize("command", ["crawl", "reindex", "serve"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(("shell", "status"), [((), 130), (IGNORING, 7)], ids=["handled", "ignored"])
def test_signal_ends_a_starting_command_quietly(
    command: str, tmp_path: Path, number: signal.Signals, shell: tuple[str, ...], status: int
) -> None:
    # All three import Typer; this one blocks until the command is to end.
    (tmp_path / "typer.py").write_text("print('loading', flush=True)\ninput()\nraise SystemExit(7)\n")
    with child(
        [*shell, PROGRAMS / command],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as starting:
        assert starting.stdout is not None
        assert starting.stdout.readline() == "loading\n"
        starting.send_signal(number)
        if not shell:
            # The program of `serve` could read the line before it hears of the signal.
            starting.wait(DEADLINE_S)
        output = starting.communicate("\n", timeout=DEADLINE_S)
    assert (starting.returncode, output) == (status, ("", ""))


@pytest.mark.long_sweep
@pytest.mark.parametrize(("umask", "others"), [("000", 0o027), ("022", 0o027), ("077", 0o077)])
def test_other_users_cannot_read_or_write_the_files_of_commands(
    sites: server.Sites, tmp_path: Path, umask: str, others: int
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(server.crawl_config({"vugd": sites["vugd"]}, tmp_path / "data"), encoding="utf-8")
    for command in ("crawl --log log.jsonl", "reindex", f"serve --json --port {free_port()}"):
        name, *options = command.split()
        shell = ["sh", "-c", f'umask {umask}; exec "$@"', "sh", PROGRAMS / name, *options]
        with child([*shell, "--config", config], cwd=tmp_path, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            if name == "serve":
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=DEADLINE_S)
        assert process.returncode == 0
    made = {path for path in tmp_path.rglob("*") if path != config}
    names = {path.name for path in made}
    assert {
        "releases.sqlite3",
        "crawl.lock",
        "reports",
        "crawl.prom",
        "index",
        "CURRENT",
        "log.jsonl",
    } <= names
    assert [path for path in made if path.stat().st_mode & others] == []


def test_store_in_use_is_closed_to_others_with_all_its_files(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from preses_relizes import commands
from crawler.store.releases import Store
os.umask(0)
sys.argv = ["crawl", "--help"]
try:
    commands.crawl()
except SystemExit:
    with Store(Path("x.sqlite3")) as store:
        store.execute("INSERT INTO takedown VALUES ('u', '2026')")
        print(*(oct(path.stat().st_mode) for path in Path().iterdir()))
"""
    done = run_bounded([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == ["0o100640"] * 3
