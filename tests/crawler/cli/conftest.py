from pathlib import Path

import pytest


@pytest.fixture
def config(sample_config: Path) -> Path:
    """Settings for some of the sample sites."""
    return sample_config
