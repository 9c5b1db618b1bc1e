"""Xapian behind the protocol of ``benchmarks.peers.program``; imports only its own binding."""

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

# Remove this folder: a module here has the name of the binding.
sys.path.pop(0)
import xapian

# Snippets are highlighted by terms without a prefix, so exact words have none.
PREFIXES = ("XL", "XS", "", "XF")
WEIGHTS = (1.0, 0.5, 0.1)
COUNTED = (0, 1, 2)
"""The value slots of ministry, language and year."""
PASSAGE_BYTES = 200


def rows() -> Iterator[list[str]]:
    """Yield lines as fields, up to an empty line."""
    for line in sys.stdin:
        if line == "\n":
            return
        yield line.rstrip("\n").split("\t")


def build(folder: str, commit_every: int) -> float:
    """Index the releases on standard input; return the seconds.

    Commit after each *commit_every* documents; at 0, compact the index instead.
    """
    draft = folder if commit_every else f"{folder}.draft"
    flags = xapian.DB_CREATE_OR_OVERWRITE | xapian.DB_NO_SYNC | xapian.DB_DANGEROUS
    base, seconds = xapian.WritableDatabase(draft, flags), 0.0
    for number, (_, id_, title, body, *facet_values, lemma, stem, exact, fold) in enumerate(rows(), 1):
        since = time.perf_counter()
        document = xapian.Document()
        for prefix, terms in zip(PREFIXES, (lemma, stem, exact, fold), strict=True):
            for position, term in enumerate(terms.split(" ")):
                document.add_posting(prefix + term, position)
        for slot, value in zip(COUNTED, facet_values, strict=True):
            document.add_value(slot, value)
        document.set_data(f"{id_}\t{title}\t{body}")
        base.add_document(document)
        if commit_every and number % commit_every == 0:
            base.commit()
        seconds += time.perf_counter() - since
    since = time.perf_counter()
    base.commit()
    if not commit_every:
        base.compact(folder)
    base.close()
    seconds += time.perf_counter() - since
    if not commit_every:
        shutil.rmtree(draft)
    return seconds


def build_query(kind: str, terms: list[str]) -> xapian.Query:
    """Return the query for words, each given by its terms of three fields."""
    words = [[field.split(" ") for field in terms[at : at + 3]] for at in range(0, len(terms), 3)]
    if kind == "phrase":
        phrases = [
            xapian.Query(xapian.Query.OP_PHRASE, [PREFIXES[field] + word[field][0] for word in words])
            for field in range(3)
        ]
        return xapian.Query(xapian.Query.OP_OR, phrases)
    return xapian.Query(xapian.Query.OP_AND, [_group(word) for word in words])


def _group(word: list[list[str]]) -> xapian.Query:
    scored = [
        xapian.Query(xapian.Query.OP_SCALE_WEIGHT, xapian.Query(prefix + term), weight)
        for prefix, weight, terms in zip(PREFIXES, WEIGHTS, word, strict=False)
        for term in terms
    ]
    return xapian.Query(xapian.Query.OP_OR, scored)


def answer(base: xapian.Database, kind: str, terms: list[str]) -> tuple[int, int, int, int]:
    """Answer a query; return total, hits, facets and passages."""
    enquire = xapian.Enquire(base)
    enquire.set_query(build_query(kind, terms))
    spies = [xapian.ValueCountMatchSpy(slot) for slot in COUNTED]
    for spy in spies:
        enquire.add_matchspy(spy)
    top = enquire.get_mset(0, 10, base.get_doccount())
    facets = sum(bool([(item.term, item.termfreq) for item in spy.values()]) for spy in spies)
    passages = 0
    for hit in top:
        _, title, body = hit.document.get_data().decode().split("\t")
        passages += bool(title) and bool(top.snippet(body, PASSAGE_BYTES))
    return top.get_matches_estimated(), top.size(), facets, passages


def run(base: xapian.Database) -> None:
    """Answer the queries on standard input."""
    queries = list(rows())
    start_s = time.perf_counter()
    for kind, *terms in queries:
        query_start_s = time.perf_counter()
        counts = answer(base, kind, terms)
        print(1000 * (time.perf_counter() - query_start_s), *counts, sep="\t")
    print(time.perf_counter() - start_s, flush=True)


def main() -> None:
    base = None
    for line in sys.stdin:
        command, argument, *options = line.rstrip("\n").split("\t")
        if command == "build":
            print(build(str(Path(argument) / "xapian"), int(options[0])), flush=True)
        elif command == "open":
            since = time.perf_counter()
            base = xapian.Database(str(Path(argument) / "xapian"))
            print(1000 * (time.perf_counter() - since), 0, sep="\t", flush=True)
        else:
            run(base)


if __name__ == "__main__":
    main()
