"""Fixtures of the downloader's tests."""

from collections.abc import Iterator

import pytest

from tests.support.fetching import Waits
from tests.support.hostile_site import HostileSite
from tests.support.jumping_clock import Clock


@pytest.fixture
def site() -> Iterator[HostileSite]:
    with HostileSite() as running:
        yield running


@pytest.fixture
def canary() -> Iterator[HostileSite]:
    """An origin that must not be contacted."""
    with HostileSite() as running:
        yield running


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def clock() -> Clock:
    return Clock()
