import pytest

from index.segment.cache import Cache


def test_least_recently_used_value_is_evicted_first() -> None:
    cache: Cache[str] = Cache(4, len)
    for key in ("aa", "bb", "aa", "cc"):
        cache.get(key, lambda key=key: key)  # type: ignore[misc]  # bound now
    assert [cache.peek(key) for key in ("aa", "bb", "cc")] == ["aa", None, "cc"]


def test_value_is_made_once() -> None:
    cache: Cache[str] = Cache(10, len)
    values = [cache.get("key", lambda number=number: str(number)) for number in range(2)]  # type: ignore[misc]
    assert values == ["0", "0"]


@pytest.mark.parametrize(
    ("max_bytes", "kept"), [(6, ["aa", "bb", "cc"]), (5, ["bb", "cc"]), (3, ["cc"]), (2, ["cc"]), (1, [])]
)
def test_values_are_kept_up_to_the_bytes(max_bytes: int, kept: list[str]) -> None:
    cache: Cache[str] = Cache(max_bytes, len)
    for key in ("aa", "bb", "cc"):
        assert cache.keep(key, key) == key
    assert [key for key in ("aa", "bb", "cc") if cache.peek(key)] == kept


def test_a_value_that_was_looked_at_stays_longer_and_one_kept_again_takes_no_room() -> None:
    cache: Cache[str] = Cache(4, len)
    cache.keep("a", "aa")
    cache.keep("b", "bb")
    assert cache.peek("a") == "aa"
    assert [cache.keep("a", "other") for _ in range(9)] == ["aa"] * 9
    cache.keep("c", "cc")
    assert [cache.peek(key) for key in "abc"] == ["aa", None, "cc"]
