"""The locks are right for every Python that the package is for, whichever one ran `make lock`."""

import json
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
ASKED = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"],
    "requirements-build.lock": PYPROJECT["build-system"]["requires"],
    "requirements-compiler.lock": ["ziglang"],
}
CLASSIFIER = "Programming Language :: Python :: 3."
PYTHONS = [
    name.removeprefix("Programming Language :: Python :: ")
    for name in PROJECT["classifiers"]
    if name.startswith(CLASSIFIER)
]

every_lock = pytest.mark.parametrize("lock", ASKED)
every_python = pytest.mark.parametrize("python", PYTHONS)


def entries(lock: str) -> list[Requirement]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.removesuffix("\\")) for line in lines if line and line[0] not in " #"]


def applies(requirement: Requirement, python: str, extra: str = "") -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
    return requirement.marker is None or requirement.marker.evaluate(default_environment() | environment)


def needed(asked: Iterable[str], python: str) -> set[str]:
    """Return the names of all packages that *python* needs for *asked*, as the installed packages tell."""
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in asked]
    while waiting:
        requirement = waiting.pop()
        for extra in ("", *requirement.extras):
            name = canonicalize_name(requirement.name)
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [one for one in needs_of(name) if applies(one, python, extra)]
    return {name for name, _ in seen}


def needs_of(name: str) -> list[Requirement]:
    """Return what the package *name* asks for; nothing if only other Pythons have it."""
    try:
        return [Requirement(text) for text in distribution(name).requires or ()]
    except PackageNotFoundError:
        return []


@every_python
@every_lock
def test_lock_has_what_each_python_needs_and_nothing_else(lock: str, python: str) -> None:
    locked = {canonicalize_name(entry.name) for entry in entries(lock) if applies(entry, python)}
    assert locked == needed(ASKED[lock], python)


@every_python
@every_lock
def test_every_locked_version_runs_on_each_python(lock: str, python: str) -> None:
    wanted = {entry.name: entry for entry in entries(lock) if applies(entry, python)}
    versions = {name: requires_python(name) for name in wanted}
    assert {name: text for name, text in versions.items() if f"{python}.9" not in SpecifierSet(text)} == {}


def requires_python(name: str) -> str:
    try:
        return str(distribution(name).metadata.get("Requires-Python") or "")
    except PackageNotFoundError:
        return ""


@every_lock
def test_lock_names_no_index(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("file", [".github/workflows/ci.yml", ".gitlab-ci.yml"])
def test_ci_tries_every_python(file: str) -> None:
    assert json.dumps(PYTHONS) in (ROOT / file).read_text(encoding="utf-8")


INSTALLS = re.compile(r"\binstall\b.*(-r|--requirement)[ =\"',]+.*\.lock")
INSTRUCTIONS = [
    "Makefile",
    "README.md",
    "docs/*.md",
    "deploy/container/*",
    ".github/workflows/*",
    "tests/test_package.py",
]


def test_pip_takes_a_lock_as_it_stands() -> None:
    """Else pip looks for the newest lxml[html_clean], which justext needs and no lock has a hash of."""
    texts = [file.read_text(encoding="utf-8") for pattern in INSTRUCTIONS for file in ROOT.glob(pattern)]
    lines = [line for text in texts for line in text.splitlines() if INSTALLS.search(line)]
    assert len(lines) >= 7
    assert [line for line in lines if "--no-deps" not in line] == []
