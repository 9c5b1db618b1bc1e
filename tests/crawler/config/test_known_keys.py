from pathlib import Path

import pytest

from crawler.config import ConfigError, load_all


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ('data_dri = "data"', "data_dri", "data_dir"),
        ('datadir = "data"', "datadir", "data_dir"),
        ('data_dir = "data"\ndata_dri = "data"', "data_dri", ""),
        ("speed = 1", "speed", ""),
        ("[crawlr]\n", "crawlr", "crawler"),
        ("[search]\n", "search", "searcher"),
        ("[crawler]\ndata_dri = 1", "crawler.data_dri", ""),
        ("[crawler.limit]\n", "crawler.limit", "limits"),
        ("[crawler.limits]\nread = 1", "crawler.limits.read", "read_s"),
        ("[crawler.limits]\nsearcher = 1", "crawler.limits.searcher", ""),
        ("[crawler.templates.x]\ntitel = []", "crawler.templates.x.titel", "title"),
        ("[[crawler.sites]]\nid = 'x'\ntempalte = ''", "crawler.sites.x.tempalte", "template"),
        ("[index.opensearch]\nurl = []", "index.opensearch.url", "urls"),
        ("[index]\nindexx = 1", "index.indexx", ""),
        ("[searcher]\nbase_ulr = ''", "searcher.base_ulr", "base_url"),
    ],
)
def test_an_unknown_key_names_the_one_like_it_in_the_same_table(
    tmp_path: Path, text: str, key: str, meant: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_all(path)
    advice = f"; did you mean `{meant}`?" if meant else ""
    assert f"{path}: {key}: unknown key{advice}" in str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[crawler.limits]\ntrie = 1", "crawler.limits.trie: unknown key; did you mean `tries`?"),
        ("[crawler.limits]\ntime = 1", "crawler.limits.time: unknown key"),
        ("[[crawler.sites]]\nid = 'x'\nhost = []\nhosts = []", "crawler.sites.x.host: unknown key"),
        (
            "[[crawler.sites]]\nid = 'x'\nhost = []",
            "crawler.sites.x.host: unknown key; did you mean `hosts`?",
        ),
        (
            "[[crawler.sites]]\nid = 'a'\nhosts = []\n[[crawler.sites]]\nid = 'b'\nhost = []",
            "crawler.sites.b.host: unknown key; did you mean `hosts`?",
        ),
        (
            "[crawler.templates.t.json_list]\nurl = 'u'\nitem = ''",
            "crawler.templates.t.json_list.item: unknown key; did you mean `items`?",
        ),
    ],
)
def test_a_key_is_suggested_only_if_it_is_alike_and_not_written(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_all(path)
    assert f"{path}: {line}" in str(caught.value).splitlines()
