"""The package as users get it: built, checked, installed in a clean environment, used in an empty folder."""

import email
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from preses_relizes import __version__
from samples.server import Sites, crawl_config
from tests.support.awaiting import DEADLINE_S
from tests.support.children import child, first_line, run_bounded
from tests.support.serving import free_port

pytestmark = pytest.mark.sweep

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE = sorted((ROOT / "index").rglob("*.p[yx][xd]"))


def pythons() -> dict[int, list[str]]:
    """Return the Pythons of this machine that the package is for, by their minor version, the best first."""
    found: dict[int, list[str]] = {}
    for minor in range(11, 20):
        installed = sorted(map(str, Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3")))
        if programs := [*filter(None, [shutil.which(f"python3.{minor}")]), *installed]:
            found[minor] = programs
    return found


def version_of(program: str) -> str:
    """Return ``3.N``; "" if the program does not run or cannot make environments."""
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    done = run_bounded([program, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what `make package` makes: the sdist, and the wheel for every platform."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--quiet", "--no-isolation", "--outdir", folder, ROOT]
    run_bounded(command, env=os.environ | {"PRESES_RELIZES_BUILD": "pure"}, check=True, capture_output=True)
    return folder


def wheel_of(built: Path) -> Path:
    [wheel] = built.glob("*.whl")
    return wheel


def sdist_of(built: Path) -> Path:
    [sdist] = built.glob("*.tar.gz")
    return sdist


def new_environment(python: str, folder: Path) -> list[str | Path]:
    """Make an environment of *python* with what the package needs, pinned; return the command of its pip."""
    run_bounded([python, "-m", "venv", folder], check=True, capture_output=True)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run_bounded(
        [*pip, "install", "--no-compile", "--no-deps", "--require-hashes", "-r", ROOT / "requirements.lock"],
        check=True,
    )
    return pip


def test_metadata_are_what_the_index_accepts(built: Path) -> None:
    command = [Path(sys.executable).with_name("twine"), "check", "--strict", *built.iterdir()]
    done = run_bounded(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_wheel_has_every_licence_and_what_the_program_needs(built: Path) -> None:
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        names = set(wheel.namelist())
        metadata = email.message_from_bytes(wheel.read(f"preses_relizes-{__version__}.dist-info/METADATA"))
    top = {name.partition("/")[0] for name in names}
    assert top == {
        "crawler",
        "index",
        "preses_relizes",
        "searcher",
        f"preses_relizes-{__version__}.dist-info",
    }
    assert {f"{package}/py.typed" for package in top if "." not in package} <= names
    assert {
        f"crawler/config/shipped/{name}.toml" for name in ("config", "institutions", "starter", "templates")
    } <= names
    licences = f"preses_relizes-{__version__}.dist-info/licenses"
    assert {f"{licences}/{name}" for name in PROJECT["license-files"]} <= names
    assert metadata["License-Expression"] == "Apache-2.0 AND LGPL-2.1-or-later AND CC-BY-SA-4.0 AND MIT"


def test_every_licence_of_the_data_is_named() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    with_licences = [
        path for path in (ROOT / "index").rglob("*") if "licens" in path.name.lower() or "LGPL" in path.name
    ]
    assert len(with_licences) == 5
    assert {str(path.relative_to(ROOT)) for path in with_licences} <= set(PROJECT["license-files"])
    assert [path.name for path in with_licences if path.name not in notice] == []


def test_sdist_has_the_tests(built: Path) -> None:
    assert {
        "tests/test_package.py",
        "config.toml",
        "NOTICE",
        "requirements.lock",
        "Makefile",
    } <= names_in_sdist(built)


def names_in_sdist(built: Path) -> set[str]:
    with tarfile.open(sdist_of(built)) as tar:
        return {name.partition("/")[2] for name in tar.getnames()}


def test_sdist_has_the_sources_of_the_core_and_nothing_compiled(built: Path) -> None:
    names = names_in_sdist(built)
    assert {"hatch_build.py", *(source.relative_to(ROOT).as_posix() for source in CORE)} <= names
    assert [name for name in names if name.endswith((".c", ".o", ".so"))] == []


def test_wheel_for_every_platform_has_nothing_compiled_and_no_sources_of_it(built: Path) -> None:
    with zipfile.ZipFile(wheel_of(built)) as wheel:
        names = wheel.namelist()
    assert wheel_of(built).name == f"preses_relizes-{__version__}-py3-none-any.whl"
    assert [name for name in names if name.endswith((".c", ".o", ".so", ".pyx", ".pxd"))] == []


@pytest.mark.long_sweep
@pytest.mark.skipif(shutil.which(os.environ.get("CC", "cc")) is None, reason="needs a C compiler")
def test_sdist_becomes_a_compiled_package_with_a_compiler_and_a_pure_one_without(
    built: Path, tmp_path: Path
) -> None:
    environment = tmp_path / "environment"
    pip = new_environment(sys.executable, environment)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run_bounded(
        [*build, "--wheel-dir", tmp_path, sdist_of(built)],
        env=os.environ | {"PRESES_RELIZES_BUILD": "compiled"},
        check=True,
    )
    assert f"-cp3{sys.version_info.minor}-" in wheel_of(tmp_path).name

    def finds_a_release(core: str) -> bool:
        done = run_bounded(
            [environment / "bin" / "python", ROOT / ".ci" / "smoke.py", core],
            cwd=tmp_path,
            env=clean_environment(environment),
            check=False,
        )
        return bool(done.returncode == 0)

    run_bounded([*pip, "install", "--no-deps", wheel_of(tmp_path)], check=True)
    assert finds_a_release("compiled")
    # In an environment of the build's own, as users install it.
    run_bounded(
        [*pip, "install", "--force-reinstall", "--no-deps", sdist_of(built)],
        env=os.environ | {"PRESES_RELIZES_BUILD": "", "CC": "/nonexistent/compiler"},
        check=True,
    )
    assert finds_a_release("pure")


@pytest.mark.long_sweep
@pytest.mark.parametrize("minor", pythons())
def test_five_commands_from_nothing_to_a_search(
    minor: int, built: Path, sites: Sites, tmp_path: Path
) -> None:
    python = next((program for program in pythons()[minor] if version_of(program) == f"3.{minor}"), None)
    if python is None:
        pytest.skip(f"needs a Python 3.{minor} that makes environments: {pythons()[minor]} do not")
    environment, folder = tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    pip = new_environment(python, environment)
    run_bounded([*pip, "install", "--no-deps", wheel_of(built)], check=True)
    run_bounded([*pip, "check"], check=True, capture_output=True)

    def run(*command: str) -> str:
        done = run_bounded(
            [environment / "bin" / command[0], *command[1:]],
            cwd=folder,
            env=clean_environment(environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout + done.stderr)
        return done.stdout

    for command in ("crawl", "reindex", "serve", "releases"):
        assert run(command, "--version").splitlines()[0] == f"preses-relizes {__version__}"
    assert "crawl --site" in run("crawl", "init", "--contact", "+https://example.lv/bot")
    use_samples(folder / "config.toml", {id_: sites[id_] for id_ in ("vugd", "mod")})
    run("crawl")
    run("reindex")
    assert "BAD" not in run("releases", "check")
    with serving(environment, folder) as address:
        assert requests.get(f"{address}/?q=ugunsdzesibas", timeout=DEADLINE_S).status_code == 200
        assert (
            requests.get(f"{address}/api/v1/search?q=ugunsdzesibas", timeout=DEADLINE_S).json()["total"] > 0
        )


def clean_environment(environment: Path) -> dict[str, str]:
    return {"PATH": f"{environment / 'bin'}:/usr/bin:/bin", "HOME": str(environment), "COLUMNS": "200"}


def use_samples(config: Path, sites: dict[str, str]) -> None:
    """Let the new settings crawl sample sites in place of the built-in ones."""
    samples = crawl_config(sites, "data")
    origins = [origin.removeprefix("http://") for origin in sites.values()]
    text = config.read_text(encoding="utf-8").replace(
        'built_in_sites = ["all"]', f"allow_origins = {origins}"
    )
    tables = samples[samples.index("[[crawler.sites]]") :]
    config.write_text(f"{text}\n{tables}", encoding="utf-8")


@contextmanager
def serving(environment: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    command = [environment / "bin" / "serve", "--port", str(port), "--processes", "1"]
    with child(command, cwd=folder, env=clean_environment(environment), stdout=subprocess.PIPE) as server:
        assert first_line(server).startswith("Serving on ")
        yield f"http://127.0.0.1:{port}"
