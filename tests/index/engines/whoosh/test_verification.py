import pytest

from index.analysis import Analyzer
from index.engines.whoosh.verification import find_damage
from tests.index.engines.whoosh.conftest import Publish


@pytest.mark.parametrize("kind", ["*.docs", "*.posts", "*.hints", "*.toc"])
def test_a_missing_file_is_damage(publish: Publish, analyzer: Analyzer, kind: str) -> None:
    folder = publish("a")
    assert list(find_damage(folder, analyzer)) == []
    next(folder.glob(kind)).unlink()
    (line,) = find_damage(folder, analyzer)
    assert str(folder) in line
    assert "run `reindex" in line


def test_a_vocabulary_may_be_missing_but_not_damaged(publish: Publish, analyzer: Analyzer) -> None:
    folder = publish("a")
    vocabulary = folder / "vocabulary"
    whole = vocabulary.read_bytes()
    vocabulary.write_bytes(whole[:-1])
    assert list(find_damage(folder, analyzer)) == [f"{vocabulary}: damaged; run `reindex --full`"]
    vocabulary.unlink()  # a cache: the next full build writes it again
    assert list(find_damage(folder, analyzer)) == []
