import pytest

from crawler.downloader.route import Route
from crawler.urls import Origin

HTTP = Origin(scheme="http", host="a.lv", port=80)
HTTPS = Origin(scheme="https", host="a.lv", port=443)
OTHER = Origin(scheme="https", host="b.lv", port=443)


@pytest.mark.parametrize(
    ("first", "here", "host_key", "origin_key"),
    [
        (HTTPS, HTTPS, "a.lv", "https://a.lv"),
        (HTTP, HTTPS, "a.lv", "http://a.lv https://a.lv"),
        (OTHER, HTTPS, "b.lv a.lv", "https://b.lv https://a.lv"),
    ],
)
def test_redirected_route_has_keys_of_its_own(
    first: Origin, here: Origin, host_key: str, origin_key: str
) -> None:
    route = Route(first, here)
    assert (route.host_key, route.origin_key, route.keys) == (host_key, origin_key, (host_key, origin_key))
