"""The fields of the index, as Whoosh's schema names them."""

from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from index.writer.vocabulary import FIELDS


def schema() -> Schema:
    """Return the schema: four forms of the text, the columns that filter and sort, and what is shown."""
    texts = {name: TEXT(analyzer=None, phrase=True) for name in FIELDS}
    return Schema(
        id=ID(unique=True, stored=True, sortable=True),
        cluster=COLUMN(VarBytesColumn()),
        ministry=COLUMN(VarBytesColumn()),
        language=COLUMN(VarBytesColumn()),
        published=COLUMN(NumericColumn("i")),
        title=COLUMN(VarBytesColumn()),
        shown=STORED(),
        **texts,
    )
