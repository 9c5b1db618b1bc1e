"""A small run of `benchmarks.edited_sites`: sites that edit, crawled for days, and the corrections listed."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.edited_sites import measure
from tests.support.edited_sites import list_corrections
from tests.support.planted_edits import PLANTED, invent_histories, sample_sentences

DAYS, EACH_KIND = 8, 2


@pytest.mark.sweep
def test_each_planted_edit_is_listed_with_its_kind_above_the_trivial_ones(tmp_path: Path) -> None:
    planted = EACH_KIND * len(PLANTED)
    histories = invent_histories(
        sample_sentences(), Random(2), days=DAYS, edits=2, planted=planted, trivial=66
    )
    measured = measure(histories, list_corrections(tmp_path, histories, days=DAYS))
    assert (measured.planted, measured.missed, measured.above) == (planted, Counter(), 0)
    assert min(measured.ndcg, measured.ndcg_of_days) >= 0.9
