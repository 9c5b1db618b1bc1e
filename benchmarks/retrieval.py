"""Retrieval on the sets of the research prototypes: our engine compared with the chain that they recommend.

Usage: python -m benchmarks.retrieval FOLDER

FOLDER holds the prototypes (`chains.py`, `eval_retrieval.py`) and their treebank, which are not ours to ship.
Needs `pip install LatvianStemmer simplemma`.
Columns: MRR@10 / recall@10 of known items, then MAP / recall@10 of single words; bare: without diacritics.
"""

import argparse
import importlib
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Protocol

from index.analysis import Analyzer
from index.codec import create_in
from index.engines.whoosh.engine import WhooshEngine
from index.engines.whoosh.schema import schema
from index.indexing import Document
from index.query import parse
from index.suggest import suggester_data

COLUMNS = (
    "as in text", "lemma", "inflected", "2 nominals", "inflected, bare", "2 nominals, bare", "one word",
    "one word, bare",
)  # fmt: skip
TODAY = date(2026, 11, 1)

MeasureRow = Sequence[tuple[float, float]]


class Chain(Protocol):
    """The interface that the prototype evaluates: maps the words of a query to documents with scores."""

    def search(self, raw: Sequence[str], k: int) -> list[tuple[int, float]]:
        """Return the best *k* documents with their scores."""


class OurChain:
    """Our engine over *texts*, queried as a user would."""

    def __init__(self, texts: Sequence[str], folder: Path) -> None:
        self._analyzer = Analyzer()
        writer = create_in(folder, schema()).writer(on_new_segment=suggester_data.write)
        for number, text in enumerate(texts):
            document = _document(f"{number:06}", text)
            writer.update_analysed(document.stream(self._analyzer), unique="id", **document.fields())
        writer.commit()  # type: ignore[no-untyped-call]  # as Whoosh declares it
        self._engine = WhooshEngine(folder, self._analyzer)

    def search(self, raw: Sequence[str], k: int) -> list[tuple[int, float]]:
        """Return the numbers and scores of the best *k* texts."""
        query = parse(" ".join(raw), analyzer=self._analyzer, today=TODAY, per_page=k)
        return [(int(hit.id), hit.score) for hit in self._engine.search(query).hits]


def _document(name: str, text: str) -> Document:
    return Document(
        id=name,
        url=f"https://example.com/{name}",
        site="lvtb",
        ministry="lvtb",
        language="lv",
        published=None,
        cluster=name,
        gone=False,
        edited=False,
        title="",
        lead="",
        body=text,
        attachment="",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of the prototypes")
    prototypes = parser.parse_args().folder
    if not (prototypes / "eval_retrieval.py").exists():
        parser.error(f"{prototypes}: has no eval_retrieval.py")
    sys.path.insert(0, str(prototypes))
    try:
        prototype, chains = importlib.import_module("eval_retrieval"), importlib.import_module("chains")
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name}: not installed; pip install LatvianStemmer simplemma")
    documents, _ = prototype.load()
    texts = [" ".join(document["text"]) for document in documents.values()]
    words, known_items, word_sets = prototype.build()
    plain, light = chains.CHAINS["lower case only"], chains.CHAINS["LVF (own stemmer)"]
    recommended = [(chains.lexs_doc, chains.lexs_qry, 1), (*light, 0.5), (*plain, 0.1)]
    print(f"{len(texts)} paragraphs, {len(known_items)} known items, {len(word_sets)} single words")
    print(f"{'':12}" + "".join(f"{name:>18}" for name in COLUMNS) + f"{'mean':>10}")
    with tempfile.TemporaryDirectory() as folder:
        compared_chains: dict[str, Chain] = {
            "recommended": prototype.Multi(words, recommended),
            "ours": OurChain(texts, Path(folder)),
        }
        rows: dict[str, MeasureRow] = {}
        for name, chain in compared_chains.items():
            rows[name] = prototype.evaluate(chain, known_items, word_sets)
            print(_line(name, rows[name]), flush=True)
    below = [
        column
        for column, ours, theirs in zip(COLUMNS, rows["ours"], rows["recommended"], strict=True)
        if ours[0] < theirs[0]
    ]
    print("Below the prototype in: " + (", ".join(below) or "nothing"))


def _line(name: str, row: MeasureRow) -> str:
    cells = (f"{100 * first:8.2f} / {100 * second:6.2f}" for first, second in row)
    return (
        f"{name:12}"
        + "".join(f"{cell:>18}" for cell in cells)
        + f"{100 * fmean(first for first, _ in row):10.2f}"
    )


if __name__ == "__main__":
    main()
