"""Whether there is a compiled core, and whether it is used."""

import os
import sys
from importlib.util import find_spec

import pytest

from tests.support.children import run_bounded

WAS_COMPILED = find_spec("index.search.compiled.searcher") is not None


@pytest.mark.sweep  # processes of their own
@pytest.mark.parametrize(("variable", "is_used"), [("", WAS_COMPILED), ("1", False), ("0", False)])
def test_compiled_core_is_used_unless_the_variable_forbids_it(variable: str, is_used: bool) -> None:
    code = "from index.search.core import CompiledSearcher; print(CompiledSearcher is not None)"
    done = run_bounded(
        [sys.executable, "-c", code],
        env=os.environ | {"PRESES_RELIZES_PURE": variable},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{is_used}\n"
