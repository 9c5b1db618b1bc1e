from flask.testing import FlaskClient


def test_completion_does_not_need_diacritics(client: FlaskClient) -> None:
    completions = client.get("/api/v1/complete?q=finansu").get_json()["completions"]
    institution = {"text": "Finanšu ministrija", "kind": "institution", "ministry": "Finanšu ministrija"}
    assert institution in completions
