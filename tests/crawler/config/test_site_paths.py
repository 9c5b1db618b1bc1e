import pytest

from crawler.config import Site
from crawler.config.site_paths import shared_path, takes


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
