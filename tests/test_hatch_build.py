"""The hook that compiles the search core, in a package with a core of its own."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from hatch_build import SUFFIX, reason
from tests.support.children import run_bounded

pytestmark = [pytest.mark.sweep, pytest.mark.long_sweep]

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYPROJECT = f"""
[build-system]
requires = {SETTINGS["build-system"]["requires"]}
build-backend = "hatchling.build"

[project]
name = "small"
version = "1"
requires-python = ">=3.11"

[tool.hatch.build.targets.wheel]
packages = ["index"]
exclude = {SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]}

[tool.hatch.build.targets.wheel.hooks.custom]
"""
# `fused` would be 2**-60 more if its product and its sum were rounded once.
CORE = {
    "adder.pyx": "from index.search.compiled.doubler cimport double_of\n"
    "def one_more(x): return double_of(x) + 1\n",
    "halver.pxd": "cdef class Half:\n    cdef int whole\n    cpdef int value(self)\n",
    "halver.py": "class Half:\n    def __init__(self, whole):\n        self.whole = whole\n"
    "    def value(self):\n        return self.whole // 2\n",
    "doubler.pxd": "cdef double double_of(double x)\n",
    "doubler.pyx": "cdef double double_of(double x): return x + x\n"
    "def fused(double x, double y): return x * x + y\n",
}
IN_PLACE = {f"adder{SUFFIX}", f"doubler{SUFFIX}", f"halver{SUFFIX}"}
NO_COMPILER = {"CC": "/nonexistent/compiler"}
needs_compiler = pytest.mark.skipif(
    shutil.which(os.environ.get("CC", "cc")) is None, reason="needs a C compiler"
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return the sources of a small package with our hook."""
    core = tmp_path / "small" / "index" / "search" / "compiled"
    core.mkdir(parents=True)
    for folder in (core, *core.parents[:2]):
        (folder / "__init__.py").touch()
    for name, text in CORE.items():
        (core / name).write_text(text)
    (tmp_path / "small" / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "small" / ".gitignore").write_text("*.so\n")
    shutil.copy(ROOT / "hatch_build.py", tmp_path / "small")
    return tmp_path / "small"


def core_of(package: Path) -> Path:
    return package / "index" / "search" / "compiled"


