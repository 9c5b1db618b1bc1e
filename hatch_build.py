"""Compiles the search core when the package is built: each `.py` below `index/` with a `.pxd`.

A `.py` is the same program compiled and interpreted; its `.pxd` has the types of C. If there is no C
compiler, or it fails, the package is pure Python, and one line says why. With the variable
PRESES_RELIZES_BUILD, `compiled` makes that an error, and `pure` leaves the core out.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("index")
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
FLAGS = [
    "-O3",
    "-ffp-contract=off",  # a product and a sum rounded once, not twice, are not the scores of NumPy
    "-g0",  # debugging information would be most of the file
]
# Of the `.py` modules; those in Cython's own language name theirs.
DIRECTIVES = {
    "boundscheck": False,  # every number that becomes an index is checked where it is read
    "wraparound": False,
    "initializedcheck": False,
    "cdivision": True,  # of numbers that are not negative, so that C divides as Python
    "infer_types": True,  # a local variable has the type of what it is set to
    "annotation_typing": False,  # annotations are for people; the types of C are in the `.pxd`
}
COST = "it finds the same, but queries take five times as long or more"
# Cython names a place in what is no error, too.
_ERROR = re.compile(r"error: |^(?!warning: |performance hint: ).*\.p(y|yx|xd):\d+:\d+: ")
_EXCEPTION = re.compile(r"^[\w.]+Error: ")


class CompiledCore(BuildHookInterface[Any]):
    """Adds the compiled modules to a wheel, or puts them beside their sources for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what changed since the last build."""
        root = Path(self.root)
        modules = self._compiled(root)
        if version == "editable":
            put_in_place(modules, root)
        elif modules:
            build_data["force_include"].update({str(module): str(path) for path, module in modules.items()})
            build_data.update(pure_python=False, infer_tag=True)

    def _compiled(self, root: Path) -> dict[Path, Path]:
        wanted = os.environ.get("PRESES_RELIZES_BUILD", "")
        if wanted not in {"", "compiled", "pure"}:
            self.app.abort(f"PRESES_RELIZES_BUILD={wanted}: must be compiled or pure")
        if wanted == "pure":
            return {}
        try:
            return compile_all(root)
        except BuildError as error:
            if wanted == "compiled":
                self.app.abort(f"The search core cannot be compiled: {error}")
            self.app.display_warning(f"The search core is pure Python: {error}; {COST}.")
            return {}


class BuildError(Exception):
    """The core cannot be compiled."""


def compile_all(root: Path) -> dict[Path, Path]:
    """Compile what changed of the core in *root*; return its modules, which stay in `build/`, by their place.

    Raises:
        BuildError: the machine does not read numbers as array files have them; or there is no compiler, or it
            refuses the code; the message is its first error.
    """
    if sys.byteorder != "little":
        raise BuildError("numbers of this machine begin with the highest byte")
    sources = core_sources(root / PACKAGE)
    if not sources:
        return {}
    # What another Python or another Cython made is out of date, whatever its age.
    folder = Path("build", f"core-{sys.implementation.cache_tag}-{cython_version()}")
    # A process of its own, so that the output of the compilers can be read.
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, Path(__file__).resolve(), folder],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(reason(done.stdout))
    places = [source.relative_to(root).with_name(f"{source.stem}{SUFFIX}") for source in sources]
    return {place: root / folder / place for place in places}


def core_sources(folder: Path) -> list[Path]:
    """Return the sources of the modules below *folder* that are compiled."""
    typed = [path.with_suffix(".py") for path in folder.rglob("*.pxd")]
    return sorted([*folder.rglob("*.pyx"), *filter(Path.exists, typed)])


def cython_version() -> str:
    """Return the version of Cython.

    Raises:
        BuildError: it is not installed.
    """
    try:
        return version("cython")
    except PackageNotFoundError as error:
        raise BuildError("Cython is not installed") from error


def reason(output: str) -> str:
    """Return the first error in the *output* of compilers, or else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no reason is given"]
    return _EXCEPTION.sub("", next(filter(_ERROR.search, lines), lines[-1]))


def put_in_place(modules: dict[Path, Path], root: Path) -> None:
    """Copy *modules* to their places in *root*; remove all others that this Python would load there."""
    for place, module in modules.items():
        # Never written over: a process that has loaded the old file would fail.
        new = root / place.with_name(f"{place.name}.new")
        shutil.copy2(module, new)
        new.replace(root / place)
    for left in {*(root / PACKAGE).rglob(f"*{SUFFIX}")} - {root / place for place in modules}:
        left.unlink()


def main(folder: str) -> None:
    """Compile the modules that changed into *folder*; the working directory is the root of the sources."""
    from Cython.Build import cythonize  # noqa: PLC0415 - installed where the package is built
    from setuptools import Distribution, Extension  # noqa: PLC0415 - the same

    extensions = []
    for suffix, directives in ((".pyx", {}), (".py", DIRECTIVES)):
        sources = [path for path in core_sources(PACKAGE) if path.suffix == suffix]
        extensions += cythonize(
            [
                Extension(".".join(path.with_suffix("").parts), [str(path)], extra_compile_args=FLAGS)
                for path in sources
            ],
            build_dir=folder,
            quiet=True,
            # Cython compares what it made with the sources alone, not with the directives.
            force=any(is_older(Path(folder, path).with_suffix(".c"), Path(__file__)) for path in sources),
            compiler_directives=directives,
        )
    for extension in extensions:
        extension.depends.append(__file__)  # the flags may have changed
    build = Distribution({"ext_modules": extensions}).get_command_obj("build_ext")
    build.build_lib, build.build_temp, build.parallel = folder, ".", True
    build.ensure_finalized()
    build.run()


def is_older(made: Path, source: Path) -> bool:
    """Return whether *made* was made before *source* changed."""
    return made.exists() and made.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    main(sys.argv[1])
