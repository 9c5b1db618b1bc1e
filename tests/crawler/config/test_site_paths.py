import pytest

from crawler.config import Site
from crawler.config.site_paths import denies, shared_path, takes


def site(*, allow: tuple[str, ...] = (), deny: tuple[str, ...] = ()) -> Site:
    return Site.model_validate(
        {
            "id": "a",
            "ministry": "A",
            "template": "t",
            "start": ["https://a.lv/lv/zinas"],
            "allow": allow,
            "deny": deny,
        }
    )


@pytest.mark.parametrize(
    ("allow", "deny", "path", "is_taken"),
    [
        ((), (), "/x", True),
        (("^/lv/",), (), "/lv/x", True),
        (("^/lv/",), (), "/en/x", False),
        ((), ("^/lv/",), "/lv/x", False),
        (("^/lv/",), ("x",), "/lv/x", False),
    ],
)
def test_site_takes_paths_that_are_allowed_and_not_denied(
    allow: tuple[str, ...],
    deny: tuple[str, ...],
    path: str,
    is_taken: bool,
) -> None:
    assert takes(site(allow=allow, deny=deny), path) is is_taken


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ("^/lv/a/", "^/lv/b/", None),
        (r"^/\d+$", "^/[a-z]+$", None),
        (r"^/\d{2}$", "^/[0-9]+$", "/11"),
        ("^/(en|lv)/", "^/lv/", "/lv/"),
        ("^/[^a]x", "^/xx", "/xx"),
    ],
)
def test_path_claimed_by_both_sites_is_found(one: str, other: str, path: str | None) -> None:
    found = shared_path(site(allow=(one,)), site(allow=(other,)))
    assert found == path


def test_sites_without_patterns_share_any_path() -> None:
    assert shared_path(site(), site()) == "/"


@pytest.mark.parametrize(
    ("deny", "url", "is_denied"),
    [
        ((), "https://a.lv/x", False),
        (("^/x",), "https://a.lv/x", True),
        (("^/x",), "https://a.lv/y?/x", False),
        (("^/y", "^/x"), "https://a.lv/x", True),
        (("^/x$",), "https://a.lv/x/", True),  # as its canonical form is spelt
        (("//",), "https://a.lv//x", True),  # as it is spelt itself
    ],
)
def test_a_url_is_denied_in_either_spelling(deny: tuple[str, ...], url: str, *, is_denied: bool) -> None:
    assert denies(site(deny=deny), url) is is_denied


@pytest.mark.parametrize(
    ("one", "path"),
    [
        ("^/a{3}$", "/aaa"),
        ("^/a{0,2}$", "/a"),
        ("^/(?:b|c)$", "/b"),
        ("^/[c-e]$", "/c"),
        ("^/(?:zinas|relizes)/$", "/zinas/"),
        ("^/[^x]$", "/1"),
        ("^/[0-9]$", "/1"),
        ("^/[a-c]$", "/a"),
        (r"^/\w\s$", "/x "),
        (r"^/\D\W$", "/x-"),
        ("^/.$", "/x"),
        ("x", "/x"),
        ("^/a+?$", "/a"),
    ],
)
def test_an_example_of_each_kind_of_pattern_is_found(one: str, path: str) -> None:
    assert shared_path(site(allow=(one,)), site(allow=(".",))) == path


def test_a_path_is_joined_from_what_both_sites_want() -> None:
    assert shared_path(site(allow=("^/a",)), site(allow=("b$",))) == "/a/b"


def test_sites_without_patterns_are_told_by_their_start_paths() -> None:
    assert shared_path(site(deny=("^/$", "^/lv/jaunums/", "^/en/")), site()) == "/lv/zinas/x"
