"""A small installation on disk: settings with a judged file, abbreviations, and a store of 29 releases."""

import gzip
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.store import Store

OLD_STORE = Path(__file__).parents[1] / "crawler" / "store" / "written_by" / "f99fda6.sqlite3.gz"

CONFIG = """
data_dir = "data"
[index]
judged = "judged.toml"
"""


def install(folder: Path) -> Path:
    """Make the installation in *folder*; return the path of its settings."""
    (folder / "data").mkdir(parents=True)
    (folder / "judged.toml").write_text('[[query]]\ntext = "x"\njudgements = { "https://a.lv/" = 1 }\n')
    (folder / "data" / "acronyms.tsv").write_text("yes\tVID\tValsts ieņēmumu dienests\n", encoding="utf-8")
    (folder / "data" / "crawl.jsonl").write_text("{}\n")
    (folder / "data" / "releases.sqlite3").write_bytes(_upgraded_store())
    config = folder / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    return config


@cache
def _upgraded_store() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "releases.sqlite3"
        path.write_bytes(gzip.decompress(OLD_STORE.read_bytes()))
        Store(path).close()
        return path.read_bytes()


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file under *folder*."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
