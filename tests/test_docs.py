"""Everything that the documents name exists: files, sections, make targets."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "samples/*.md") for path in ROOT.glob(pattern)
)
PATH = re.compile(r"`((?:crawler|index|searcher|tests|benchmarks|docs|samples|preses_relizes)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")


def is_there(name: str) -> bool:
    """Whether *name* is a file, a folder, or a module without its ending."""
    return (ROOT / name).exists() or (ROOT / f"{name}.py").exists()


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_section_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = [name for name in PATH.findall(text) if not is_there(name)]
    for target, anchor in LINK.findall(text):
        file = path.parent / target if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(f"{target}#{anchor}")
    # docs/add-a-site.md walks through a golden page that its reader makes.
    assert [name for name in missing if "/pages/tvp/lvm." not in name] == []


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for path in DOCUMENTS
        for target in re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert named - targets == set()
