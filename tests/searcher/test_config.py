from pathlib import Path

import pytest

from index.config import ConfigError
from searcher import create_app


def test_invalid_settings_name_file_and_key(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[searcher]\nport = "many"', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml: searcher\.port = 'many'"):
        create_app(config)
