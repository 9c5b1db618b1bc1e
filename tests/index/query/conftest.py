from datetime import date

import pytest

from index.analysis import Analyzer
from index.query import Query, parse
from tests.support.queries import MINISTRIES, TODAY, Parse


@pytest.fixture(scope="session")
def read(analyzer: Analyzer) -> Parse:
    """Parse a query on a fixed day."""

    def read(text: str, today: date = TODAY, **options: object) -> Query:
        return parse(text, analyzer=analyzer, today=today, ministries=MINISTRIES, **options)  # type: ignore[arg-type]  # tests name the options

    return read
