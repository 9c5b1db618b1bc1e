"""The examples in the docstrings of the index run as written."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import index

pytestmark = pytest.mark.sweep

ROOT = Path(index.__file__).parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "index").rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
