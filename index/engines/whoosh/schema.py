"""The Whoosh schema of the index."""

from typing import get_args

from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from index.analysis.whoosh_analyzer import TermAnalyzer, TextField


def schema() -> Schema:
    """Return the schema: four forms of the text, columns for filters and order, and the fields of hits.

    The text fields are analysed as our own indexer and query parser do, so plain Whoosh can search them.
    """
    texts = {
        field: TEXT(analyzer=TermAnalyzer(field), phrase=True, multitoken_query="or")
        for field in get_args(TextField)
    }
    return Schema(
        id=ID(unique=True, stored=True, sortable=True),
        cluster=COLUMN(VarBytesColumn()),
        ministry=COLUMN(VarBytesColumn()),
        language=COLUMN(VarBytesColumn()),
        categories=COLUMN(VarBytesColumn()),
        published=COLUMN(NumericColumn("i")),
        traits=COLUMN(NumericColumn("B")),
        title=COLUMN(VarBytesColumn()),
        shown=STORED(),
        **texts,
    )
