from dataclasses import replace
from pathlib import Path

import pytest

from index.indexing.abbreviations import (
    Definition,
    Definitions,
    Miner,
    ReviewVerdict,
    find_definitions,
)
from tests.support.disks import files_of_at_most, unreadable


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        (
            "Svētkos Valsts ugunsdzēsības un glābšanas dienesta (VUGD) ugunsdzēsēji",
            "VUGD",
            "Valsts ugunsdzēsības un glābšanas dienesta",
        ),
        ("norāda Iekšlietu ministrija (turpmāk – IeM).", "IeM", "Iekšlietu ministrija"),
        ("Ieslodzījuma vietu pārvaldē (turpmāk tekstā - IeVP)", "IeVP", "Ieslodzījuma vietu pārvaldē"),
        ("Āfrikas cūku mēris (ĀCM)", "ĀCM", "Āfrikas cūku mēris"),
        ("0,3 % no iekšzemes kopprodukta (IKP)", "IKP", "iekšzemes kopprodukta"),
        (
            "no Latvijas Vides, ģeoloģijas un meteoroloģijas centra (LVĢMC)",
            "LVĢMC",
            "Latvijas Vides, ģeoloģijas un meteoroloģijas centra",
        ),
        ("sabiedrība „Latvijas Valsts ceļi” (LVC)", "LVC", "Latvijas Valsts ceļi"),
        ("SVF (Starptautiskais Valūtas fonds)", "SVF", "Starptautiskais Valūtas fonds"),
        ("the Connecting Europe Facility (CEF)", "CEF", "Connecting Europe Facility"),
    ],
)
def test_an_explained_abbreviation_is_found(text: str, short: str, long: str) -> None:
    assert list(find_definitions(text)) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "tikšanās Rīgā (ASV vēstniecībā)",
        "ministrs Jānis Bērziņš (JV)",  # a party, not his initials
        "piedalījās trīs valstis (EST)",
        "summa (EUR)",
        "Valsts policija aizturēja (VUGD)",
        "(VUGD)",
        "Covid-19 (SARS)",
        "V (V)",
        "",
    ],
)
def test_other_brackets_are_no_definitions(text: str) -> None:
    assert list(find_definitions(text)) == []


def test_cases_of_one_name_are_one_definition() -> None:
    miner = Miner()
    miner.add("a", "Valsts ieņēmumu dienests (VID)")
    miner.add("b", "Valsts ieņēmumu dienestam (VID). Valsts ieņēmumu dienestam (VID).")
    miner.add("c", "Valsts ieņēmumu dienests (VID)")
    assert miner.definitions() == [
        Definition(short="VID", long="Valsts ieņēmumu dienests", releases=3, evidence="a")
    ]


def test_a_changed_release_counts_once_and_a_removed_one_no_more() -> None:
    known = Definition(short="VID", long="Valsts ieņēmumu dienests", releases=2, evidence="a")
    miner = Miner()
    for _ in range(2):  # a release that changes during an update comes again
        miner.remove("a", "Valsts ieņēmumu dienests (VID)")
        miner.add("a", "Valsts zemes dienests (VZD)")
    miner.remove("b", "Valsts ieņēmumu dienests (VID)")
    miner.add("b", "Valsts zemes dienests (VZD)")
    miner.drop("b")
    explained = Definition(short="VZD", long="Valsts zemes dienests", releases=1, evidence="a")
    assert Definitions((known,)).merge(miner.definitions()).all == (explained,)


@pytest.mark.parametrize(("verdict", "kept"), [("auto", 0), ("yes", 1), ("no", 1)])
def test_what_no_release_explains_any_more_is_dropped_unless_people_decided(
    verdict: ReviewVerdict, kept: int
) -> None:
    definition = Definition(
        short="VID", long="Valsts ieņēmumu dienests", releases=1, evidence="a", verdict=verdict
    )
    left = Definitions((definition,)).merge([replace(definition, releases=-1)]).all
    assert [one.releases for one in left] == [0] * kept


def test_a_file_is_read_back_as_written(tmp_path: Path) -> None:
    definitions = Definitions(
        (Definition(short="VID", long="Valsts ieņēmumu dienests", releases=3, evidence="a"),)
    )
    definitions.write(tmp_path / "acronyms.tsv")
    assert Definitions.read(tmp_path / "acronyms.tsv") == definitions


def test_malformed_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "acronyms.tsv"
    path.write_text(
        "nonsense\n\nyes\nyes\tVID\nyes\tVID\tValsts ieņēmumu dienests\nno\tX\tY\tmany\n", "utf-8"
    )
    assert [(definition.verdict, definition.short) for definition in Definitions.read(path).all] == [
        ("yes", "VID"),
        ("no", "X"),
    ]


def test_a_missing_file_has_no_definitions(tmp_path: Path) -> None:
    assert Definitions.read(tmp_path / "absent.tsv").all == ()


def test_decisions_of_people_are_kept() -> None:
    wrong = Definition(short="VID", long="Viss ir dārgs", releases=1, evidence="a", verdict="no")
    added = Definition(short="ZM", long="Zemkopības ministrija", releases=0, evidence="", verdict="yes")
    mined = [
        Definition(short="VID", long="Viss ir dārgs", releases=2, evidence="a"),
        Definition(short="VID", long="Valsts ieņēmumu dienests", releases=5, evidence="b"),
    ]
    renewed = Definitions((wrong, added)).renew(mined)
    assert renewed.expansions() == {"VID": ("Valsts ieņēmumu dienests",), "ZM": ("Zemkopības ministrija",)}
    assert len(renewed.renew([]).all) == 2


def test_further_releases_are_added_up() -> None:
    definition = Definition(short="VID", long="Valsts ieņēmumu dienests", releases=2, evidence="a")
    extended = Definitions((definition,)).merge([definition])
    assert [(definition.releases, definition.evidence) for definition in extended.all] == [(4, "a")]


def test_rare_expansions_are_left_out() -> None:
    meanings = [("Tiesu administrācija", 8), ("Tautas apvienība", 4), ("Tirdzniecības asociācija", 1)]
    definitions = Definitions(
        tuple(Definition(short="TA", long=long, releases=count, evidence="a") for long, count in meanings)
    )
    assert definitions.expansions() == {"TA": ("Tiesu administrācija", "Tautas apvienība")}


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "acronyms.tsv"
    with files_of_at_most(10), pytest.raises(OSError, match=r"acronyms\.draft"):
        Definitions().write(path)
    unreadable(path)
    with pytest.raises(OSError, match=r"acronyms\.tsv"):
        Definitions.read(path)
