import csv
import json

from tests.support.corrected import FINANCE, Corrected


def test_a_correction_has_its_change_and_reasons(corrected: Corrected) -> None:
    answer = corrected.client.get("/api/v1/corrections?kind=number").get_json()
    (one,) = answer["corrections"]
    assert (answer["total"], one["id"], one["version"], one["revision"]) == (
        2,
        corrected.ids["skaitlis"],
        2,
        1,
    )
    assert (one["days"], one["weight"], one["kinds"]) == (1, 85, ["number"])
    assert one["changes"][0]["reasons"] == [{"about": "number", "older": "1 800", "newer": "2 300"}]
    assert one["noticed"] == "2026-03-03T09:00:00Z"


def test_removed_releases_are_listed(corrected: Corrected) -> None:
    (one,) = corrected.client.get("/api/v1/corrections").get_json()["departures"]
    assert (one["id"], one["kind"]) == (corrected.ids["nonemta"], "removed")


def test_exports_have_all_corrections(corrected: Corrected) -> None:
    lines = corrected.client.get("/api/v1/corrections.ndjson?weight=0").text.splitlines()
    sheet = corrected.client.get("/api/v1/corrections.csv?weight=0").data.decode("utf-8-sig")
    rows = [*csv.DictReader(sheet.splitlines())]
    assert [json.loads(line)["id"] for line in lines] == [row["id"] for row in rows]
    assert len(lines) == 4
    assert rows[0]["reasons"] == "negation tiks → netiks"


def test_parameters_are_strict(corrected: Corrected) -> None:
    for query, detail in (
        ("weight=101", "weight: must be 100 or less"),
        ("kind=all", "kind: must be"),
        ("nav=1", "nav: no such parameter"),
        ("ministry=Nav", "ministry: no institution is named 'Nav'"),
        ("days=1-x", "days: must be days such as 0, 1-7 or 8-"),
        ("page=40&per_page=100", "page: reaches only"),
    ):
        answer = corrected.client.get(f"/api/v1/corrections?{query}")
        assert (query, answer.status_code) == (query, 400)
        assert answer.get_json()["detail"].startswith(detail)


def test_institution_filter(corrected: Corrected) -> None:
    answer = corrected.client.get("/api/v1/corrections", query_string={"ministry": FINANCE}).get_json()
    assert {one["ministry"] for one in answer["corrections"]} == {FINANCE}
