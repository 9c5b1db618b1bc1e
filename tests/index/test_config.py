from pathlib import Path

import pytest

from index.analysis.latvian.hunspell import DICTIONARY
from index.config import ConfigError, load


def test_an_empty_dictionary_means_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[index]\ndictionary = ""\n')
    assert load(tmp_path / "config.toml").dictionary == DICTIONARY


def test_a_dictionary_path_is_relative_to_the_settings(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[index]\ndictionary = "lv.aff"\n')
    (tmp_path / "lv.aff").touch()
    assert load(tmp_path / "config.toml").dictionary == tmp_path / "lv.aff"


@pytest.mark.parametrize(
    ("line", "named"), [("size = 1", "index.size"), ("generations_kept = -1", "generations_kept = -1")]
)
def test_a_wrong_option_is_named(tmp_path: Path, line: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(f"[index]\n{line}\n")
    with pytest.raises(ConfigError, match=named):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize("key", ["judged", "concepts"])
def test_a_path_is_relative_to_the_settings(tmp_path: Path, key: str) -> None:
    (tmp_path / "config.toml").write_text(f'[index]\n{key} = "named.txt"\n')
    (tmp_path / "named.txt").touch()
    assert getattr(load(tmp_path / "config.toml"), key) == tmp_path / "named.txt"


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[index.opensearch]\nca_file = "ca.pem"\n')
    (tmp_path / "ca.pem").write_text("key")
    with pytest.raises(ConfigError, match=r"ca_file: no certificate \(PEM\) in .*ca\.pem"):
        load(tmp_path / "config.toml")
