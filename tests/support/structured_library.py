"""An installation whose releases were read from pages with lists, tables and links, and one hostile page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawler.store import Release
from tests.support.few_concepts import FEW_CONCEPTS
from tests.support.new_store import new_store
from tests.support.release_pages import extract_page
from tests.support.shelf import BASE_URL, index
from tests.support.structured_pages import NO_LINKS, write_page

SEEN = datetime(2026, 3, 2, 9, tzinfo=UTC)
# Together they have every kind of structure.
SEEDS = (1, 4, 7, 25)
HOSTILE = "".join(
    f"""<p onclick="alert(1)">Skat. <a href='{href}' onmouseover=alert(1)>kārtību</a> par drošību.</p>"""
    for href in NO_LINKS
)
EVIL = (
    "<script>alert(1)</script><style>p { display: none }</style><svg onload=alert(1)></svg>"
    '<iframe src="/x"></iframe><ul style="position:fixed"><li onclick=alert(1)>Punkts par drošību '
    "&lt;script&gt;alert(2)&lt;/script&gt;</li></ul><img src='javascript:alert(1)' alt=Attēls>"
    "<img src=/a.png onerror=alert(1) alt='\"><script>alert(3)</script>'>"
    '<p><a href="https://evil.example/&quot;&gt;&lt;script&gt;">cita</a> kārtība un drošība skolās.</p>'
)
HEAD = '<h1>Drošības kārtība</h1><time datetime="2021-03-01"></time>'
MARKUP = f'{HEAD}<div class="field--name-body">{HOSTILE}{EVIL}</div>'


def build_structured(folder: Path) -> tuple[Path, Mapping[str, str]]:
    """Store and index the releases in *folder*; return the settings, and the ids by name."""
    config = folder / "config.toml"
    config.write_text(
        f'data_dir = "data"{FEW_CONCEPTS}[searcher]\nbase_url = "{BASE_URL}"\nanswer_s = 60\n',
        encoding="utf-8",
    )
    pages = {f"lapa-{seed}": write_page(seed)[0] for seed in SEEDS} | {"laupitaja": MARKUP}
    with new_store(folder / "data" / "releases.sqlite3") as store:
        for name, markup in pages.items():
            store.save(read_page(name, markup), seen=SEEN)
        ids = {stored.release.url.rpartition("/")[2]: stored.id for stored in store.changes_since(0)}
    index(config)
    return config, ids


def read_page(name: str, markup: str) -> Release:
    """Return the release on the page *markup*."""
    return extract_page(markup, f"https://www.iem.gov.lv/lv/{name}")
