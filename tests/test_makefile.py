"""What `make` would do: nothing is installed here."""

from pathlib import Path

import pytest

from tests.support.children import run_bounded

ROOT = Path(__file__).parents[1]


def dry_run(*arguments: str) -> tuple[int, str]:
    done = run_bounded(
        ["make", "--dry-run", "--always-make", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_compiler_of_the_machine_compiles_unless_another_is_asked_for() -> None:
    status, printed = dry_run("install")
    assert status == 0
    assert "--no-build-isolation" in printed
    assert "zig" not in printed
    assert "CC=" not in printed


def test_asked_for_zig_is_installed_and_compiles() -> None:
    status, printed = dry_run("install", "COMPILER=zig")
    assert status == 0
    locked, build = (
        next(row for row, line in enumerate(printed.splitlines()) if part in line)
        for part in (
            "--no-deps --require-hashes -r requirements-compiler.lock",
            f'CC="{ROOT}/.venv/bin/python -m ziglang cc"',
        )
    )
    assert locked < build


@pytest.mark.parametrize("target", ["install", "help"])
def test_unknown_compiler_is_refused(target: str) -> None:
    status, printed = dry_run(target, "COMPILER=gcc")
    assert status != 0
    assert "COMPILER=gcc: must be zig, or left out" in printed
