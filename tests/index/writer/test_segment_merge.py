from pathlib import Path

import pytest

from index.codec import open_dir
from index.segment import ArrayFile, stored_json
from tests.support.corpora import SCHEMA, WORDS, index_of, write
from tests.support.oracle import Doc

# By document, how often its text is repeated: weights above 15 and 255 are stored apart from the others.
REPEATED = {1: 20, 4: 300}
DOCS = [
    Doc(
        name,
        "fm",
        "lv",
        None,
        name,
        {"title": [WORDS[number]], "body": list(WORDS[number:]) * REPEATED.get(number, 1)},
    )
    for number, name in enumerate(f"d{number}" for number in range(8))
]


def arrays(folder: Path) -> dict[str, bytes]:
    files = [ArrayFile(next(folder.glob(f"*.{extension}"))) for extension in ("posts", "docs")]
    return {name: file[name].tobytes() for file in files for name in file}


@pytest.mark.parametrize("dictionary_bytes", [30, 1_000_000])  # filled by the first document, or never
@pytest.mark.parametrize("deleted", [[], ["d0"], ["d2", "d7"], ["d7"]])
def test_merge_equals_a_build_of_the_live_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deleted: list[str], dictionary_bytes: int
) -> None:
    monkeypatch.setattr(stored_json, "DICTIONARY_BYTES", dictionary_bytes)
    index_of(tmp_path / "merged", DOCS[:3], DOCS[3:5], DOCS[5:])
    writer = open_dir(tmp_path / "merged", SCHEMA).writer()
    for name in deleted:
        writer.delete_unique("id", name.encode())
    writer.commit(optimize=True)
    live = [doc for doc in DOCS if doc.id not in deleted]
    index_of(tmp_path / "built", live)
    built = arrays(tmp_path / "built")
    assert built["word/weights_others"]
    assert built["union/weights_others"]
    assert arrays(tmp_path / "merged") == built


def test_merged_index_still_takes_documents(tmp_path: Path) -> None:
    ix = index_of(tmp_path, DOCS[:3], DOCS[3:5])
    ix.writer().commit(optimize=True)
    writer = ix.writer()
    write(writer, DOCS[5:])
    writer.commit(optimize=True)
    assert ix.doc_count() == len(DOCS)
