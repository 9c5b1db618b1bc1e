import csv
import json

from tests.support.corrected import FINANCE, Corrected


def test_a_correction_has_its_change_and_reasons(corrected: Corrected) -> None:
    answer = corrected.client.get("/api/v1/corrections?kind=number").get_json()
    (one,) = answer["corrections"]
    assert (answer["total"], one["id"], one["version"], one["revision"]) == (
        1,
        corrected.ids["skaitlis"],
        2,
        1,
    )
    assert (one["days"], one["weight"], one["kinds"]) == (1, 85, ["number"])
    assert one["changes"][0]["reasons"] == [{"about": "number", "older": "1 800", "newer": "2 300"}]
    assert one["noticed"] == "2026-03-03T09:00:00Z"


def test_removed_releases_are_listed(corrected: Corrected) -> None:
    answer = corrected.client.get("/api/v1/corrections").get_json()
    (one,) = answer["departures"]
    assert (one["id"], one["kind"], answer["departures_total"]) == (corrected.ids["nonemta"], "removed", 1)
    answer = corrected.client.get("/api/v1/corrections?departures_page=2").get_json()
    assert (answer["departures"], answer["departures_total"]) == ([], 1)


def test_hidden_releases_do_not_count(corrected: Corrected) -> None:
    answer = corrected.client.get("/api/v1/corrections?per_page=2&weight=0").get_json()
    assert (len(answer["corrections"]), answer["total"]) == (2, 4)


def test_a_query_limits_corrections_by_any_text_that_a_release_had(corrected: Corrected) -> None:
    def found(query: str) -> set[str]:
        answer = corrected.client.get(f"/api/v1/corrections?{query}").get_json()
        assert answer["total"] == len(answer["corrections"])
        return {one["id"] for one in (*answer["corrections"], *answer["departures"])}

    assert found("q=nodoklis") == {corrected.ids["noliegums"]}
    assert found('q="1+800+ģimeņu"') == {corrected.ids["skaitlis"]}  # what the edit took away
    assert found("q=nodoklis&kind=number") == set()
    assert found("q=nekas+vairs") == {corrected.ids["nonemta"]}
    assert found("q=slepeni") == set()


def test_exports_have_all_corrections(corrected: Corrected) -> None:
    lines = corrected.client.get("/api/v1/corrections.ndjson?weight=0").text.splitlines()
    sheet = corrected.client.get("/api/v1/corrections.csv?weight=0").data.decode("utf-8-sig")
    rows = [*csv.DictReader(sheet.splitlines())]
    assert [json.loads(line)["id"] for line in lines] == [row["id"] for row in rows]
    assert [row["departure"] for row in rows] == ["", "removed", "", "", ""]
    assert rows[0]["reasons"] == "negation tiks → netiks"
    assert json.loads(lines[1])["kind"] == "removed"
    assert (rows[1]["title"], rows[1]["weight"]) == ("Noņemtā ziņa", "")
    lines = corrected.client.get("/api/v1/corrections.ndjson?kind=number").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [corrected.ids["skaitlis"]]


def test_parameters_are_strict(corrected: Corrected) -> None:
    for query, detail in (
        ("weight=101", "weight: must be 100 or less"),
        ("kind=all", "kind: must be"),
        ("nav=1", "nav: no such parameter"),
        ("ministry=Nav", "ministry: no institution is named 'Nav'"),
        ("days=1-x", "days: must be days such as 0, 1-7 or 8-"),
        ("page=40&per_page=100", "page: reaches only"),
        ("departures_page=99", "page: reaches only"),
    ):
        answer = corrected.client.get(f"/api/v1/corrections?{query}")
        assert (query, answer.status_code) == (query, 400)
        assert answer.get_json()["detail"].startswith(detail)


def test_institution_filter(corrected: Corrected) -> None:
    answer = corrected.client.get("/api/v1/corrections", query_string={"ministry": FINANCE}).get_json()
    assert {one["ministry"] for one in answer["corrections"]} == {FINANCE}
