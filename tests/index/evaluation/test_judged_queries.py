from pathlib import Path

import pytest

from crawler.config import ConfigError
from index.evaluation.judged_queries import load


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "query: Field required"),
        ("[[query]", "not a TOML file"),
        ('query = [{text = "a", judgements = {b = 4}}]', "query.0.judgements.b: Input should be less than"),
        ('query = [{text = "a", judgements = {b = 3}, grade = 1}]', "query.0.grade: Extra inputs"),
        ('query = [{text = "a", judgements = {b = 3}}]\nfloors = {MAP = 1}', "floors.MAP"),
        (
            'query = [{text = "a", judgements = {b = 3}}]\nfloors_by_kind = {date = 1}',
            "floors_by_kind: no query is of the kind date",
        ),
    ],
)
def test_an_invalid_file_of_judged_queries_is_rejected(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "judged.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message.replace(".", r"\.")):
        load(path)
