"""What the core needs of Cython where that is not installed."""

import sys
from importlib import import_module, reload

import pytest

import index.compiled


def test_without_cython_its_lock_is_no_lock_and_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cython", None)  # as if it were not installed
    reload(index.compiled)
    cython = import_module("cython")
    assert cython.compiled is False
    for _ in range(2):
        with cython.nogil:
            pass


def test_cython_is_itself_where_it_is_installed() -> None:
    cython = pytest.importorskip("cython")
    reload(index.compiled)
    assert import_module("cython") is cython
    assert hasattr(cython, "__file__")
