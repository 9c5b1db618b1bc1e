from collections.abc import Callable
from datetime import date

import pytest

from index.analysis import Analyzer
from index.engines.whoosh.engine import WhooshEngine
from index.query import Filters, parse
from tests.index.conftest import Save

NO_FILTERS = Filters()


@pytest.fixture
def engine(save: Save, read_only_index: Callable[[], WhooshEngine]) -> WhooshEngine:
    save("a", title="Nodokļu reforma", body="Pensijas pārrēķinās pavasarī.", published=date(2017, 7, 28))
    save("b", title="Pensiju indeksācija", body="Pensijas pieaugs.", ministry="Labklājības ministrija")
    save("c", title="Robežsardze ceļ žogu", body="Patvēruma meklētāju uzņemšanu sāks rudenī.")
    return read_only_index()


@pytest.fixture
def count(engine: WhooshEngine, analyzer: Analyzer) -> Callable[..., int]:
    """Return the number of hits of a text."""

    def count(text: str, filters: Filters = NO_FILTERS) -> int:
        return engine.count(parse(text, analyzer=analyzer, today=date(2026, 11, 25), filters=filters))

    return count
