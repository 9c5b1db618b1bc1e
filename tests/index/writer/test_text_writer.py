from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from index.analysis import TokenColumns
from index.segment import ArrayFile, ArrayWriter, Postings
from index.writer import DocumentPart, TextWriter, run_merger, text_writer
from tests.support.corpora import WORDS, index_of
from tests.support.oracle import Doc


def test_part_keeps_its_weight() -> None:
    writer = TextWriter(lambda number: Path(f"run{number}"))
    tokens = TokenColumns.of([])
    writer.check([DocumentPart(0, 4, tokens)])
    with pytest.raises(ValueError, match="the part at 0 has weight 4, not 2"):
        writer.check([DocumentPart(0, 2, tokens)])


def test_an_error_of_the_thread_is_raised(tmp_path: Path) -> None:
    writer = TextWriter(lambda number: tmp_path / "absent" / f"run{number}")
    parts = [DocumentPart(0, 4, TokenColumns([0, 5], [4, 9], WORDS[:2]))]
    writer.check(parts)
    writer.collect(0, parts)
    assert writer.lengths(1).tolist() == [8]  # the thread has begun
    with (tmp_path / "postings").open("wb") as file, pytest.raises(FileNotFoundError, match="absent"):
        writer.write(ArrayWriter(file, tmp_path / "postings"), 1)
    writer.remove()


def test_runs_are_removed_after_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_writer, "RUN_TOKENS", 2)
    index_of(tmp_path, [Doc(name, "fm", "lv", None, name, {"body": list(WORDS)}) for name in ("a", "b")])
    assert not list(tmp_path.glob("*.run*"))


WEIGHTS = {0: 4, 3000: 1, 9000: 2}
GAPS, LENGTHS = {1: 2, 2: 300, 5: 400}, {9: 80, 3: 1}
Text = Mapping[int, Sequence[int]]
"""The words of each part of a document, by their places in WORDS."""
TEXTS: list[Text] = [
    {0: [0, 1], 3000: [2, 0, 1, 1]},
    {3000: [3]},
    {},
    {0: [5], 3000: []},
    {0: [9, 9, 9], 3000: [0, 11, 2], 9000: [12]},
]


def columns(words: Sequence[int]) -> TokenColumns:
    """Return words with a space or more before each."""
    ends = [*accumulate(GAPS.get(word, 1) + LENGTHS.get(word, 5) for word in words)]
    starts = [end - LENGTHS.get(word, 5) for word, end in zip(words, ends, strict=True)]
    return TokenColumns(starts, ends, [WORDS[word] for word in words])


def collect(writer: TextWriter, texts: Sequence[Text], first: int = 0) -> None:
    for docnum, text in enumerate(texts, first):
        # Not in reading order, which the writer restores.
        parts = [DocumentPart(base, WEIGHTS[base], columns(text[base])) for base in sorted(text)[::-1]]
        writer.check(parts)
        writer.collect(docnum, parts)


def write(writer: TextWriter, path: Path, documents: int) -> ArrayFile:
    with path.open("wb") as file:
        out = ArrayWriter(file, path)
        fields = [*writer.write(out, documents)]
        assert fields == ["lemma", "stem", "exact", "fold"]
        out.describe(documents=documents, fields=fields)
        out.close()
    return ArrayFile(path)


def check(arrays: ArrayFile, texts: Sequence[Text]) -> None:
    """Compare the arrays of a segment with its texts."""
    tokens = [
        [(base, place, word) for base in sorted(text) for place, word in enumerate(text[base])]
        for text in texts
    ]
    assert arrays["span/starts"].tolist() == [0, *accumulate(map(len, tokens))]
    numbers = arrays["span/words"].astype(int) + (arrays["span/words_high"].astype(int) << 16)
    pairs = {*zip((word for of in tokens for _, _, word in of), numbers.tolist(), strict=True)}
    number_of = dict(pairs)
    assert len(pairs) == len(number_of) == len({*number_of.values()})
    assert [*number_of.values()]
    assert {*number_of.values()} == {*range(len(number_of))}
    bases = sorted({base for text in texts for base in text})
    assert arrays.meta["parts"] == [[base, WEIGHTS[base]] for base in bases]
    for base in bases:
        assert arrays[f"part/{base}"].tolist() == [len(text.get(base, ())) for text in texts]
    docs = {number: {*()} for number in number_of.values()}
    for doc, of in enumerate(tokens):
        for _, _, word in of:
            docs[number_of[word]].add(doc)
    assert np.diff(arrays["word/starts"].astype(int)).tolist() == [
        len(docs[number]) for number in sorted(docs)
    ]
    assert arrays["word/low"].tolist() == [doc for number in sorted(docs) for doc in sorted(docs[number])]
    in_order = [
        base + place
        for number in sorted(docs)
        for of in tokens
        for base, place, word in of
        if number_of[word] == number
    ]
    plain = run_merger.remove_holes(np.array(in_order), arrays.meta["holes"]["word"])
    assert arrays["word/positions"].tolist() == plain.tolist()
    flat = [(base, place, word) for of in tokens for base, place, word in of]
    odd = [at for at, (_, _, word) in enumerate(flat) if word in (2, 5, 9)]
    assert arrays["span/odd"].tolist() == odd
    assert np.flatnonzero(arrays["span/codes"] == 0).tolist() == odd
    assert arrays["span/odd_lengths"].tolist() == [LENGTHS.get(flat[at][2], 5) for at in odd]
    # The first token of a part is one farther, because its text begins after -1.
    assert arrays["span/odd_gaps"].tolist() == [GAPS.get(flat[at][2], 1) + (not flat[at][1]) for at in odd]


