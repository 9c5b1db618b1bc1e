import os
import resource
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.config import Language
from index.analysis import Analyzer
from index.codec import create_in
from index.segment import ArrayFile
from index.writer import DocumentPart, text_writer
from tests.support.corpora import SCHEMA, a_little_at_a_time

WORDS = ("Rīgas", "rīgas", "RĪGAS", "dome,", "dome", "ES", "es", "ministers", "Министерства", "„Valsts”")
LONG = ("garš" * 20, "garš" * 20 + ",", "garš" * 19 + "gars,")
SIGNS = ("27. 11. 2017", "12 000", "minis-\ntrija", "minis-", "trija", "a.b@c.lv", "…", "\n\n", "")
TEXTS = st.lists(st.sampled_from(WORDS + LONG + SIGNS), max_size=12).map(" ".join)
DOCUMENTS = st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(("lv", "en", "ru"))), min_size=1, max_size=6)


Documents = list[tuple[str, str, Language]]


def arrays_of(folder: Path, documents: Documents, analyzer: Analyzer, whole: int) -> ArrayFile:
    """Index *documents*, the first *whole* of them as token columns, the others as pieces."""
    writer = create_in(folder, SCHEMA).writer()
    for number, (title, body, language) in enumerate(documents):
        analyse = analyzer.columns if number < whole else analyzer.pieces
        tokens = [analyse(text, language) for text in (title, body)]
        parts = [
            DocumentPart(base, 1, tokens_of_part)
            for base, tokens_of_part in zip((0, 100), tokens, strict=True)
            if tokens_of_part is not None
        ]
        writer.add_analysed(parts, id=str(number))
    writer.commit()
    return ArrayFile(next(folder.glob("*.posts")))


def test_too_many_distinct_words_are_refused(
    analyzer: Analyzer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_writer, "WORDS_MAX", 2)
    arrays_of(tmp_path, [("Rīgas dome", "", "lv")], analyzer, 1)
    with pytest.raises(OverflowError, match="3 distinct words; a segment takes 2"):
        arrays_of(tmp_path, [("Rīgas dome ES", "", "lv")], analyzer, 1)


def test_build_with_many_runs_opens_few_files(analyzer: Analyzer, tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    os.close(descriptor)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptor + 40, before[1]))
    try:
        with a_little_at_a_time():
            arrays_of(tmp_path, [("Rīgas dome", "ES ministers, Valsts dome", "lv")] * 100, analyzer, 50)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.sweep
@pytest.mark.parametrize("pieces_max", [text_writer.PIECES_MAX, 0])
@settings(deadline=None)
@given(documents=DOCUMENTS, whole=st.integers(0, 6))
@example(documents=[("minis-", "trija", "lv")], whole=0)  # two texts, though it looks like one broken word
def test_texts_in_pieces_are_indexed_like_token_columns(
    analyzer: Analyzer, pieces_max: int, documents: Documents, whole: int
) -> None:
    with (
        TemporaryDirectory() as first_folder,
        TemporaryDirectory() as second_folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(text_writer, "PIECES_MAX", pieces_max)
        with a_little_at_a_time():
            ours = arrays_of(Path(first_folder), documents, analyzer, whole)
        theirs = arrays_of(Path(second_folder), documents, analyzer, len(documents))
        assert set(ours) == set(theirs)
        assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
