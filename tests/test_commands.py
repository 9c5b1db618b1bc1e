"""What all commands promise a new user."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(sys.executable).parent
# As a script begins what runs in its background.
IGNORING = ("sh", "-c", "trap '' INT; exec \"$0\"")


@pytest.mark.parametrize("command", ["crawl", "reindex", "serve"])
@pytest.mark.parametrize("taught", ["xample", "Exit codes: 0", "--config", "--json"])
def test_help_teaches(command: str, taught: str) -> None:
    done = subprocess.run([PROGRAMS / command, "--help"], capture_output=True, text=True, check=True)
    assert taught in done.stdout


@pytest.mark.parametrize("command", ["crawl", "reindex", "serve"])
@pytest.mark.parametrize(("shell", "status"), [((), 130), (IGNORING, 7)], ids=["heard", "ignored"])
def test_ctrl_c_ends_a_start_quietly(
    command: str, tmp_path: Path, shell: tuple[str, ...], status: int
) -> None:
    # All three load Typer; this one takes until it is told to end.
    (tmp_path / "typer.py").write_text("print('loading', flush=True)\ninput()\nraise SystemExit(7)\n")
    with subprocess.Popen(
        [*shell, PROGRAMS / command],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as starting:
        assert starting.stdout is not None
        assert starting.stdout.readline() == "loading\n"
        starting.send_signal(signal.SIGINT)
        said = starting.communicate("\n", timeout=10)
    assert (starting.returncode, said) == (status, ("", ""))
