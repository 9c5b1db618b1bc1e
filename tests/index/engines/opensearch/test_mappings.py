"""The fields of the indices of a generation."""

from index.config import ClusterSettings
from index.engines.opensearch.mappings import file_index, release_index, word_index, words_field
from index.query import FILTERS

CLUSTER = ClusterSettings(urls=("http://localhost:9200",), prefix="test", shards=3, replicas=2)
SETTINGS = {
    "number_of_shards": 1,
    "number_of_replicas": 2,
    "refresh_interval": "-1",
    "max_result_window": 100_000,
    "max_docvalue_fields_search": 100,
}


def test_releases_have_the_fields_that_searches_name() -> None:
    index = release_index(CLUSTER, {"number": 7})
    assert index["settings"] == {**SETTINGS, "number_of_shards": 3}
    mappings = index["mappings"]
    assert (mappings["dynamic"], mappings["_meta"]) == ("strict", {"number": 7})
    properties = mappings["properties"]
    types = {name: field["type"] for name, field in properties.items()}
    # Of each filter its column and, unless a release has one value, all values in one.
    filters = "ministry language traits traits_set categories categories_set"
    later = " ".join(f"{one.column} {one.column}_set" for one in FILTERS if one.column not in filters)
    keywords = f"id cluster release stamp site year {filters} {later}"
    texts = (
        "lemma stem exact fold title lead body title_words lead_words date_words body_words attachment_words"
    )
    assert types == {
        **dict.fromkeys(keywords.split(), "keyword"),
        **dict.fromkeys(texts.split(), "text"),
        "number": "long",
        "shared": "boolean",
        "shared_ever": "boolean",
        "since": "integer",
        "until": "integer",
        "day": "integer",
        "length": "integer",
        "shown": "object",
        "tokens": "binary",
    }
    assert [properties[name]["index_options"] for name in ("lemma", "fold", "body_words")] == [
        "freqs",
        "docs",
        "positions",
    ]
    analyzers = {name: field["analyzer"] for name, field in properties.items() if "analyzer" in field}
    raw = dict.fromkeys(("title", "lead", "body"), "latvian")
    assert analyzers == dict.fromkeys(texts.split(), "whitespace") | raw
    assert release_index(CLUSTER, {}, "standard")["mappings"]["properties"]["body"]["analyzer"] == "standard"


def test_what_is_only_searched_is_not_stored() -> None:
    excluded = release_index(CLUSTER, {})["mappings"]["_source"]["excludes"]
    assert excluded == ["lemma", "stem", "exact", "fold", "*_words", "tokens", "title", "lead", "body"]
    assert words_field("lead") == "lead_words"


def test_words_and_files_have_one_shard() -> None:
    term = {"type": "keyword", "doc_values": False}
    assert word_index(CLUSTER) == {
        "settings": SETTINGS,
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "key": {"type": "keyword"},
                **dict.fromkeys(("lemma", "stem", "exact", "fold"), term),
            },
        },
    }
    assert file_index(CLUSTER) == {
        "settings": SETTINGS,
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "file": {"type": "keyword"},
                "piece": {"type": "integer"},
                "content": {"type": "binary"},
            },
        },
    }
