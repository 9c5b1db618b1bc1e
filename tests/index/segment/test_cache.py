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
