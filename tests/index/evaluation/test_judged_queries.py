from pathlib import Path

import pytest

from crawler.config import ConfigError
from index.evaluation.judged_queries import Judged, JudgedQuery, load


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


QUERY = 'query = [{text = "a", judgements = {b = 3}}]\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (QUERY + "floors = {MRR = 0}", ""),
        (QUERY + "floors = {MRR = 1}", ""),
        (QUERY + "floors = {MRR = 1.01}", "floors.MRR: Input should be less than or equal to 1"),
        (QUERY + "floors = {MRR = -0.1}", "floors.MRR: Input should be greater than or equal to 0"),
        (QUERY + "other = 1", "other: Extra inputs are not permitted"),
        (QUERY + "queries = []", "queries: "),
        ("query = []", "query: Tuple should have at least 1 item"),
        ('query = [{text = "a", judgements = {b = 0}}]', ""),
        ('query = [{text = "a", judgements = {b = -1}}]', "query.0.judgements.b: Input should be greater"),
        ('query = [{text = "a", judgements = {b = 4}}]', "query.0.judgements.b: Input should be less"),
        ('query = [{text = "a", judgements = {}}]', "query.0.judgements: Dictionary should have at least 1"),
        ('query = [{text = "", judgements = {b = 1}}]', "query.0.text: String should have at least 1"),
        ('query = [{text = "a", kind = "x", judgements = {b = 1}}]\nfloors_by_kind = {x = 0.5}', ""),
        (QUERY + 'floors_by_kind = {"" = 0.5}', ""),
        (QUERY + "floors_by_kind = {x = 0.5}", "floors_by_kind: no query is of the kind x"),
    ],
)
def test_each_value_has_its_bounds(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "judged.toml"
    path.write_text(text, encoding="utf-8")
    if not message:
        judged = load(path)
        assert judged.queries[0].text == "a"
        return
    with pytest.raises(ConfigError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: {message}")


def test_a_file_has_queries_and_floors(tmp_path: Path) -> None:
    path = tmp_path / "judged.toml"
    path.write_text(f"{QUERY}floors = {{MRR = 0.5}}", encoding="utf-8")
    assert load(path) == Judged(queries=(JudgedQuery(text="a", judgements={"b": 3}),), floors={"MRR": 0.5})
    assert (load(path).queries[0].kind, load(path).floors_by_kind) == ("", {})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.toml: cannot be read: No such file or directory$"):
        load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe4")
    with pytest.raises(ConfigError, match=r"latin.toml: not a TOML file: 'utf-8' codec"):
        load(tmp_path / "latin.toml")