def build(package: Path, target: str = "wheel", **environment: str) -> "subprocess.CompletedProcess[str]":
    """Build *target* of *package* as every installer does, in the environment of the tests."""
    return run_bounded(
        [sys.executable, "-m", "hatchling", "build", "--target", target],
        cwd=package,
        env=os.environ | {"PRESES_RELIZES_BUILD": ""} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def wheel_of(package: Path) -> Path:
    [wheel] = (package / "dist").glob("*.whl")
    return wheel


def modules_in(wheel: Path) -> set[str]:
    """Return the names of the files of the core in *wheel*."""
    folder = "index/search/compiled/"
    with zipfile.ZipFile(wheel) as files:
        return {name.removeprefix(folder) for name in files.namelist() if name.startswith(folder)}


def in_place(package: Path) -> set[str]:
    return {path.name for path in core_of(package).iterdir() if path.suffix == ".so"}


def compiled_at(package: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in package.glob(f"build/**/*{SUFFIX}")}


def calculated(package: Path, expression: str) -> str:
    """Return what *expression* is with the modules that are compiled in place."""
    code = f"from index.search.compiled import adder, doubler, halver; print({expression})"
    done = run_bounded([sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=True)
    return str(done.stdout).strip()


@needs_compiler
def test_wheel_has_the_compiled_modules_for_its_platform_alone(package: Path) -> None:
    assert build(package).returncode == 0
    assert modules_in(wheel_of(package)) == {"__init__.py", "halver.py", *IN_PLACE}
    assert f"-cp3{sys.version_info.minor}-cp3{sys.version_info.minor}-" in wheel_of(package).name
    assert not in_place(package)


@needs_compiler
def test_editable_install_has_the_modules_beside_their_sources(package: Path) -> None:
    assert build(package, "wheel:editable").returncode == 0
    assert (in_place(package), calculated(package, "adder.one_more(2)")) == (IN_PLACE, "5.0")


@needs_compiler
def test_product_and_sum_are_rounded_one_after_the_other(package: Path) -> None:
    build(package, "wheel:editable", CFLAGS="-mfma" if os.uname().machine == "x86_64" else "")
    assert calculated(package, "doubler.fused(1 + 2**-30, -(1 + 2**-29))") == "0.0"


@needs_compiler
def test_next_build_compiles_only_what_changed(package: Path) -> None:
    build(package, "wheel:editable")
    before = compiled_at(package)
    (core_of(package) / "adder.pyx").write_text(CORE["adder.pyx"].replace("+ 1", "+ 10"))
    build(package, "wheel:editable")
    changed = {name for name, at in compiled_at(package).items() if at != before[name]}
    assert (changed, calculated(package, "adder.one_more(2)")) == ({f"adder{SUFFIX}"}, "14.0")


# Compiled, a number that is no `int` of C is refused.
HALF_OF_MUCH = "halver.Half(2**40).value()"


@needs_compiler
def test_module_with_types_is_loaded_compiled(package: Path) -> None:
    build(package, "wheel:editable")
    assert calculated(package, "halver.Half(7).value(), halver.__file__.endswith('.so')") == "3 True"
    with pytest.raises(subprocess.CalledProcessError):
        calculated(package, HALF_OF_MUCH)


def test_module_with_types_is_interpreted_if_it_is_not_compiled(package: Path) -> None:
    build(package, "wheel:editable", PRESES_RELIZES_BUILD="pure")
    code = f"from index.search.compiled import halver; print({HALF_OF_MUCH})"
    done = run_bounded([sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=True)
    assert done.stdout == f"{2**39}\n"


@needs_compiler
def test_changed_module_with_types_is_compiled_again(package: Path) -> None:
    build(package, "wheel:editable")
    (core_of(package) / "halver.py").write_text(CORE["halver.py"].replace("// 2", "// 3"))
    build(package, "wheel:editable")
    assert calculated(package, "halver.Half(7).value()") == "2"


@needs_compiler
@pytest.mark.parametrize(
    ("changed", "dependent"),
    [
        ("hatch_build.py", IN_PLACE),
        ("index/search/compiled/doubler.pxd", {f"adder{SUFFIX}", f"doubler{SUFFIX}"}),
        ("index/search/compiled/halver.pxd", {f"halver{SUFFIX}"}),
    ],
)
def test_next_build_compiles_what_depends_on_what_changed(
    changed: str, dependent: set[str], package: Path
) -> None:
    build(package, "wheel:editable")
    before = compiled_at(package)
    (package / changed).touch()
    build(package, "wheel:editable")
    assert {name for name, at in compiled_at(package).items() if at != before[name]} == dependent


@needs_compiler
def test_module_whose_source_is_gone_is_removed(package: Path) -> None:
    build(package, "wheel:editable")
    (core_of(package) / "adder.pyx").unlink()
    build(package, "wheel:editable")
    assert in_place(package) == IN_PLACE - {f"adder{SUFFIX}"}


def test_without_a_compiler_the_package_is_pure_and_one_line_says_why(package: Path) -> None:
    done = build(package, **NO_COMPILER)
    [line] = [line for line in done.stdout.splitlines() if "search core" in line]
    assert ("/nonexistent/compiler" in line, "five times as long" in line) == (True, True)
    assert (done.returncode, wheel_of(package).name) == (0, "small-1-py3-none-any.whl")
    assert modules_in(wheel_of(package)) == {"__init__.py", "halver.py"}


@needs_compiler
def test_core_that_no_longer_compiles_is_removed_and_the_line_names_the_place(package: Path) -> None:
    build(package, "wheel:editable")
    (core_of(package) / "adder.pyx").write_text("def one_more(x): return y\n")
    done = build(package, "wheel:editable")
    assert (done.returncode, in_place(package)) == (0, set())
    assert "index/search/compiled/adder.pyx:1:24: undeclared name" in done.stdout


def test_where_a_core_is_demanded_its_absence_is_an_error(package: Path) -> None:
    done = build(package, PRESES_RELIZES_BUILD="compiled", **NO_COMPILER)
    assert (done.returncode, "cannot be compiled: " in done.stdout) == (1, True)
    assert not (package / "dist").exists() or not [*(package / "dist").iterdir()]


def test_where_none_is_wanted_none_is_compiled(package: Path) -> None:
    done = build(package, PRESES_RELIZES_BUILD="pure")
    assert (done.returncode, "search core" in done.stdout) == (0, False)
    assert wheel_of(package).name == "small-1-py3-none-any.whl"
    assert not (package / "build").exists()


def test_misspelt_wish_is_an_error(package: Path) -> None:
    done = build(package, PRESES_RELIZES_BUILD="fast")
    assert (done.returncode, done.stdout) == (1, "PRESES_RELIZES_BUILD=fast: must be compiled or pure\n")


def test_package_without_a_core_is_pure(package: Path) -> None:
    for path in core_of(package).glob("*.p*"):
        path.unlink()
    assert build(package, PRESES_RELIZES_BUILD="compiled").returncode == 0
    assert wheel_of(package).name == "small-1-py3-none-any.whl"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "In file included from x.c:1:\nx.c:2:10: fatal error: Python.h: none\nstopped\n",
            "x.c:2:10: fatal error: Python.h: none",
        ),
        ("Traceback:\n  File\nthere.errors.CompileError: no such file\n", "no such file"),
        ("", "no reason is given"),
        (
            "performance hint: a.pxd:7:3: Use it\nwarning: a.pyx:1:2: unused\nb.c:9:26: error: no",
            "b.c:9:26: error: no",
        ),
    ],
)
def test_reason_is_the_first_error(output: str, expected: str) -> None:
    assert reason(output) == expected
