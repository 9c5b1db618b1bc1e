"""A small index whose commits a test breaks."""

import random
from datetime import date

from index.codec import ArrayIndex
from index.query import Everything, Query
from index.search import Searcher
from tests.support.corpora import WORDS, write
from tests.support.oracle import Doc

EVERYTHING = Query(text="", clause=Everything(), reading="", per_page=100)
# The audit events of Python's file-system calls.
CALLS = {"open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir", "shutil.rmtree"}


def docs(first: int, count: int) -> list[Doc]:
    drawn = random.Random(first)
    return [
        Doc(
            f"fm-{number}",
            "fm",
            "lv",
            date(2020, 1, 1),
            f"fm-{number}",
            {
                "title": drawn.choices(WORDS, k=2),
                "lead": [],
                "body": drawn.choices(WORDS, k=30),
                "attachment": [],
            },
        )
        for number in range(first, first + count)
    ]


def ids(ix: ArrayIndex) -> set[str]:
    searcher = Searcher(ix)
    searcher.verify()
    return {searcher.stored(doc)["id"] for doc in searcher.search(EVERYTHING).docs}


def commit(ix: ArrayIndex, more: list[Doc], *, optimize: bool) -> None:
    writer = ix.writer()
    try:
        write(writer, more)
    except OSError:
        writer.cancel()
        raise
    writer.commit(optimize=optimize)
