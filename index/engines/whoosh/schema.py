"""The Whoosh schema of the index."""

from typing import get_args

from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from index.analysis.whoosh_analyzer import TermAnalyzer, TextField
from index.query import FILTERS


def schema() -> Schema:
    """Return the schema: four forms of the text, columns for filters and order, and the fields of hits.

    The text fields are analysed as our own indexer and query parser do, so plain Whoosh can search them.
    """
    texts = {
        field: TEXT(analyzer=TermAnalyzer(field), phrase=True, multitoken_query="or")
        for field in get_args(TextField)
    }
    columns = {
        one.column: COLUMN(NumericColumn("B") if one.kind == "flags" else VarBytesColumn()) for one in FILTERS
    }
    return Schema(
        id=ID(unique=True, stored=True, sortable=True),
        cluster=COLUMN(VarBytesColumn()),
        published=COLUMN(NumericColumn("i")),
        since=COLUMN(NumericColumn("i")),
        until=COLUMN(NumericColumn("i")),
        title=COLUMN(VarBytesColumn()),
        shown=STORED(),
        **texts,
        **columns,
    )


def past_schema() -> Schema:
    """Return the schema of the index of earlier texts, which are found by the ``release`` that had them.

    A ``stamp`` tells whether a text is indexed as it would be now. Their ids are only read, and nothing is
    suggested of their titles.
    """
    past = schema()
    past.remove("title")
    past.remove("id")
    past.add("id", COLUMN(VarBytesColumn()))
    past.add("release", ID())
    past.add("stamp", STORED())
    return past
