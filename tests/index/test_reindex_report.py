import json
from dataclasses import replace

import pytest

from index.reindex_report import CheckReport, Report, show, show_check, show_progress

REPORT = Report(
    did="rebuilt",
    because="requested",
    generation="20260101T000000-001",
    documents=30,
    number=42,
    changes=3,
    added=2,
    removed=1,
    seconds=1.5,
)
RELEVANCE = {"nDCG@10": 0.9, "MRR": 1.0}


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (
            replace(REPORT, did="nothing"),
            "Nothing to do: 30 releases in generation 20260101T000000-001, up to change 42.",
        ),
        (
            replace(REPORT, did="updated"),
            "Updated: 2 added or changed, 1 removed; 30 releases in generation 20260101T000000-001, 1.5 s.",
        ),
        (REPORT, "Rebuilt (requested): 30 releases in generation 20260101T000000-001, 1.5 s."),
        (
            replace(REPORT, relevance=RELEVANCE),
            "Rebuilt (requested): 30 releases in generation 20260101T000000-001, 1.5 s.\n"
            "Judged queries: nDCG@10 0.900, MRR 1.000.",
        ),
        (
            replace(REPORT, topics=0.2208),
            "Rebuilt (requested): 30 releases in generation 20260101T000000-001, 1.5 s.\n"
            "With a topic: 22% of the releases.",
        ),
        (
            replace(REPORT, did="rolled back"),
            "Rolled back: 30 releases in generation 20260101T000000-001. "
            "The next `reindex` brings it up to date.",
        ),
    ],
)
def test_a_report_reads_well(report: Report, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(report, as_json=False)
    assert capsys.readouterr().out == f"{line}\n"


def test_a_report_as_json_has_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    show(REPORT, as_json=True)
    output = json.loads(capsys.readouterr().out)
    assert output.keys() == set(Report.__slots__)
    assert (output["did"], output["documents"], output["seconds"]) == ("rebuilt", 30, 1.5)


def test_a_sound_index_is_reported_to_stdout_and_faults_to_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sound = CheckReport(
        location="/index", faults=(), relevance=RELEVANCE, relevance_by_kind={"date": 0.8, "name": 1}
    )
    show_check(sound, as_json=False)
    show_check(CheckReport(location="/index", faults=("one", "two"), best_bets=("bet",)), as_json=False)
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        "Judged queries: nDCG@10 0.900, MRR 1.000.",
        "By kind, nDCG@10: date 0.800, name 1.000.",
        "/index: sound",
    ]
    assert output.err == "bet\none\ntwo\n"


def test_a_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    show_check(CheckReport(location="/index", faults=("one",), best_bets=("bet",)), as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "sound": False,
        "faults": ["one"],
        "best_bets": ["bet"],
        "relevance": {},
        "relevance_by_kind": {},
    }


def test_without_a_terminal_progress_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("Building", 30) as on_progress:
        on_progress(10)
        on_progress(20)
    assert capsys.readouterr().err == "Building: at most 30 changes\n"
