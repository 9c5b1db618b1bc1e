"""Settings that contradict each other are refused with file, key and value."""

from pathlib import Path

import pytest

from crawler.config import ConfigError, load

TEMPLATE = "[crawler.templates.t]"


def site(id_: str = "a", start: str = "https://a.lv/lv/jaunumi", **more: object) -> str:
    rows = {"id": id_, "ministry": "A", "template": "t", "start": [start], **more}
    return "[[crawler.sites]]\n" + "\n".join(f"{key} = {value!r}" for key, value in rows.items())


def read(path: Path, *tables: str) -> None:
    path.write_text("\n".join(tables), encoding="utf-8")
    load(path)


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (["[crawler.politeness]", "quiet_from = 07:00:00"], "politeness.quiet_from = 07:00:00: needs"),
        (["[crawler.politeness]", "quiet_until = 07:00:00"], "politeness.quiet_until = 07:00:00: needs"),
        (
            ["[crawler.politeness]", "quiet_from = 07:00:00", "quiet_until = 07:00:00"],
            "politeness.quiet_until = 07:00:00: equal",
        ),
        (["[crawler.limits]", "read_s = 31", "total_s = 30"], "limits.read_s = 31.0: greater"),
        (["[crawler.limits]", "connect_s = 31", "total_s = 30"], "limits.connect_s = 31.0: greater"),
        (["[crawler.limits]", "wire_bytes = 2049", "page_bytes = 2048"], "limits.wire_bytes = 2049: greater"),
        (
            [TEMPLATE, "valid_from = 2020-01-02", "valid_until = 2020-01-01"],
            "templates.t.valid_until = 2020-01-01: before valid_from = 2020-01-02",
        ),
        ([TEMPLATE, site(template="u")], "sites.a.template = 'u': no"),
        ([TEMPLATE, site(older_templates=["t", "u"])], "sites.a.older_templates.1 = 'u': no"),
        ([TEMPLATE, site(), site(start="https://b.lv/")], "sites.1.id = 'a': sites.0 has"),
        ([TEMPLATE, site(), site(start="https://b.lv/", enabled=0)], "sites.a.enabled = 0"),
        (
            [TEMPLATE, site().replace("['https://a.lv/lv/jaunumi']", "[]")],
            "sites.a.start = []: needs",
        ),
    ],
)
def test_contradiction_is_named(tables: list[str], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path / "config.toml", *tables)
    assert f"config.toml: crawler.{complaint}" in str(caught.value)


@pytest.mark.parametrize(
    "tables",
    [
        ["[crawler.politeness]", "quiet_from = 22:00:00", "quiet_until = 07:00:00"],
        ["[crawler.limits]", "total_s = 5"],
        ["[crawler.limits]", "read_s = 30", "total_s = 30"],
        [TEMPLATE, "valid_from = 2020-01-01", "valid_until = 2020-01-01"],
        [TEMPLATE, "valid_until = 2020-01-01"],
        [TEMPLATE, site().replace("start = ", "start = []\nfeeds = ")],
    ],
)
def test_consistent_settings_are_accepted(tables: list[str], tmp_path: Path) -> None:
    read(tmp_path / "config.toml", *tables)


SHARED = "https://www.shared.lv/lv/jaunumi"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"allow": ["^/lv/a/"]}, {}),
        ({"allow": ["^/lv/"]}, {"allow": ["^/lv/b/"]}),
        ({"allow": ["^/(en|lv)/a/"]}, {"allow": ["^/lv/[a-c]/"]}),
        ({"allow": [r"/\d{3,6}-[^/]+$"]}, {"allow": ["^/zinas/"]}),
        ({"allow": ["jaunums"]}, {"allow": ["article"]}),
        ({"allow": ["^/lv/a/"]}, {"deny": ["^/lv/b/"]}),
        ({"deny": ["^/x"]}, {"deny": ["^/y"]}),
        ({"allow": ["^/lv/a/.*"]}, {"allow": ["^/lv/a/(?:x)"]}),
        ({"allow": ["^/lv/(?:a|b)/"]}, {"allow": ["^/en/", "^/lv/b/"]}),
    ],
)
@pytest.mark.parametrize(
    "shared",
    [
        {"start": SHARED},
        {"start": "http://shared.lv/lv/citi"},
        {"start": "https://b.lv/", "feeds": ["https://shared.lv/rss"]},
        {"start": "https://b.lv/", "sitemaps": ["https://SHARED.lv/sitemap.xml"]},
        {"start": "https://b.lv/", "hosts": ["Shared.lv"]},
        {"start": "https://shared.lv./lv/citi"},
    ],
)
def test_sites_on_one_host_need_separate_paths(
    one: dict[str, object], other: dict[str, object], shared: dict[str, object], tmp_path: Path
) -> None:
    sites = site(start=SHARED, **one), site("b", **{**shared, **other})  # type: ignore[arg-type]  # start is one
    with pytest.raises(ConfigError, match=r"crawler\.sites\.b\.allow = .*: site 'a' also claims shared\.lv/"):
        read(tmp_path / "config.toml", TEMPLATE, *sites)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"allow": ["^/lv/a/"]}, {"allow": ["^/lv/b/"]}),
        ({"allow": ["^/(lv|en)/a/[^/]+$"]}, {"allow": ["^/(lv|en)/b/[^/]+$"]}),
        ({"deny": ["^/lv/b/"]}, {"allow": ["^/lv/b/"]}),
        ({"allow": ["^/a"], "deny": ["^/a/b"]}, {"allow": ["^/a/b"]}),
        ({"allow": [r"^/\d+$"]}, {"allow": ["^/[a-z]+$"]}),
    ],
)
def test_sites_with_separate_paths_may_share_a_host(
    one: dict[str, object], other: dict[str, object], tmp_path: Path
) -> None:
    sites = site(start=SHARED, **one), site("b", start=SHARED, **other)  # type: ignore[arg-type]  # start is one
    read(tmp_path / "config.toml", TEMPLATE, *sites)


def test_sites_on_different_hosts_need_no_patterns(tmp_path: Path) -> None:
    ports = (f"http://127.0.0.1:{port}/" for port in (8101, 8102))
    read(tmp_path / "config.toml", TEMPLATE, *(site(f"s{at}", start=url) for at, url in enumerate(ports)))


@pytest.mark.parametrize(("ids", "named"), [(("a", "iem"), "a"), (("iem", "a"), "a"), (("a", "b"), "b")])
def test_of_two_sites_on_one_host_the_one_in_the_file_is_named(
    ids: tuple[str, str], named: str, tmp_path: Path
) -> None:
    # "iem" is a built-in site.
    sites = (site(id_, start=SHARED) for id_ in ids)
    with pytest.raises(ConfigError, match=rf"crawler\.sites\.{named}\.allow = .*also claims shared\.lv/"):
        read(tmp_path / "config.toml", TEMPLATE, *sites)
