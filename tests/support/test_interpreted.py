"""The core can be interpreted though it is compiled."""

import sys
from importlib import import_module

from tests.support.interpreted import core_sources, interpreted

NAME = "index.search.compiled.recent"


def test_interpreted_module_is_its_source_and_others_see_what_they_saw() -> None:
    before = import_module(NAME)
    found = interpreted(NAME)
    assert (found.__file__ or "").endswith("recent.py")
    assert found is interpreted(NAME)
    assert import_module(NAME) is sys.modules[NAME] is before
    assert import_module("index.search.compiled").recent is before


def test_each_module_with_types_is_found() -> None:
    assert "index/search/compiled/recent.py" in {"/".join(path.parts[-4:]) for path in core_sources()}
