import pytest
from flask.testing import FlaskClient


@pytest.fixture(scope="session")
def release_id(client: FlaskClient) -> str:
    return str(client.get("/api/v1/search?q=ministrija").get_json()["hits"][0]["id"])
