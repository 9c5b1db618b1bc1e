"""The analysis and the documents equal those recorded for their versions; see `golden/record.py`."""

import subprocess
import sys
from pathlib import Path

import pytest

from index import versions
from index.analysis.latvian.stemmer import SUFFIXES
from preses_relizes.shared.calendar import LATVIAN_MONTHS
from tests.index.golden.record import DOCUMENTS, TEXTS, WORDS, Golden, goldens
from tests.support.children import run_bounded

RENEW = "then run `python -m tests.index.golden.record`"


@pytest.fixture(scope="module")
def recorded() -> dict[Path, Golden]:
    return {golden.path: golden for golden in goldens()}


@pytest.mark.parametrize("path", [WORDS, TEXTS, DOCUMENTS], ids=lambda path: path.name)
def test_the_index_equals_the_recording(recorded: dict[Path, Golden], path: Path) -> None:
    golden = recorded[path]
    pairs = zip(golden.before.splitlines(), golden.now.splitlines(), strict=False)
    changed = next((f"{before!r} is now {now!r}" for before, now in pairs if before != now), "its length")
    assert golden.now == golden.before, f"{changed}: raise {golden.name} in index/versions.py, {RENEW}"
    assert golden.recorded == golden.current, f"{golden.name} was raised though nothing changed, or {RENEW}"


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["ANALYSIS", "LAYOUT"])
def test_a_raised_version_changes_the_fingerprint(name: str, tmp_path: Path) -> None:
    small = tmp_path / "small.aff"  # loads at once
    small.write_text("SET UTF-8\n", encoding="utf-8")
    small.with_suffix(".dic").write_text("1\nvārds\n", encoding="utf-8")
    code = """
import sys
from pathlib import Path
from index import versions
setattr(versions, sys.argv[1], int(sys.argv[2]))
from index.analysis.analyzer import Analyzer
from index.indexing.document import fingerprint
print(fingerprint(Analyzer(Path(sys.argv[3]))))
"""
    current = getattr(versions, name)
    numbers = (current, current, current + 1)
    fingerprints = [
        run_bounded(
            [sys.executable, "-c", code, name, str(number), small], stdout=subprocess.PIPE, check=True
        ).stdout
        for number in numbers
    ]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_every_month_and_every_suffix_is_recorded(recorded: dict[Path, Golden]) -> None:
    words = {line.split("\t")[1] for line in recorded[WORDS].before.splitlines()}
    assert [suffix for suffix in SUFFIXES if not any(word.endswith(suffix) for word in words)] == []
    assert [month for month in LATVIAN_MONTHS if f". {month}" not in recorded[DOCUMENTS].before] == []


@pytest.mark.sweep
def test_a_change_is_not_recorded_under_the_same_version(tmp_path: Path) -> None:
    for path in (WORDS, TEXTS, DOCUMENTS):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / TEXTS.name).write_text(
        TEXTS.read_text(encoding="utf-8").replace("\tgads\t", "\tgadi\t"), encoding="utf-8"
    )
    code = """
import sys
from pathlib import Path
from tests.index.golden import record
for name in ("WORDS", "TEXTS", "DOCUMENTS"):
    setattr(record, name, Path(sys.argv[1]) / getattr(record, name).name)
record.main()
"""
    result = run_bounded([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (
        1,
        "texts.txt would change: raise ANALYSIS in index/versions.py first\n",
    )
