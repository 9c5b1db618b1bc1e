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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Both kinds in one text: first those before a bracket, then those in one.
        (
            "SVF (Starptautiskais Valūtas fonds) un Valsts zemes dienests (VZD)",
            [("VZD", "Valsts zemes dienests"), ("SVF", "Starptautiskais Valūtas fonds")],
        ),
        ("Valsts zemes dienests ( „VZD” )", [("VZD", "Valsts zemes dienests")]),
        ("Valsts zemes dienests (turpmāk - “VZD”)", [("VZD", "Valsts zemes dienests")]),
        ("Valsts zemes dienests (tālāk VZD)", []),
        # A break ends the name; only short words may give no letter.
        ("Valsts. Zemes dienests (VZD)", []),
        ("Valsts\nzemes dienests (VZD)", []),
        ("Valsts un zemes dienests (VZD)", [("VZD", "Valsts un zemes dienests")]),
        ("Valsts lielais zemes dienests (VZD)", []),
        ("Zemes dienests (ZD)", [("ZD", "Zemes dienests")]),
        ("Zemesdienests (ZD)", []),
        ("SVF(Starptautiskais Valūtas fonds)", []),
        ("SVF  (Starptautiskais Valūtas fonds)", [("SVF", "Starptautiskais Valūtas fonds")]),
        ("SVF (Jaunais Starptautiskais Valūtas fonds)", []),
        ("SVF (S V f)", []),
        ("Valsts zemes dienests (vzd)", []),
        (f"{'Ab' * 5} (A b)", []),
    ],
)
def test_names_and_abbreviations_explain_each_other(text: str, found: list[tuple[str, str]]) -> None:
    assert list(find_definitions(text)) == found


@pytest.mark.parametrize(
    ("line", "definition"),
    [
        (
            "auto\tVZD\tValsts zemes dienests\t3\ta",
            Definition(short="VZD", long="Valsts zemes dienests", releases=3, evidence="a"),
        ),
        (
            " yes \t VZD \t Valsts \t3\ta\tmore",
            Definition(short="VZD", long="Valsts", releases=3, evidence="a", verdict="yes"),
        ),
        ("no\tVZD\tValsts\t3", Definition(short="VZD", long="Valsts", releases=0, evidence="", verdict="no")),
        (
            "no\tVZD\tValsts\tx\ta",
            Definition(short="VZD", long="Valsts", releases=0, evidence="a", verdict="no"),
        ),
        ("maybe\tVZD\tValsts\t3\ta", None),
        ("yes\t \tValsts\t3\ta", None),
        ("yes\tVZD\t \t3\ta", None),
        ("#yes\tVZD\tValsts\t3\ta", None),
    ],
)
def test_a_line_has_five_columns(tmp_path: Path, line: str, definition: Definition | None) -> None:
    path = tmp_path / "acronyms.tsv"
    path.write_text(line, encoding="utf-8")
    assert Definitions.read(path).all == ((definition,) if definition else ())


def test_expansions_are_common_enough_or_confirmed() -> None:
    def meaning(long: str, releases: int, verdict: ReviewVerdict = "auto") -> Definition:
        return Definition(short="TA", long=long, releases=releases, evidence="", verdict=verdict)

    some = (meaning("b", 8), meaning("a", 8), meaning("c", 4), meaning("d", 0, "yes"), meaning("e", 99, "no"))
    assert Definitions(some).expansions() == {"TA": ("b", "a", "c", "d")}
    assert Definitions((*some, meaning("f", 1))).expansions() == {"TA": ("b", "a", "d")}
    assert Definitions((meaning("e", 99, "no"),)).expansions() == {}


def test_counts_never_fall_below_none_and_the_commonest_spelling_is_shown() -> None:
    known = Definition(short="VZD", long="Valsts zemes dienests", releases=2, evidence="", verdict="yes")
    fewer = replace(known, releases=-5, evidence="b")
    assert Definitions((known,)).merge([fewer]).all == (replace(known, releases=0, evidence="b"),)
    (one,) = Definitions(()).merge([replace(known, releases=0, verdict="auto")]).all
    assert one.releases == 0
    miner = Miner()
    for id_, long in (("a", "dienestam"), ("b", "dienesta"), ("c", "dienestam"), ("d", "dienesta")):
        miner.add(id_, f"Valsts zemes {long} (VZD)")
    assert [(one.long, one.releases) for one in miner.definitions()] == [("Valsts zemes dienesta", 4)]
    miner.remove("x", "nothing")
    miner.remove("x", "Valsts zemes dienesta (VZD)")
    miner.remove("x", "Valsts zemes dienesta (VZD)")
    assert [(one.long, one.releases) for one in miner.definitions()] == [("Valsts zemes dienestam", 3)]


def test_the_order_of_a_file_is_that_of_names(tmp_path: Path) -> None:
    mined = [
        Definition(short=short, long=long, releases=1, evidence="a")
        for short, long in (("B", "b"), ("A", "d"), ("A", "c"))
    ]
    merged = Definitions(()).merge(mined)
    assert [(one.short, one.long) for one in merged.all] == [("A", "c"), ("A", "d"), ("B", "b")]
    merged.write(tmp_path / "acronyms.tsv")
    lines = (tmp_path / "acronyms.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[3:] == ["auto\tA\tc\t1\ta", "auto\tA\td\t1\ta", "auto\tB\tb\t1\ta"]
    assert [path.name for path in tmp_path.iterdir()] == ["acronyms.tsv"]
