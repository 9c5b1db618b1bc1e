"""What every page loads stays small, comes from here, and needs no build step."""

from pathlib import Path

import pytest

import searcher

STATIC = Path(searcher.__file__).parent / "static"


@pytest.mark.parametrize(("ending", "most"), [("css", 24 * 1024), ("js", 15 * 1024)])
def test_styles_and_scripts_are_within_their_budgets(ending: str, most: int) -> None:
    files = [*STATIC.glob(f"*.{ending}")]
    assert files
    assert sum(file.stat().st_size for file in files) <= most


def test_nothing_is_loaded_from_elsewhere() -> None:
    sources = [file for file in STATIC.iterdir() if file.suffix in (".css", ".js")]
    texts = {file.name: file.read_text(encoding="utf-8") for file in sources}
    assert [name for name, text in texts.items() if "url(http" in text or "import " in text] == []