@pytest.mark.parametrize("run_tokens", [1, 3, 1_000])
@pytest.mark.parametrize("pieces", [0, 1_000])
@pytest.mark.parametrize("chunk", [1, 1_000])
def test_texts_are_written_alike_in_any_number_of_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_tokens: int, pieces: int, chunk: int
) -> None:
    monkeypatch.setattr(text_writer, "RUN_TOKENS", run_tokens)
    monkeypatch.setattr(text_writer, "PIECES_MAX", pieces)
    monkeypatch.setattr(run_merger, "CHUNK", chunk)
    writer = TextWriter(lambda number: tmp_path / f"run{number}")
    assert not writer
    collect(writer, TEXTS)
    assert writer
    assert writer.lengths(5).tolist() == [12, 1, 0, 4, 17]
    check(write(writer, tmp_path / "texts", 5), TEXTS)
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


@pytest.mark.parametrize("deleted", [[], [0], [1, 3], [0, 1, 3, 4]])
@pytest.mark.parametrize("documents", [1, 100])
def test_texts_of_another_segment_follow_or_precede(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deleted: list[int], documents: int
) -> None:
    monkeypatch.setattr(text_writer, "DOCUMENTS", documents)
    other = TextWriter(lambda number: tmp_path / f"run{number}")
    collect(other, TEXTS)
    arrays = write(other, tmp_path / "other", 5)
    live = [text for doc, text in enumerate(TEXTS) if doc not in deleted]
    renumbered = np.full(5, -1)
    renumbered[[doc for doc in range(5) if doc not in deleted]] = range(len(live))
    writer = TextWriter(lambda number: tmp_path / f"run{number}")
    writer.merge(arrays, renumbered)
    collect(writer, TEXTS[:2], len(live))
    writer.merge(arrays, np.where(renumbered < 0, -1, renumbered + len(live) + 2))
    everything = [*live, *TEXTS[:2], *live]
    lengths = [sum(WEIGHTS[base] * len(text[base]) for base in text) for text in everything]
    assert writer.lengths(len(everything)).tolist() == lengths
    bases = {base for text in TEXTS for base in text}
    texts = [{**dict.fromkeys(bases, ()), **text} for text in everything]
    check(write(writer, tmp_path / "texts", len(everything)), texts)


def test_without_unions_terms_have_the_same_postings(tmp_path: Path) -> None:
    with_unions, without = (
        TextWriter(lambda number: tmp_path / f"run{number}", has_unions=has_unions)
        for has_unions in (True, False)
    )
    postings = []
    for writer, name in ((with_unions, "with"), (without, "without")):
        collect(writer, TEXTS)
        postings.append(Postings(write(writer, tmp_path / name, 5)))
    more, fewer = postings
    for name, field in more.fields.items():
        for term in range(len(field.terms)):
            own = fewer.fields[name]
            assert own.docs(term).tolist() == field.docs(term).tolist()
            assert own.weights(term).tolist() == field.weights(term).tolist()
    assert not any(name.endswith("/lists") for name in fewer.arrays)
    assert len(fewer.arrays["union/low"]) == 0 < len(more.arrays["union/low"])


def test_segment_without_texts_adds_none(tmp_path: Path) -> None:
    writer = TextWriter(lambda number: tmp_path / f"run{number}")
    with (tmp_path / "empty").open("wb") as file:
        ArrayWriter(file, tmp_path / "empty").close()
    writer.merge(ArrayFile(tmp_path / "empty"), np.arange(3))
    assert not writer


def test_segment_takes_no_more_words_than_its_numbers_can_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words_max, is_refused in ((7, False), (6, True)):
        monkeypatch.setattr(text_writer, "WORDS_MAX", words_max)
        writer = TextWriter(lambda number: tmp_path / f"run{number}")
        collect(writer, [*TEXTS[:4], {0: [9, 11]}])
        if not is_refused:
            check(write(writer, tmp_path / "texts", 5), [*TEXTS[:4], {0: [9, 11]}])
            continue
        with pytest.raises(OverflowError, match="7 distinct words; a segment takes 6"):
            write(writer, tmp_path / "texts", 5)
        writer.remove()
