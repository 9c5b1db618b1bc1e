"""The examples in the docstrings say what happens."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "index.analysis",
    "index.lexemes",
    "index.periods",
    "index.whoosh_analysis",
    "index.latvian.letters",
    "index.latvian.lemmatizer",
    "index.latvian.lexicon",
    "index.latvian.repair",
    "index.latvian.stemmer",
    "index.latvian.stopwords",
    "index.latvian.tokenizer",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    tried = doctest.testmod(import_module(name))
    assert tried.attempted > 0
    assert tried.failed == 0
