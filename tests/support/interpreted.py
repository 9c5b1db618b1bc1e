"""The modules of the core as Python interprets them, though compiled ones are beside them."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
_loaded: dict[str, ModuleType] = {}


def core_sources() -> list[Path]:
    """Return the modules that are compiled and interpreted: those with types of C beside them."""
    return [source for path in ROOT.glob("index/**/*.pxd") if (source := path.with_suffix(".py")).exists()]


def changed_since_compiled() -> list[Path]:
    """Return the modules that are loaded as they were before they, or their types, changed."""
    return [
        source
        for source in core_sources()
        for compiled in source.parent.glob(f"{source.stem}.*.so")
        if compiled.stat().st_mtime
        < max(path.stat().st_mtime for path in (source, source.with_suffix(".pxd")))
    ]


class SourceFinder:
    """Finds the sources of modules that have been compiled."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _: ModuleType | None = None) -> ModuleSpec | None:
        """Return how a module is loaded; None if it is not of the core."""
        for folder in path or ():
            source = Path(folder, f"{name.rpartition('.')[2]}.py")
            if name.startswith("index.") and source.exists() and source.with_suffix(".pxd").exists():
                return spec_from_file_location(name, source)
        return None


def interpreted(name: str) -> ModuleType:
    """Return a module of the core, interpreted with all that it imports of the core."""
    import_module(name)  # its imports that are not of the core keep the compiled ones
    with _sources_alone():
        return import_module(name)


@contextmanager
def _sources_alone() -> Iterator[None]:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in core_sources()]
    others = _exchange(names, _loaded)
    sys.meta_path.insert(0, SourceFinder)  # type: ignore[arg-type]  # a finder need not be of a class
    try:
        yield
    finally:
        sys.meta_path.remove(SourceFinder)  # type: ignore[arg-type]
        _loaded.update(_exchange(names, others))


def _exchange(names: list[str], modules: dict[str, ModuleType]) -> dict[str, ModuleType]:
    """Make *modules* the only loaded ones of *names*; return those that were."""
    before = {name: module for name in names if (module := sys.modules.pop(name, None))}
    for name in names:
        package, _, last = name.rpartition(".")
        if package in sys.modules:
            vars(sys.modules[package]).pop(last, None)
        if name in modules:
            sys.modules[name] = modules[name]
            setattr(sys.modules[package], last, modules[name])
    return before


each_form = pytest.mark.parametrize("load", [import_module, interpreted], ids=["compiled", "interpreted"])
"""Of a test that loads modules of the core by name; both forms are the same where there is no compiler."""
interpreted_form = pytest.mark.parametrize("load", [interpreted], ids=["interpreted"])
"""Of a test that hands in or reads arrays of C, which Python does not have."""
