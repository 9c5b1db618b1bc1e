"""whoosh3's own test suite, from its source package, with our codec as its default."""

import os
import re
import subprocess
import sys
import tarfile
from contextlib import AbstractContextManager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from tests.support.children import LIVES_S, child, run_bounded

ROOT = Path(__file__).parents[3]
# Every interpreter imports sitecustomize on start, including those that the multiprocess writer spawns.
OUR_CODEC = """
import whoosh.codec
from index.codec import ArrayCodec

whoosh.codec.default_codec = ArrayCodec
"""
# Some of its tests draw lengths at random, and a few draws hide that ours keeps them exactly.
SAME_DRAWS = """
import random

import pytest


@pytest.fixture(autouse=True)
def same_draws(request):
    random.seed(request.node.nodeid)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source package of the pinned whoosh3."""
    try:
        installed = version("whoosh3")
    except PackageNotFoundError:
        pytest.skip("the suite is whoosh3's; another distribution of Whoosh is installed")
    folder = tmp_path_factory.mktemp("whoosh3")
    pin = re.search(r"^whoosh3==(?:.*\\\n)*.*\n", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert pin
    (folder / "pin.txt").write_text(pin[0].rstrip("\\\n ") + "\n")
    command = ["pip", "download", "--quiet", "--no-deps", "--no-binary", "whoosh3", "--require-hashes"]
    result = run_bounded(
        [sys.executable, "-m", *command, "-r", "pin.txt"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        pytest.skip(f"needs the source package of whoosh3 {installed}: {result.stderr.strip()[-200:]}")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as package:
        package.extractall(folder, filter="data")
    return folder / f"whoosh3-{installed}"


def suite(source: Path, *paths: Path) -> AbstractContextManager["subprocess.Popen[str]"]:
    return child(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests",
            "-q",
            "-rA",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            "-p",
            "same_draws",
        ],
        cwd=source,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def passing_tests(output: str) -> set[str]:
    return set(re.findall(r"^PASSED tests/(\S+)", output, re.MULTILINE))


def documented_failures() -> set[str]:
    text = (ROOT / "docs" / "index-format.md").read_text("utf-8")
    return set(re.findall(r"`(test_\w+\.py::\w+)`", text))


@pytest.mark.long_sweep
def test_suite_passes_except_for_the_documented_tests(source: Path, tmp_path: Path) -> None:
    draws, codec = tmp_path / "draws", tmp_path / "codec"
    for path, text in ((draws / "same_draws.py", SAME_DRAWS), (codec / "sitecustomize.py", OUR_CODEC)):
        path.parent.mkdir()
        path.write_text(text)
    with suite(source, draws) as unchanged, suite(source, draws, codec, ROOT) as changed:
        stock, ours = (run.communicate(timeout=LIVES_S)[0] for run in (unchanged, changed))
    assert len(passing_tests(stock)) >= 850, stock[-2_000:]
    assert passing_tests(stock) - passing_tests(ours) == documented_failures()
    assert "DamagedError" not in ours
