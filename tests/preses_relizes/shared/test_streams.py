"""No command ends with a traceback, whatever its streams and locks are like."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TextIO

import pytest

from preses_relizes.shared.streams import BROKEN, OUTPUT, exit_if_unwritable, reason_of, take_any_text
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.installation import install

pytestmark = pytest.mark.sweep

PROGRAMS = Path(sys.executable).parent
FULL = Path("/dev/full")
LINES = [
    "crawl stats",
    "crawl check --offline --json",
    "reindex --check --json",
    "releases check --offline",
    "releases prune --json",
]
# Output is buffered unless the machine says otherwise, so it may fail as late as at the end.
USUAL = {"PYTHONUNBUFFERED": ""}
ASCII = {"PYTHONIOENCODING": "ascii"}
PLAIN_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    config = install(tmp_path)
    settings = (
        'data_dir = "data"\n[crawler]\nbuilt_in_sites = ["iem"]\n[crawler.politeness]\n'
        f'user_agent = "x (+https://relizes.lv/)"\n{FEW_CONCEPTS}'
    )
    config.write_text(settings, encoding="utf-8")
    return config


def run(
    line: str, *, environment: dict[str, str] | None = None, stdout: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command *line* as a user does; its output goes to the file *stdout* or is returned."""
    program, *arguments = line.split()
    return subprocess.run(
        [PROGRAMS / program, *arguments],
        env={**os.environ, **USUAL, **(environment or {})},
        stdout=subprocess.PIPE if stdout is None else stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.long_sweep
@pytest.mark.parametrize("environment", [ASCII, PLAIN_C], ids=["ascii", "C"])
@pytest.mark.parametrize("line", LINES)
def test_output_needs_no_letters_beyond_ascii(config: Path, line: str, environment: dict[str, str]) -> None:
    usual, done = run(line), run(line, environment=environment)
    assert (done.returncode, "Traceback" in done.stderr) == (usual.returncode, False), done.stderr
    if "--json" in line:
        assert json.loads(done.stdout) == json.loads(usual.stdout)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "unbuffered"),
    [
        *((line, "") for line in [*LINES, "crawl --help", "releases --version"]),
        ("crawl stats", "1"),
        ("reindex --check --json", "1"),
    ],
)
def test_a_full_disk_behind_the_output_is_named(config: Path, line: str, unbuffered: str) -> None:
    with FULL.open("w") as full:
        done = run(line, environment={"PYTHONUNBUFFERED": unbuffered}, stdout=full.fileno())
    (reason,) = done.stderr.splitlines()
    program = line.partition(" ")[0]
    assert (done.returncode, reason) == (4, f"{program}: standard output: No space left on device")


@pytest.mark.parametrize(
    ("line", "lock"),
    [
        ("crawl --since 2026-01-01", "data/crawl.lock"),
        ("crawl check", "data/crawl.lock"),
        ("crawl reextract", "data/crawl.lock"),
        ("crawl undo iem", "data/crawl.lock"),
        ("crawl hide https://www.iem.gov.lv/lv/jaunums/x --unseen", "data/crawl.lock"),
        ("reindex", "data/index/reindex.lock"),
        ("releases upgrade", "data/crawl.lock"),
        ("releases prune --compact", "data/crawl.lock"),
        ("releases export . --address https://example.lv/", ".export.lock"),
    ],
)
def test_a_lock_that_cannot_be_written_is_named(config: Path, line: str, lock: str) -> None:
    place = config.parent / lock
    place.mkdir(parents=True)
    done = run(line)
    (reason,) = done.stderr.splitlines()
    assert (done.returncode, reason) == (4, f"{line.partition(' ')[0]}: {place}: Is a directory")


# --- One stream after another, in this process ---


@contextmanager
def ascii_streams() -> Iterator[tuple[BytesIO, BytesIO]]:
    """Replace both streams by some that take ASCII only; yield what is written to them."""
    out, error = BytesIO(), BytesIO()
    with (
        TextIOWrapper(out, encoding="ascii", write_through=True) as text_out,
        TextIOWrapper(error, encoding="ascii", errors="backslashreplace", write_through=True) as text_error,
        redirect_stdout(text_out),
        redirect_stderr(text_error),
    ):
        yield out, error


def test_letters_that_an_encoding_lacks_are_written_as_json_reads_them() -> None:
    text = "ā😀\ud800z"
    with ascii_streams() as streams:
        take_any_text()
        for stream, written in zip((sys.stdout, sys.stderr), streams, strict=True):
            stream.write(f'"{text}"')
            assert written.getvalue() == b'"\\u0101\\ud83d\\ude00\\ud800z"'
            assert json.loads(written.getvalue()) == text


def test_a_stream_that_takes_all_letters_takes_half_ones_too() -> None:
    out = BytesIO()
    with TextIOWrapper(out, encoding="utf-8", errors="strict", write_through=True) as stream:
        with redirect_stdout(stream):
            take_any_text()
            sys.stdout.write("ā\ud800")
        assert out.getvalue() == "ā\\ud800".encode()


def test_only_what_cannot_be_written_is_escaped() -> None:
    take_any_text()
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", "preses-relizes-escapes")


@pytest.mark.parametrize(
    ("error", "place", "reason"),
    [
        (OSError(13, "Permission denied", "x"), "a file", "x: Permission denied"),
        (OSError(28, "No space left on device"), "a file", "a file: No space left on device"),
        (OSError(28, "No space left on device"), "a lock", "a lock: No space left on device"),
        (OSError("odd"), "a file", "a file: odd"),
    ],
)
def test_a_reason_names_the_file_or_the_place(error: OSError, place: str, reason: str) -> None:
    with ascii_streams():
        assert reason_of(error, place) == reason
        assert reason_of(OSError("odd")) == "a file: odd"


def end_of(ending: BaseException | None, out: TextIO | None = None) -> tuple[object, bytes]:
    """End a command by *ending*, with *out* as its output; return its status and its complaints."""
    with ascii_streams() as (_, error), ExitStack() as redirected:
        if out is not None:
            redirected.enter_context(redirect_stdout(out))
        with pytest.raises(SystemExit) as exit_:
            run_to(ending)
        return exit_.value.code, error.getvalue()


def run_to(ending: BaseException | None) -> None:
    with exit_if_unwritable("x"):
        print("told")
        if ending is not None:
            raise ending


FULL_DISK = b"x: standard output: No space left on device\n"


@pytest.mark.parametrize(
    ("ending", "status", "said"),
    [
        (None, None, b""),
        (SystemExit(3), 3, b""),
        (SystemExit(None), None, b""),
        (OSError(28, "No space left on device"), 4, FULL_DISK),
        (OSError(13, "Permission denied", "f"), 4, b"x: f: Permission denied\n"),
    ],
)
def test_a_command_ends_with_its_status_or_with_the_fault_of_its_output(
    ending: BaseException | None, status: int | None, said: bytes
) -> None:
    assert end_of(ending) == (status, said)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize(("ending", "status"), [(None, 4), (SystemExit(0), 4), (SystemExit(2), 2)])
def test_output_that_is_lost_is_a_fault_unless_there_is_another(
    ending: BaseException | None, status: int
) -> None:
    with FULL.open("w", encoding="ascii") as full:
        assert end_of(ending, full) == (status, FULL_DISK if status == 4 else b"")


def test_other_errors_pass() -> None:
    with ascii_streams(), pytest.raises(ZeroDivisionError):
        run_to(ZeroDivisionError())
    assert (BROKEN, OUTPUT) == (4, "standard output")
