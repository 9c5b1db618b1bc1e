"""The fields of the indices of a generation; raise the version when they change.

A release is one document, and so is each text that it had before, in another index of the same fields. Its
terms are ours: `lemma`, `stem` and `exact` hold each term as often as it counts (in the title four times),
without positions, and `fold` each once. The positions are in a field for each part, one *word* a position: a
word is a distinct set of terms, so the terms of one position always agree. A third index lists the words and
their terms.

Title, lead and text are also there as written, analysed by the cluster itself: not for our searches, but for
Dashboards and whoever else reads the index.
"""

from collections.abc import Mapping
from typing import Any, get_args

from index.config import ClusterSettings
from index.layout import LAYOUT, Stream
from index.query import FILTERS, Filter

VERSION = 4
"""The version of the fields: an index of another one is rebuilt."""

NATIVE_ANALYZER, PLAIN_ANALYZER = "latvian", "standard"
"""Lucene's analyser of Latvian, which is in a module, and the one that every server has."""
RAW_FIELDS = ("title", "lead", "body")
"""The texts as written; `shown` has them, so they are not stored again."""

TEXT_FIELDS = ("lemma", "stem", "exact")
"""The fields that are scored."""

Fields = Mapping[str, Any]

_SCORED = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_MATCHED = {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False}
_PLACED = {"type": "text", "analyzer": "whitespace", "index_options": "positions", "norms": False}
_NOT_SEARCHED = {"type": "object", "enabled": False}
# The terms of a text take more space than the text, and are only searched.
_EXCLUDED = ("lemma", "stem", "exact", "fold", "*_words", "tokens", *RAW_FIELDS)


def words_field(part: str) -> str:
    """Return the field with the words of a part at their positions."""
    return f"{part}_words"


def row_field(one: Filter) -> str:
    """Return the field with all values of a release for the filter *one* in a single value."""
    return one.column if one.kind == "cell" else f"{one.column}_set"


PARTS: tuple[Stream, ...] = get_args(Stream)
assert tuple(LAYOUT) == PARTS  # noqa: S101 - the stored tokens are in this order


def release_index(cluster: ClusterSettings, meta: Fields, analyzer: str = NATIVE_ANALYZER) -> Fields:
    """Return settings and fields of the index of releases; *analyzer* of the cluster reads its raw texts."""
    return {
        "settings": _settings(cluster, shards=cluster.shards, refresh_interval="-1"),
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            "_source": {"excludes": list(_EXCLUDED)},
            "properties": {
                "id": {"type": "keyword"},
                "number": {"type": "long"},
                "cluster": {"type": "keyword"},
                "shared": {"type": "boolean"},
                "shared_ever": {"type": "boolean"},
                "release": {"type": "keyword"},
                "since": {"type": "integer"},
                "until": {"type": "integer"},
                "stamp": {"type": "keyword", "index": False},
                "site": {"type": "keyword", "index": False},
                "day": {"type": "integer"},
                "year": {"type": "keyword"},
                **{name: {"type": "keyword"} for one in FILTERS for name in (one.column, row_field(one))},
                "length": {"type": "integer"},
                "shown": _NOT_SEARCHED,
                "tokens": {"type": "binary", "doc_values": True},
                **dict.fromkeys(TEXT_FIELDS, _SCORED),
                "fold": _MATCHED,
                **{words_field(part): _PLACED for part in PARTS},
                **{name: {"type": "text", "analyzer": analyzer} for name in RAW_FIELDS},
            },
        },
    }


def word_index(cluster: ClusterSettings) -> Fields:
    """Return settings and fields of the index of words."""
    terms = {"type": "keyword", "doc_values": False}
    return {
        "settings": _settings(cluster, shards=1, refresh_interval="-1"),
        "mappings": {
            "dynamic": "strict",
            "properties": {"key": {"type": "keyword"}, **dict.fromkeys((*TEXT_FIELDS, "fold"), terms)},
        },
    }


def file_index(cluster: ClusterSettings) -> Fields:
    """Return settings and fields of the index of files, which are kept in pieces."""
    return {
        "settings": _settings(cluster, shards=1, refresh_interval="-1"),
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "file": {"type": "keyword"},
                "piece": {"type": "integer"},
                "content": {"type": "binary"},
            },
        },
    }


def _settings(cluster: ClusterSettings, *, shards: int, refresh_interval: str) -> Fields:
    return {
        "number_of_shards": shards,
        "number_of_replicas": cluster.replicas,
        "refresh_interval": refresh_interval,
        "max_result_window": 100_000,
        "max_docvalue_fields_search": 100,
    }
