from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from benchmarks.completions import load_completions, over_samples
from crawler.store import Store
from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.indexer import build, update
from index.search import IndexReader
from index.suggest import Completer
from index.suggest.collocations import Collocation
from index.suggest.phrases import _longest, _sample, _stems, _whole
from tests.index.conftest import SEEN, Save
from tests.support.corpora import Forms, index_of
from tests.support.oracle import Doc


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


def sequence(occurrences: int, *stems: int) -> Collocation:
    return Collocation(stems, stems, occurrences)


@pytest.mark.parametrize(("longer", "is_kept"), [(0, True), (7, True), (8, False), (10, False)])
def test_a_sequence_that_nearly_always_continues_is_only_a_beginning(longer: int, *, is_kept: bool) -> None:
    found = [sequence(10, 1, 2), sequence(longer, 1, 2, 3), sequence(20, 4, 5)]
    assert (sequence(10, 1, 2) in list(_whole(found))) == is_kept


def test_whole_sequences_are_the_most_frequent_first() -> None:
    found = [sequence(2, 3, 4), sequence(5, 7, 8), sequence(2, 1, 2), sequence(1, 7, 8, 9)]
    assert [item.words for item in _whole(found)] == [(7, 8), (1, 2), (3, 4), (7, 8, 9)]


@pytest.mark.parametrize(
    ("releases", "every", "most", "last"),
    [
        (0, 6, 40, None),
        (2_500, 6, 40, 2_499),
        (2_501, 6, 1 << 20, 2_500),
        (2_507, 6, 1 << 20, 2_506),
        (2_506, 6, 1 << 20, 2_500),
    ],
)
def test_a_sample_begins_whole_and_goes_on_in_steps(
    releases: int, every: int, most: int, last: int | None
) -> None:
    sample = _sample(releases, every=every, most=most).tolist()
    assert sample[:2_500] == list(range(min(2_500, releases)))
    assert (sample[-1] if sample else None) == last


@pytest.mark.parametrize(
    ("terms", "longest"),
    [([b"a", b"abc", b"ab"], "abc"), ([b"^abcdef", b"ab"], "ab"), ([], ""), (["ā".encode(), b"b"], "ā")],
)
def test_a_word_is_shown_by_its_longest_term(terms: list[bytes], longest: str) -> None:
    assert _longest(terms) == longest


def test_a_word_of_two_stems_has_the_first(tmp_path: Path) -> None:
    body = [Forms(("a",), stems, (exact,), (exact,)) for exact, stems in (("x", ("r", "p")), ("y", ("q",)))]
    (segment,) = IndexReader(index_of(tmp_path, [Doc("a", "fm", "lv", None, "a", {"body": body})])).segments
    stem = segment.field("stem")
    assert stem is not None
    numbers = _stems(segment.postings, 2)
    assert sorted([*stem.terms][number] for number in numbers.tolist()) == [b"p", b"q"]
