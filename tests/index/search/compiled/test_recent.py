"""The cache of the core, compiled and interpreted."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

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


@each_form
@pytest.mark.parametrize(("max_bytes", "found"), [(79, "bc"), (80, "abc"), (81, "abc"), (159, "abc")])
def test_values_are_older_once_the_recent_ones_fill_more_than_half(
    load: Load, max_bytes: int, found: str
) -> None:
    cache = cache_of(load, max_bytes)
    for key in "abc":
        cache.keep(key, BYTES)
    assert "".join(key for key in "abc" if cache.find(key) is not None) == found


@each_form
def test_an_older_value_that_is_asked_for_takes_room_again(load: Load) -> None:
    cache = cache_of(load, 100)
    for key in "abc":  # the first two are older now
        cache.keep(key, BYTES)
    assert cache.find("a") is BYTES
    cache.keep("d", BYTES)  # the recent ones are more than half: "b" is dropped
    assert [key for key in "abcd" if cache.find(key) is not None] == ["a", "c", "d"]


@each_form
def test_a_recent_value_is_found_before_an_older_one_of_its_key(load: Load) -> None:
    cache, other = cache_of(load, 78), BYTES.copy()
    cache.keep("a", BYTES)
    assert cache.keep("a", other) is other  # the first one is older
    assert cache.find("a") is other
