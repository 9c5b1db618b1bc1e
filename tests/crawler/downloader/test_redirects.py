"""Redirects are followed as far as allowed, never in a circle, and through a detour that sets a cookie."""

import pytest

from crawler.downloader import FetchError
from crawler.downloader.cookies import Cookies
from crawler.downloader.redirects import Redirects
from crawler.downloader.response import Response

HOST = "https://www.iem.gov.lv"


def leading_to(path: str, *cookies: str, status: int = 302) -> Response:
    return Response(status=status, headers={"location": path}, body=b"", cookies=cookies)


def redirects(at_most: int = 10) -> Redirects:
    return Redirects(f"{HOST}/a", Cookies(), at_most=at_most)


@pytest.mark.parametrize("at_most", [1, 5, 10])
def test_as_many_redirects_are_followed_as_allowed(at_most: int) -> None:
    followed = redirects(at_most)
    for number in range(at_most):
        assert followed.follow(leading_to(f"/{number}"))
    assert followed.chain == [f"{HOST}/a", *(f"{HOST}/{number}" for number in range(at_most))]
    with pytest.raises(FetchError) as caught:
        followed.follow(leading_to("/next"))
    assert (caught.value.reason, caught.value.url) == ("too-many-redirects", f"{HOST}/a")


@pytest.mark.parametrize("status", [200, 304, 404])
def test_other_answers_lead_nowhere(status: int) -> None:
    followed = redirects()
    assert not followed.follow(leading_to("/b", "sid=1", status=status))
    assert followed.chain == [f"{HOST}/a"]
    assert followed.headers() == {"Cookie": "sid=1"}


@pytest.mark.parametrize("back_to", ["/a", "/b", "/c"])
def test_a_circle_is_a_detour_only_if_it_sets_a_cookie(back_to: str) -> None:
    for cookies, chain in (((), None), (("sid=1",), "abc"[: "abc".index(back_to[1]) + 1])):
        followed = redirects()
        for path in ("/b", "/c"):
            followed.follow(leading_to(path))
        if chain is None:
            with pytest.raises(FetchError, match="in a circle"):
                followed.follow(leading_to(back_to, *cookies))
        else:
            assert followed.follow(leading_to(back_to, *cookies))
            assert followed.chain == [f"{HOST}/{name}" for name in chain]
            assert followed.headers() == {"Cookie": "sid=1"}


def test_a_detour_counts_among_the_redirects() -> None:
    followed = redirects(4)
    for number in range(4):
        assert followed.follow(leading_to("/b" if number % 2 == 0 else "/a", f"sid={number}"))
    with pytest.raises(FetchError, match="redirects too often"):
        followed.follow(leading_to("/b", "sid=4"))


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", f"{HOST}/b"),
        ("b?x=1", f"{HOST}/b?x=1"),
        ("//www.mfa.gov.lv/b", "https://www.mfa.gov.lv/b"),
        ("http://www.iem.gov.lv/b", "http://www.iem.gov.lv/b"),
        ("/\u00c5\u00be", f"{HOST}/%C5%BE"),  # UTF-8 in a header, which is read as Latin-1
        ("", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
    ],
)
def test_a_redirect_leads_where_browsers_go(location: str, target: str | None) -> None:
    followed = redirects()
    if target is None:
        with pytest.raises(FetchError, match="redirect"):
            followed.follow(leading_to(location))
    else:
        followed.follow(leading_to(location))
        assert followed.url == target
