import pytest
from flask.testing import FlaskClient

from index.analysis import Analyzer
from searcher import create_app
from tests.support.browsing import browse
from tests.support.corrected import Corrected, build_corrected
from tests.support.shelf import Shelf, build_shelf


@pytest.fixture(scope="session", autouse=True)
def _dictionary_in_memory(dictionary: Analyzer) -> None:
    pass


@pytest.fixture(scope="session")
def release_id(client: FlaskClient) -> str:
    return str(client.get("/api/v1/search?q=ministrija").get_json()["hits"][0]["id"])


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Releases of every kind that the forms of a search must get right."""
    return build_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="session")
def shelf_client(shelf: Shelf) -> FlaskClient:
    return browse(create_app(shelf.config))


@pytest.fixture(scope="session")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Corrected:
    """Releases that their institutions changed after publication."""
    return build_corrected(tmp_path_factory.mktemp("corrected"))
