import pytest

from crawler.config import Site
from crawler.config.site_hosts import delays, hosts_of, hosts_of_all, is_on_site, main_host, start_urls


def site(id_: str, *start: str, hosts: tuple[str, ...] = (), delay_s: float | None = None) -> Site:
    return Site.model_validate(
        {
            "id": id_,
            "ministry": "M",
            "template": "t",
            "start": start,
            "feeds": ["https://feeds.mfa.gov.lv/rss"],
            "sitemaps": ["https://www.mfa.gov.lv:8443/sitemap.xml"],
            "hosts": hosts,
            "delay_s": delay_s,
        }
    )


MFA = site("mfa", "https://WWW.mfa.gov.lv./lv/jaunumi", hosts=("www2.mfa.gov.lv", "www.old.lv:8080"))


def test_hosts_are_those_of_start_feeds_sitemaps_and_settings_in_one_spelling() -> None:
    assert hosts_of(MFA) == {
        "mfa.gov.lv",
        "feeds.mfa.gov.lv",
        "mfa.gov.lv:8443",
        "www2.mfa.gov.lv",
        "old.lv:8080",
    }


def test_hosts_of_all_sites_are_joined() -> None:
    assert hosts_of_all([MFA, site("iem", "https://iem.gov.lv/")]) == hosts_of(MFA) | {"iem.gov.lv"}
    assert hosts_of_all([]) == frozenset()


def test_main_host_is_that_of_the_first_start_url() -> None:
    assert main_host(MFA) == "mfa.gov.lv"


@pytest.mark.parametrize(
    ("url", "is_on"),
    [
        ("https://mfa.gov.lv/x", True),
        ("http://www.mfa.gov.lv/x", True),
        ("https://MFA.gov.lv./x", True),
        ("https://www2.mfa.gov.lv/x", True),
        ("https://www.mfa.gov.lv:8443/x", True),
        ("https://www.mfa.gov.lv:8444/x", False),
        ("https://other.mfa.gov.lv/x", False),
        ("https://mfa.gov.lv.example.org/x", False),
        ("mailto:prese@mfa.gov.lv", False),
    ],
)
def test_url_is_on_the_site_if_its_host_is(url: str, is_on: bool) -> None:
    assert is_on_site(url, MFA) is is_on


def test_host_of_the_linking_page_counts_as_well() -> None:
    assert is_on_site("https://x.lv/a", MFA, linked_from="https://www.x.lv/b")
    assert not is_on_site("https://x.lv/a", MFA, linked_from="https://y.lv/b")


def test_longest_delay_counts_on_a_shared_host() -> None:
    sites = [
        site("a", "https://www.a.lv/", delay_s=1.0),
        site("b", "https://a.lv/b", delay_s=3.0),
        site("c", "https://a.lv/c", delay_s=2.0),
        site("d", "https://d.lv/"),
    ]
    assert (delays(sites)["a.lv"], "d.lv" in delays(sites)) == (3.0, False)


def test_start_urls_are_named_by_kind_in_this_order() -> None:
    assert [*start_urls(MFA).items()] == [
        ("list", ("https://www.mfa.gov.lv./lv/jaunumi",)),
        ("feed", ("https://feeds.mfa.gov.lv/rss",)),
        ("sitemap", ("https://www.mfa.gov.lv:8443/sitemap.xml",)),
    ]


def test_a_shorter_delay_after_a_longer_one_does_not_count() -> None:
    sites = [
        site(id_, "https://a.lv/", delay_s=delay_s) for id_, delay_s in (("a", 3.0), ("b", 1.0), ("c", 0.0))
    ]
    assert delays(sites)["a.lv"] == 3.0
    assert delays([site("a", "https://a.lv/", delay_s=0.0)])["a.lv"] == 0.0


def test_without_a_list_the_first_feed_is_the_main_host() -> None:
    assert main_host(MFA.model_copy(update={"start": ()})) == "feeds.mfa.gov.lv"
    assert main_host(MFA.model_copy(update={"start": (), "feeds": (), "sitemaps": ()})) is None
