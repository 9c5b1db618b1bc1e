"""The examples in the docstrings say what happens."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "index.analysis.analyzer",
    "index.query.lexer",
    "index.query.periods",
    "index.analysis.whoosh_analyzer",
    "index.analysis.latvian.letters",
    "index.analysis.latvian.lemmatizer",
    "index.analysis.latvian.hunspell",
    "index.analysis.latvian.repair",
    "index.analysis.latvian.stemmer",
    "index.analysis.latvian.stopwords",
    "index.analysis.latvian.tokenizer",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    tried = doctest.testmod(import_module(name))
    assert tried.attempted > 0
    assert tried.failed == 0
