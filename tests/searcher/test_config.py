from pathlib import Path

import pytest
from pydantic import ValidationError

from index.config import ConfigError
from searcher import create_app
from searcher.config import SearcherConfig, load


def test_invalid_settings_name_file_and_key(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nport = "many"', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml: searcher\.port = 'many'"):
        create_app(config)


DEFAULTS = {
    "host": "127.0.0.1",
    "port": 8000,
    "processes": 0,
    "threads": 4,
    "connections_max": 1000,
    "trusted_hosts": (),
    "proxies": 0,
    "answer_s": 1.0,
    "per_page": 10,
    "verify_every_h": 1.0,
    "base_url": "",
    "url_prefix": "",
    "access_log": "",
    "crawl_age_max_h": 72.0,
    "query_log": "",
    "queries_shown_after_d": 3,
    "queries_shown_after": 5,
    "queries_kept_d": 90,
    "mcp": False,
    "indexing": "pages",
    "service_name": "Preses relīzes",
    "contact_email": "",
    "act_addresses": {},
    "subscriptions": {
        "enabled": False,
        "mail": "digest.toml",
        "key": "subscriptions.key",
        "unconfirmed_d": 3,
        "per_address": 20,
        "per_network": 20,
        "per_day": 2000,
    },
}


def test_each_setting_has_its_default(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[crawler]\n", encoding="utf-8")
    assert load(config).model_dump() == DEFAULTS


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [
        ("port", 1, 65535),
        ("processes", 0, 64),
        ("threads", 1, 64),
        ("connections_max", 10, 1_000_000),
        ("proxies", 0, 10),
        ("answer_s", 0.05, 60),
        ("per_page", 1, 100),
        ("verify_every_h", 0.001, 8760),
        ("crawl_age_max_h", 0, 8760),
        ("queries_shown_after_d", 2, 60),
        ("queries_shown_after", 2, 1000),
        ("queries_kept_d", 7, 366),
    ],
)
def test_a_number_may_reach_its_bounds_and_no_further(key: str, least: float, most: float) -> None:
    for value in (least, most):
        assert getattr(SearcherConfig.model_validate({key: value}), key) == value
    step = 1 if isinstance(least, int) and key != "crawl_age_max_h" else 0.01
    for value in (least - step, most + 1):
        with pytest.raises(ValidationError):
            SearcherConfig.model_validate({key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("host", ""),
        ("host", "::1"),
        ("host", "0.0.0.0"),
        ("host", "my_host.example.lv"),
        ("base_url", ""),
        ("base_url", "https://relizes.example.lv"),
        ("base_url", "http://127.0.0.1:8000"),
        ("url_prefix", "/relizes"),
        ("url_prefix", "/a/b.c~d_e-f"),
        ("access_log", "-"),
        ("query_log", "x" * 500),
        ("contact_email", "a@example.lv"),
    ],
)
def test_text_of_the_right_form_is_taken(key: str, value: str) -> None:
    assert getattr(SearcherConfig.model_validate({key: value}), key) == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("host", "a b"),
        ("host", "http://a.lv"),
        ("host", "x" * 64),
        ("host", ".".join(["a" * 60] * 5)),
        ("base_url", "relizes.example.lv"),
        ("base_url", "https://relizes.example.lv/"),
        ("base_url", "https://a@relizes.example.lv"),
        ("base_url", "ftp://relizes.example.lv"),
        ("base_url", "https://" + "a" * 500),
        ("url_prefix", "relizes"),
        ("url_prefix", "/relizes/"),
        ("url_prefix", "/a b"),
        ("url_prefix", "/" + "a" * 200),
        ("access_log", "a\nb"),
        ("access_log", "x" * 501),
        ("query_log", "a\x7fb"),
        ("query_log", "x" * 501),
        ("contact_email", "a"),
        ("contact_email", "a@b@c"),
        ("contact_email", "a" * 250 + "@b.lv"),
        ("trusted_hosts", [""]),
        ("service_name", ""),
        ("port", "8000"),
        ("unknown", 1),
    ],
)
def test_text_of_another_form_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        SearcherConfig.model_validate({key: value})


def test_an_address_with_a_path_is_told_where_the_path_belongs(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nbase_url = "https://a.lv/x"', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"not scheme and host alone, e\.g\. .*; url_prefix is the path"):
        load(config)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://likumi.lv/ta/id/1",
        "javascript:alert(1)",
        "https://",
        "https://u:p@likumi.lv/ta",
        "https://likumi.lv/ta id",
        "https://likumi.lv/<b>",
        "https://[::1",
    ],
)
def test_an_address_of_an_act_is_https_and_nothing_else(tmp_path: Path, address: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[searcher.act_addresses]\n"MK 445" = "{address}"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml: searcher\.act_addresses"):
        load(config)


def test_addresses_of_acts_are_by_name(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher.act_addresses]\n"MK 445" = "https://likumi.lv/ta/id/1"\n', encoding="utf-8")
    assert load(config).act_addresses == {"MK 445": "https://likumi.lv/ta/id/1"}
