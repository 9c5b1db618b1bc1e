import pytest

from index.analysis import Analyzer


@pytest.fixture(scope="session", autouse=True)
def _dictionary_in_memory(dictionary: Analyzer) -> None:
    pass
