"""The operator's file of names merges, splits, renames and hides, and is refused if it contradicts itself."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.config import ConfigError
from index.register import NO_NAMES, ListedNames, load_names
from index.reindex import app
from tests.support.new_store import new_store
from tests.support.stored_release import DAY, RELEASE

FILE = """
hide = ["Zane Slēptā"]

[[same]]
name = "Agra Lepzare-Kalve"
also = ["Agra Lepzare", "Agra Kalve"]

[[other]]
name = "Jānis Namejs"
as = "Jānis Namejs (VUGD)"
institutions = ["Valsts ugunsdzēsības un glābšanas dienests"]

[[other]]
name = "Jānis Namejs"
as = "Jānis Namejs (dzejnieks)"
releases = ["km-1"]
"""


def names(folder: Path, text: str) -> ListedNames:
    path = folder / "names.toml"
    path.write_text(text, encoding="utf-8")
    return load_names(path)


@pytest.mark.parametrize(
    ("name", "institution", "release", "listed"),
    [
        ("Agra Lepzare", "Finanšu ministrija", "fm-1", "Agra Lepzare-Kalve"),
        ("AGRA KALVE", "Finanšu ministrija", "fm-1", "Agra Lepzare-Kalve"),
        ("Agra Lepzare-Kalve", "Finanšu ministrija", "fm-1", "Agra Lepzare-Kalve"),
        ("Jānis Namejs", "Finanšu ministrija", "fm-1", "Jānis Namejs"),
        (
            "Jānis Namejs",
            "Valsts ugunsdzēsības un glābšanas dienests",
            "vugd-1",
            "Jānis Namejs (VUGD)",
        ),
        ("Jānis Namejs", "Kultūras ministrija", "km-1", "Jānis Namejs (dzejnieks)"),
        ("Zane Slēptā", "Finanšu ministrija", "fm-1", None),
        ("zane slēptā", "Finanšu ministrija", "fm-1", None),
        ("Ilze Cita", "Finanšu ministrija", "fm-1", "Ilze Cita"),
    ],
)
def test_a_name_is_listed_as_the_file_says(
    tmp_path: Path, name: str, institution: str, release: str, listed: str | None
) -> None:
    assert names(tmp_path, FILE).listed(name, institution=institution, release=release) == listed


def test_without_a_file_names_are_listed_as_they_are(tmp_path: Path) -> None:
    found = load_names(tmp_path / "names.toml")
    assert found is NO_NAMES
    assert found.listed("Agra Lepzare", institution="x", release="y") == "Agra Lepzare"


def test_a_hidden_name_hides_those_that_are_listed_under_it(tmp_path: Path) -> None:
    text = 'hide = ["Agra Lepzare"]\n[[same]]\nname = "Agra Lepzare"\nalso = ["Agra Kalve"]\n'
    found = names(tmp_path, text)
    assert found.listed("Agra Kalve", institution="x", release="y") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hide = 1", "hide"),
        ("[[same]]\nname = 'A B'\n", "same.0.also"),
        ("[[other]]\nname = 'A B'\nas = 'C D'\n", "institutions or releases must say"),
        ("[[same]]\nname='A B'\nalso=['C D']\n[[same]]\nname='E F'\nalso=['C D']\n", "'C D' is both"),
        ("[[same]]\nname='A B'\nalso=['C D']\n[[same]]\nname='C D'\nalso=['E F']\n", "itself listed as"),
        ("merge = []", "merge"),
        ("hide = [", "names.toml: "),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r"names\.toml") as error:
        names(tmp_path, text)
    assert message in str(error.value)


def test_another_text_has_another_fingerprint(tmp_path: Path) -> None:
    assert names(tmp_path, FILE).fingerprint == names(tmp_path, f"{FILE}\n# a remark\n").fingerprint
    assert names(tmp_path, FILE).fingerprint != names(tmp_path, 'hide = ["Zane Slēptā"]').fingerprint


@pytest.mark.parametrize("text", ["[[same]]\nname = 'A B'\n", "hide = ["])
def test_reindex_names_the_file_that_is_wrong_on_one_line(tmp_path: Path, text: str) -> None:
    config, data = tmp_path / "config.toml", tmp_path / "data"
    config.write_text('data_dir = "data"\n', encoding="utf-8")
    with new_store(data / "releases.sqlite3") as store:
        store.save(RELEASE, seen=DAY)
    assert CliRunner().invoke(app, ["--config", str(config)]).exit_code == 0
    (data / "names.toml").write_text(text, encoding="utf-8")
    for option, code in ((), 2), (("--full",), 2), (("--check",), 1):
        done = CliRunner().invoke(app, ["--config", str(config), *option])
        assert (done.exit_code, "names.toml: " in done.output) == (code, True), done.output
        assert isinstance(done.exception, SystemExit)
