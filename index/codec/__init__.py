"""A Whoosh codec of NumPy arrays, and a searcher that answers from them a term at a time."""
