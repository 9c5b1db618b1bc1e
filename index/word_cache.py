"""Caches of what is found for words: strangers may invent long ones, which none keeps."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

T = TypeVar("T")

WORD_CHARS = 200
"""The longest word that is kept; a cache of thousands of longer ones would fill the memory."""


def for_length(cached: "_lru_cache_wrapper[T]", chars: int) -> Callable[..., T]:
    """Return *cached* for a word of so many characters, or for a long one the function behind it."""
    return cached if chars <= WORD_CHARS else cached.__wrapped__


def length_of(terms: Sequence[tuple[str, str]]) -> int:
    """Return about the length of the word that has the *terms*, each a field and a text."""
    return len(terms[0][1]) if terms else 0
