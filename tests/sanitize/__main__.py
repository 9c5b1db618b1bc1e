"""`make sanitize`: the compiled core, built with AddressSanitizer and UndefinedBehaviorSanitizer.

In a copy of the tree, the tests of the core run with new examples of their properties; then random damage
is done to segments that are searched. Each array is a copy on the heap, so that any read beyond its end is
found.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("crawler", "index", "preses_relizes", "searcher", "samples", "tests", "docs", "config.toml")
BUILD = ("hatch_build.py", "pyproject.toml", "README.md")
SANITIZERS = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
COMPILER = os.environ.get("CC", "gcc")
COMPILE = """
from pathlib import Path
import hatch_build
root = Path.cwd()
hatch_build.put_in_place(hatch_build.compile_all(root), root)
"""
PYTEST = ("-m", "pytest", "-q", "-n", "auto", "-p", "tests.sanitize.heap_arrays", "--explore")


def tests_of_the_core() -> list[str]:
    """Return the files with tests of the modules that have types of C."""
    named = tomllib.loads((ROOT / "tests" / "tested_in.toml").read_text(encoding="utf-8"))
    found = set()
    for path in ROOT.glob("index/**/*.pxd"):
        for source in filter(Path.exists, (path.with_suffix(".py"), path.with_suffix(".pyx"))):
            name = source.relative_to(ROOT)
            found.add(named.get(name.as_posix(), f"tests/{name.parent.as_posix()}/test_{name.stem}.py"))
    return sorted(found)


def main() -> int:
    """Build, test and damage; return 1 if a sanitizer or a test complains."""
    parser = argparse.ArgumentParser(prog="python -m tests.sanitize", description=__doc__)
    parser.add_argument("--minutes", type=float, default=4, help="how long damage is done (4)")
    parser.add_argument("--tries", type=int, default=12, help="cases of each table (12)")
    arguments = parser.parse_args()
    if shutil.which(COMPILER) is None:
        print(f"{COMPILER} is missing: the sanitizers are skipped.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        _copy(Path(folder))
        _run(folder, "-c", COMPILE, CFLAGS=SANITIZERS, LDFLAGS=SANITIZERS)
        sanitized = _environment()
        # What all modules of the core find together, and each of them by itself.
        tests = "tests/index/search", *tests_of_the_core()
        tries = "--few-cases", str(arguments.tries)
        holds = _run(folder, *PYTEST, *tries, *tests, check=False, **sanitized)
        seconds = str(arguments.minutes * 60)
        holds &= _run(folder, "-m", "tests.sanitize.damage", seconds, check=False, **sanitized)
    return 0 if holds else 1


def _copy(folder: Path) -> None:
    ignored = shutil.ignore_patterns("*.so", "__pycache__")
    for name in (*COPIED, *BUILD):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)


def _environment() -> dict[str, str]:
    """Return the variables by which Python, which is not built with the sanitizers, loads them first."""
    libraries = [_library("libasan.so"), _library("libstdc++.so")]
    return {
        "LD_PRELOAD": " ".join(libraries),
        "PYTHONMALLOC": "malloc",  # Python's own allocator would hide overruns
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",  # Python leaves objects at its end
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }


def _library(name: str) -> str:
    command = [COMPILER, f"-print-file-name={name}"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _run(folder: str, *arguments: str, check: bool = True, **environment: str) -> bool:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, check=check)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
