from pathlib import Path

import pytest

from index.codec import open_dir
from index.segment import ArrayFile
from tests.support.corpora import SCHEMA, WORDS, index_of, write
from tests.support.oracle import Doc

DOCS = [
    Doc(name, "fm", "lv", None, name, {"title": [WORDS[number]], "body": list(WORDS[number:])})
    for number, name in enumerate(f"d{number}" for number in range(8))
]


def postings(folder: Path) -> dict[str, list[object]]:
    file = ArrayFile(next(folder.glob("*.posts")))
    return {name: file[name].tolist() for name in file}


@pytest.mark.parametrize("deleted", [[], ["d0"], ["d2", "d7"]])
def test_merge_equals_a_build_of_the_live_documents(tmp_path: Path, deleted: list[str]) -> None:
    index_of(tmp_path / "merged", DOCS[:3], DOCS[3:5], DOCS[5:])
    writer = open_dir(tmp_path / "merged", SCHEMA).writer()
    for name in deleted:
        writer.delete_unique("id", name.encode())
    writer.commit(optimize=True)
    live = [doc for doc in DOCS if doc.id not in deleted]
    index_of(tmp_path / "built", live)
    assert postings(tmp_path / "merged") == postings(tmp_path / "built")


def test_merged_index_still_takes_documents(tmp_path: Path) -> None:
    ix = index_of(tmp_path, DOCS[:3], DOCS[3:5])
    ix.writer().commit(optimize=True)
    writer = ix.writer()
    write(writer, DOCS[5:])
    writer.commit(optimize=True)
    assert ix.doc_count() == len(DOCS)
