import pytest

from crawler.config.patterns import check, finds


def test_any_pattern_may_match_anywhere() -> None:
    assert finds(["^/en/", "jaunums"], "/lv/jaunums/x")
    assert not finds(["^/en/", "jaunums$"], "/lv/jaunums/x")
    assert not finds([], "/lv/jaunums/x")


@pytest.mark.parametrize("pattern", ["(?!x)y", r"(a)\1", "("])
def test_pattern_that_re2_refuses_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="RE2 has no look-around and no back-references"):
        check(pattern)


def test_time_is_linear_in_the_text() -> None:
    assert not finds(["(a+)+$"], "a" * 100_000 + "b")
