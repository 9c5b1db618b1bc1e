import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from zstandard import ZstdError, get_frame_parameters

from index.segment import ArrayFile, ArrayWriter
from index.segment.stored_json import BATCH_BYTES, DICTIONARY_BYTES, TRAINED, StoredJson, StoredJsonWriter

# Invented texts; the first fifteen fill a dictionary.
TEXTS = [f"{number}. relīze. ".encode() * 300 for number in range(20)]
SYLLABLES = ("mi", "nis", "tri", "ja", "bud", "žets", "lik", "ums", "pa", "šval", "dī", "ba")


def stored(path: Path, texts: Sequence[bytes], *copied: tuple[StoredJson, int]) -> StoredJson:
    """Write *texts*, and all documents of other segments, each with its number of documents."""
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        writer = StoredJsonWriter(out)
        for text in texts:
            writer.add(text)
        for other, count in copied:
            if not len(writer):
                writer.adopt_dictionary(other)
            for docnum in range(count):
                writer.copy(other, docnum)
        writer.close()
        writer.abandon()
        out.close()
    return StoredJson(ArrayFile(path))


def many_texts(count: int) -> list[bytes]:
    """Return invented texts of 2 to 3 KB; 600 are enough to train a dictionary."""
    rng = random.Random(1)
    return ["".join(rng.choices(SYLLABLES, k=1000)).encode() for _ in range(count)]


@pytest.mark.parametrize("count", [0, 1, 14, 15, 20])
def test_each_document_is_read_alone(tmp_path: Path, count: int) -> None:
    read = stored(tmp_path / "docs", TEXTS[:count])
    assert [read[docnum] for docnum in reversed(range(count))] == TEXTS[:count][::-1]
    assert read.dictionary == b"".join(TEXTS[:count])[:DICTIONARY_BYTES]


MANY = many_texts(700)


@pytest.mark.parametrize(
    ("texts", "first"),
    [*((TEXTS, first) for first in (0, 1, 14, 16)), *((MANY, first) for first in (0, 1, 100, 600))],
)
def test_a_merge_equals_a_build(tmp_path: Path, texts: list[bytes], first: int) -> None:
    parts = [
        (stored(tmp_path / "first", texts[:first]), first),
        (stored(tmp_path / "second", texts[first:]), len(texts) - first),
    ]
    stored(tmp_path / "merged", [], *parts)
    stored(tmp_path / "built", texts)
    assert (tmp_path / "merged").read_bytes() == (tmp_path / "built").read_bytes()


def test_documents_copied_after_added_ones_keep_their_order(tmp_path: Path) -> None:
    trained, small = stored(tmp_path / "trained", MANY), stored(tmp_path / "small", TEXTS[:3])
    read = stored(tmp_path / "merged", [], (trained, 2), (small, 3), (trained, 1))
    assert [read[docnum] for docnum in range(6)] == [*MANY[:2], *TEXTS[:3], MANY[0]]


def test_many_documents_train_a_dictionary(tmp_path: Path) -> None:
    read = stored(tmp_path / "docs", MANY)
    assert read.dictionary.startswith(TRAINED)
    assert [read[docnum] for docnum in range(len(MANY))] == MANY


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([b"x" * 2 * BATCH_BYTES, b"y"], id="too few to train"),
        pytest.param([b"x" * 200] * (BATCH_BYTES // 200 + 9), id="all alike"),
    ],
)
def test_any_documents_are_stored(tmp_path: Path, texts: list[bytes]) -> None:
    read = stored(tmp_path / "docs", texts)
    assert [read[docnum] for docnum in range(len(texts))] == texts


def test_an_error_of_the_thread_is_raised(tmp_path: Path) -> None:
    with (tmp_path / "docs").open("wb") as file:
        writer = StoredJsonWriter(ArrayWriter(file, tmp_path / "docs"))
        writer.add(bytes(BATCH_BYTES))
        writer.add("x" * BATCH_BYTES)  # type: ignore[arg-type]  # the compressor refuses it
        with pytest.raises(TypeError):
            writer.close()
        writer.abandon()


def test_a_text_like_an_earlier_one_takes_little_room(tmp_path: Path) -> None:
    like = b"Cits sakums. " + TEXTS[0][:200]
    assert len(stored(tmp_path / "docs", [*TEXTS, like]).packed(len(TEXTS))) < 50


def test_a_small_segment_takes_less_room_than_its_texts(tmp_path: Path) -> None:
    rng = random.Random(1)
    texts = [
        " ".join(rng.choices(["ministrs", "budžets", "likums", "nauda"], k=200)).encode() for _ in range(3)
    ]
    stored(tmp_path / "docs", texts)
    arrays = ArrayFile(tmp_path / "docs")
    assert len(arrays["stored"]) + len(arrays["stored_dictionary"]) < sum(map(len, texts)) / 2


def test_a_frame_says_its_size_and_nothing_else(tmp_path: Path) -> None:
    frame = get_frame_parameters(stored(tmp_path / "docs", TEXTS).packed(0))
    assert (frame.content_size, frame.dict_id, frame.has_checksum) == (len(TEXTS[0]), 0, False)


def test_threads_read_at_the_same_time(tmp_path: Path) -> None:
    # Large enough that a thread begins to decompress before another one ends.
    texts = [random.Random(number).randbytes(500_000).hex().encode() for number in range(4)]
    read = stored(tmp_path / "docs", texts)
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(lambda turn: read[turn % 4] == texts[turn % 4], range(100)))


def test_a_damaged_text_is_an_error_and_others_stay_readable(tmp_path: Path) -> None:
    stored(tmp_path / "docs", TEXTS)
    content = bytearray((tmp_path / "docs").read_bytes())
    content[64] ^= 1  # the first byte of the first text
    (tmp_path / "docs").write_bytes(content)
    read = StoredJson(ArrayFile(tmp_path / "docs"))
    with pytest.raises(ZstdError):
        read[0]
    assert read[1] == TEXTS[1]
