"""The cache of the core, compiled and interpreted."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from tests.support.interpreted import each_form

Load = Callable[[str], ModuleType]
BYTES = np.zeros(40, np.uint8)


def cache_of(load: Load, max_bytes: int) -> Any:
    return load("index.search.compiled.recent").RecentCache(max_bytes)


@each_form
def test_what_is_kept_is_found(load: Load) -> None:
    cache = cache_of(load, 1000)
    assert cache.keep("a", BYTES) is BYTES
    assert (cache.find("a") is BYTES, cache.find("b")) == (True, None)


@each_form
def test_of_two_values_of_a_key_the_first_one_stays(load: Load) -> None:
    cache = cache_of(load, 1000)
    cache.keep("a", BYTES)
    assert cache.keep("a", BYTES.copy()) is BYTES


@each_form
def test_values_not_asked_for_again_are_dropped(load: Load) -> None:
    cache = cache_of(load, 100)
    for key in "abcdef":
        cache.keep(key, BYTES)
        cache.find("a")
    assert [key for key in "abcdef" if cache.find(key) is not None] == ["a", "e", "f"]
