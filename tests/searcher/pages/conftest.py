from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from searcher import create_app
from tests.support.browsing import browse
from tests.support.library import build_library


@dataclass(frozen=True)
class Library:
    """The app over a few releases, and their ids by name."""

    client: FlaskClient
    ids: dict[str, str]

    def page(self, path: str) -> str:
        """Return the page at *path*, in which {name} stands for the id of a release."""
        answer = self.client.get(path.format(**self.ids))
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture(scope="package")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    config, ids = build_library(tmp_path_factory.mktemp("library"))
    return Library(browse(create_app(config)), ids)


Page = Callable[[str], str]


@pytest.fixture(scope="package")
def page(library: Library) -> Page:
    return library.page
