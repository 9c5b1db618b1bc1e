"""What all of the core agree on: whether it is compiled; the arrays of a segment."""

import sys
from contextlib import nullcontext
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

# What the interpreted core needs of Cython where that is not installed: ``with cython.nogil:`` releases
# Python's lock in C, and does nothing otherwise.
if find_spec("cython") is None:
    _cython = ModuleType("cython")
    vars(_cython).update(compiled=False, nogil=nullcontext())
    sys.modules["cython"] = _cython


def is_compiled() -> bool:
    """Return whether the search core is compiled; else Python interprets the same lines."""
    return not str(import_module("index.search.compiled.searcher").__file__).endswith(".py")
