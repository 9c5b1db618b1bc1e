from flask.testing import FlaskClient


def test_similar_releases_exclude_the_release_itself(client: FlaskClient) -> None:
    release = client.get("/api/v1/search?q=skolotāju+algas").get_json()["hits"][0]["id"]
    similar = [hit["id"] for hit in client.get(f"/api/v1/releases/{release}/similar").get_json()["hits"]]
    assert similar
    assert release not in similar
