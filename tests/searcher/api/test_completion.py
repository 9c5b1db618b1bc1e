import html

import pytest
from flask.testing import FlaskClient

from index.suggest import Completion
from searcher.api.completion import CompletionAnswer


def test_completion_does_not_need_diacritics(client: FlaskClient) -> None:
    completions = client.get("/api/v1/complete?q=finansu").get_json()["completions"]
    assert ("Finanšu ministrija", "Finanšu ministrija") in [
        (one["text"], one["ministry"]) for one in completions
    ]


def test_a_title_leads_to_its_release(client: FlaskClient) -> None:
    completions = client.get("/api/v1/complete?q=valsts+policija+apvienos").get_json()["completions"]
    (title,) = (one for one in completions if one["kind"] == "title")
    page = client.get(f"/releases/{title['release']}")
    assert page.status_code == 200
    assert title["text"] in html.unescape(page.text)
    box = client.get("/en/").text
    assert 'data-release="/en/releases/"' in box


@pytest.mark.parametrize(
    ("completion", "answer"),
    [
        (
            Completion("drošība", "word"),
            {
                "text": "drošība",
                "release": None,
                "kind": "word",
                "ministry": None,
                "person": None,
                "act": None,
                "place": None,
            },
        ),
        (
            Completion("Anna Ozola", "name"),
            {
                "text": "Anna Ozola",
                "release": None,
                "kind": "name",
                "ministry": None,
                "person": None,
                "act": None,
                "place": None,
            },
        ),
        (
            Completion("Ziņa", "title", release="iem-1"),
            {
                "text": "Ziņa",
                "release": "iem-1",
                "kind": "title",
                "ministry": None,
                "person": None,
                "act": None,
                "place": None,
            },
        ),
        (
            Completion("Iekšlietu ministrija", "institution", "ministry"),
            {
                "text": "Iekšlietu ministrija",
                "release": None,
                "kind": "institution",
                "ministry": "Iekšlietu ministrija",
                "person": None,
                "act": None,
                "place": None,
            },
        ),
    ],
)
def test_a_completion_has_its_kind_and_what_it_filters_by(
    completion: Completion, answer: dict[str, object]
) -> None:
    assert CompletionAnswer.of(completion).model_dump() == answer


def test_completions_are_those_of_the_service_in_its_order(client: FlaskClient) -> None:
    answer = client.get("/api/v1/complete?q=finan%C5%A1u")
    texts = [one["text"] for one in answer.get_json()["completions"]]
    assert texts == [
        one["text"] for one in client.get("/api/v1/complete?q=FINANSU").get_json()["completions"]
    ]
    assert len(texts) > 1
    known = client.get("/api/v1/complete?q=finan%C5%A1u", headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/complete", 200),
        ("/api/v1/complete?q=", 200),
        (f"/api/v1/complete?q={'a' * 200}", 200),
        (f"/api/v1/complete?q={'a' * 201}", 400),
        ("/api/v1/complete?q=a&x=1", 400),
        ("/api/v1/complete?q=a&q=b", 400),
    ],
)
def test_what_is_typed_has_a_bound(client: FlaskClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    if "q=a" not in address:
        assert answer.get_json() == {"completions": []}


def test_the_description_names_each_kind(client: FlaskClient) -> None:
    schema = client.get("/openapi.json").get_json()["components"]["schemas"]["CompletionAnswer"]
    fields = schema["properties"]
    assert fields["kind"]["enum"] == ["word", "name", "institution", "person", "act", "place", "title"]
    assert fields["ministry"]["description"] == (
        "Of an institution: filter by this `ministry` instead of searching for the text."
    )
    assert {*fields} == {"text", "release", "kind", "ministry", "person", "act", "place"}
