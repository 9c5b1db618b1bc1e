"""What the rules read in 114 invented releases, labelled before the rules were run on them.

The rules were mended by the errors found there, so the floors guard what was reached; they judge nothing new.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.analysis import default_analyzer
from index.mentions import Mentions, read_mentions

FOLDER = Path(__file__).parents[2] / "judged" / "mentions"
# Precision and recall.
FLOORS = {
    "name": (0.98, 0.95),
    "speaker": (0.97, 0.95),
    "office": (0.95, 0.95),
    "due": (0.98, 0.96),
    "citation": (0.97, 0.98),
}
Label = Mapping[str, Any]


def rows(name: str) -> list[Label]:
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@dataclass
class Score:
    """What was found of one kind."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def count(self, id_: str, found: Iterable[object], wanted: Iterable[object]) -> None:
        found, wanted = set(found), set(wanted)
        self.right += len(found & wanted)
        self.wrong += [f"{id_} {one}" for one in found - wanted]
        self.missed += [f"{id_} {one}" for one in wanted - found]

    @property
    def measures(self) -> tuple[float, float]:
        found, wanted = self.right + len(self.wrong), self.right + len(self.missed)
        return self.right / found, self.right / wanted


@pytest.fixture(scope="module")
def scores() -> Mapping[str, Score]:
    labels = defaultdict[str, list[Label]](list)
    for label in rows("labels"):
        labels[label["release"]].append(label)
    scores = defaultdict[str, Score](Score)
    for release in rows("releases"):
        day, text = date.fromisoformat(release["published"]), release["text"]
        found = read_mentions(default_analyzer(), text, release["language"], day)
        assert all(0 <= one.start < one.end <= len(text) for one in found.statements)
        score(scores, release["id"], text, found, labels[release["id"]])
    return scores


def score(scores: Mapping[str, Score], id_: str, text: str, found: Mentions, labels: Sequence[Label]) -> None:
    kinds = defaultdict[str, list[Label]](list)
    for label in labels:
        kinds[label["kind"]].append(label)
    full = {(one["name"], one["start"]) for one in kinds["person"] if one["form"] == "full"}
    names = {
        (person.name, start)
        for person in found.persons
        for start, end in person.forms
        if " " in text[start:end].replace("\u00a0", " ") and "." not in text[start:end]
    }
    scores["name"].count(id_, names, full)
    scores["citation"].count(
        id_, (one.act for one in found.citations), (one["act"] for one in kinds["citation"])
    )
    scores["due"].count(
        id_,
        ((one.first.isoformat(), one.last.isoformat()) for one in found.due),
        ((one["first"], one["last"]) for one in kinds["due"]),
    )
    sure = [one for one in kinds["statement"] if not one.get("doubt") and not one.get("testimony")]
    unsure = {(one["start"], one["end"]) for one in kinds["statement"]} - {
        (one["start"], one["end"]) for one in sure
    }
    said = [one for one in found.statements if (one.start, one.end) not in unsure]
    scores["speaker"].count(
        id_,
        ((one.speaker, one.start, one.end) for one in said if one.speaker),
        ((one["speaker"], one["start"], one["end"]) for one in sure if one["speaker"]),
    )
    scores["office"].count(
        id_,
        ((one.office, one.start, one.end) for one in said if not one.speaker),
        ((one["office"], one["start"], one["end"]) for one in sure if not one["speaker"]),
    )


@pytest.mark.parametrize("kind", FLOORS)
def test_what_is_read_is_as_labelled(scores: Mapping[str, Score], kind: str) -> None:
    one = scores[kind]
    reached = [measure >= floor for measure, floor in zip(one.measures, FLOORS[kind], strict=True)]
    assert reached == [True, True], f"{one.measures}: {one.wrong[:20]}, missed {one.missed[:20]}"
