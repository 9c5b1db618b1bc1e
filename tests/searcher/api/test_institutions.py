from flask.testing import FlaskClient


def test_institutions_have_the_counts_of_the_facet(client: FlaskClient) -> None:
    listed = client.get("/api/v1/institutions").get_json()["institutions"]
    facets = client.get("/api/v1/facets").get_json()["facets"]
    assert {one["name"]: one["releases"] for one in listed if one["releases"]} == {
        value["value"]: value["count"] for value in facets["ministry"]
    }
    assert all(one["health"] == "fresh" and one["crawled"] for one in listed if one["releases"])


def test_the_status_sums_the_collection_up(client: FlaskClient) -> None:
    status = client.get("/api/v1/status").get_json()
    listed = client.get("/api/v1/institutions").get_json()["institutions"]
    assert status["releases"] == client.get("/healthz").get_json()["documents"]
    covered = [one for one in listed if one["releases"]]
    assert status["institutions"] == len(covered)
    assert status["first"] == min(one["first"] for one in covered if one["first"])
    assert status["last"] == max(one["last"] for one in covered if one["last"])
    assert status["crawled"] == max(one["crawled"] for one in covered if one["crawled"])
    assert status["indexed"] is not None
    assert status["is_sound"] is True
