"""What all of the core agree on: whether compiled modules are wanted; the arrays of a segment."""

import os
import sys
from contextlib import nullcontext
from importlib.util import find_spec
from types import ModuleType

# No setting: settings are read by commands, and this is asked when modules are imported.
# Compiled modules read array files as they are, and their numbers begin with the lowest byte.
IS_WANTED = not os.environ.get("PRESES_RELIZES_PURE") and sys.byteorder == "little"

# What the interpreted core needs of Cython where that is not installed: ``with cython.nogil:`` releases
# Python's lock in C, and does nothing otherwise.
if find_spec("cython") is None:
    _cython = ModuleType("cython")
    vars(_cython).update(compiled=False, nogil=nullcontext())
    sys.modules["cython"] = _cython
