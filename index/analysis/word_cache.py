"""Keeps long words out of the per-word caches, because clients may send any number of them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

T = TypeVar("T")

WORD_CHARS = 200
"""The longest word that is cached; thousands of longer ones would fill the memory."""


def for_length(cached: "_lru_cache_wrapper[T]", chars: int) -> Callable[..., T]:
    """Return *cached* for a word of up to WORD_CHARS characters, else the function that it wraps."""
    return cached if chars <= WORD_CHARS else cached.__wrapped__


def length_of(terms: Sequence[tuple[str, str]]) -> int:
    """Return the approximate length of the word with these *terms*, each a field and a text."""
    return len(terms[0][1]) if terms else 0
