from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from benchmarks.completions import load_completions, over_samples
from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build, update
from index.suggest import Completer
from index.suggest.phrases import _sample
from tests.index.conftest import SEEN, Save


@pytest.fixture
def completer(save: Save, read_only_index: Callable[[], WhooshEngine]) -> Completer:
    save("a", title="Lēmums", body="To atbalsta Vizma Kalnkrasta un Nacionālais veselības dienests (NVD).")
    save("b", title="Reforma", body="Pie Vizmas Kalnkrastas sola minimālo algu bez e-receptes.")
    for number in range(3):
        save(f"c{number}", title=f"Alga {number}", body="Pieaugs minimālā alga, to lēma Ministru kabinets.")
    save("d", title="Būve", body="„Rail Baltica” būvē.", published=date(2020, 2, 1))
    return read_only_index().completer()


@pytest.mark.parametrize(
    ("typed", "text", "kind"),
    [
        ("nvd", "NVD", "name"),
        ("Vizma K", "Vizma Kalnkrasta", "name"),
        ("kalnk", "Kalnkrasta", "name"),
        ("rail balt", "Rail Baltica", "name"),
        ("minim", "minimālā alga", "word"),
        ("ministru k", "Ministru kabinets", "name"),
        ("e-rec", "e-recepte", "word"),
    ],
)
def test_names_and_phrases_are_completed_as_they_are_written(
    completer: Completer, typed: str, text: str, kind: str
) -> None:
    assert (text, kind) in [(item.text, item.kind) for item in completer.complete(typed)]


def test_what_only_deleted_releases_contain_is_not_offered(
    save: Save, store: Store, analyzer: Analyzer, tmp_path: Path
) -> None:
    save("a", title="Lēmums", body="To atbalsta Vizma Kalnkrasta, un pensiju indeksācija pieaugs.")
    for number in range(3):
        save(f"b{number}", title=f"Alga {number}", body="Pieaugs minimālā alga.")
    (tmp_path / "index").mkdir()
    number = build(tmp_path / "index", store, analyzer).number
    store.hide("https://iem.example/a", seen=SEEN)
    update(tmp_path / "index", store, analyzer, since=number)
    completer = WhooshEngine(tmp_path / "index", analyzer).completer()
    assert [completer.complete(typed) for typed in ("Vizma K", "kalnk", "lēm", "pensiju in")] == [()] * 4
    assert completer.complete("minim")


@pytest.mark.sweep
def test_what_a_journalist_types_is_completed_and_each_completion_has_hits(tmp_path: Path) -> None:
    report = over_samples(tmp_path)
    assert report.without_hits == ()
    assert report.share >= load_completions().floor


@pytest.mark.parametrize(("releases", "read"), [(2_000, 2_000), (62_500, 12_500), (1_000_000, 42_400)])
def test_only_a_bounded_sample_of_a_large_segment_is_read(releases: int, read: int) -> None:
    assert len(_sample(releases, every=6, most=40_000)) == read
