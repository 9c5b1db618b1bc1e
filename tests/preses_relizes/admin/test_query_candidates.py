import re
from datetime import timedelta
from pathlib import Path

import pytest

from index.best_bets.bet_file import load_bets
from index.evaluation import judged_queries
from index.meaning.concepts import read_concepts
from preses_relizes.admin.query_candidates import HITS_SHOWN
from tests.support.library import build_library
from tests.support.releases_command import run
from tests.support.searches import FIRST, counts, log_file, search

ODD = "tā \"sauktais\" \\ 'budžets' #1"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, _ = build_library(tmp_path_factory.mktemp("candidates"))
    path.write_text(path.read_text(encoding="utf-8") + 'query_log = "queries.sqlite3"\n', encoding="utf-8")
    for day in range(3):
        asked = [search("drošību"), search(ODD), search("dronu medības", has_match=False)] * 2
        log_file(path.with_name("queries.sqlite3")).add(counts(FIRST + timedelta(day), *asked))
    return path


@pytest.fixture(scope="module")
def folder(config: Path) -> Path:
    folder = config.parent / "review"
    done = run("queries", "--config", str(config), "--export", str(folder))
    assert done.exit_code == 0, done.output
    return folder


def uncommented(path: Path, keep: str) -> str:
    """Return the file with the lines that begin with *keep* uncommented, as its reader is told to."""
    return re.sub(f"^# (?={keep})", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_judged_queries_can_be_used_as_they_are(folder: Path) -> None:
    judged = judged_queries(folder / "judged.toml")
    assert "drošību" in {query.text for query in judged.queries}
    assert {grade for query in judged.queries for grade in query.judgements.values()} == {0}


def test_best_bets_can_be_used_after_a_choice(folder: Path, tmp_path: Path) -> None:
    chosen, bets = tmp_path / "best_bets.toml", []
    text = uncommented(folder / "best_bets.toml", r"\[\[bet|queries|release")
    for bet in text.split("\n\n"):
        lines = [line for line in bet.splitlines() if not line.startswith("#")]
        bets += lines[:3] if len(lines) > 2 else []
    chosen.write_text("\n".join(bets), encoding="utf-8")
    loaded = load_bets(chosen)
    assert ("drošību",) in {bet.queries for bet in loaded}
    assert all(bet.release.startswith("https://www.iem.example/") for bet in loaded)


def test_related_words_can_be_used_with_a_word_beside(folder: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "concepts.txt"
    chosen.write_text(
        uncommented(folder / "related_words.txt", "dronu").replace(
            "dronu medības,", "dronu medības, bezpilota"
        )
    )
    [concept] = read_concepts(chosen)
    assert [term.text for term in concept] == ["dronu medības", "bezpilota"]


def test_files_that_somebody_may_be_editing_are_kept(config: Path, folder: Path) -> None:
    done = run("queries", "--config", str(config), "--export", str(folder))
    assert (done.exit_code, "exists; choose another folder" in done.output) == (1, True)


def test_candidates_are_written_like_this(folder: Path) -> None:
    words = (folder / "related_words.txt").read_text(encoding="utf-8")
    assert words.endswith("\n\n# 6 of 6 searches on 3 days\n# dronu medības,\n")
    assert words.startswith("# Queries that no release matches. ")
    bets = (folder / "best_bets.toml").read_text(encoding="utf-8")
    assert '\n# 6 searches on 3 days\n# [[bet]]\n# queries = ["drošību"]\n# release = "https://' in bets
    assert bets.count("# [[bet]]") == 3
    assert bets.partition("drošību")[2].partition("[[bet]]")[0].count("# release = ") <= HITS_SHOWN == 5
    judged = (folder / "judged.toml").read_text(encoding="utf-8")
    assert '\n[[query]]\ntext = "drošību"   # 6 searches on 3 days\n[query.judgements]\n"https://' in judged
    assert "dronu" not in judged


def test_an_existing_file_of_any_name_is_kept(config: Path, tmp_path: Path) -> None:
    (tmp_path / "judged.toml").write_text("mine", encoding="utf-8")
    done = run("queries", "--config", str(config), "--export", str(tmp_path))
    assert (done.exit_code, f"{tmp_path / 'judged.toml'}: exists; choose another folder" in done.output) == (
        1,
        True,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["judged.toml"]
