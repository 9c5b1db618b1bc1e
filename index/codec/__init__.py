"""How does Whoosh write and read our segments? The codec, and the index and writer that use it."""

from index.codec.codec import ArrayCodec
from index.codec.index_writer import ArrayIndex, TextIndexWriter, create_in, open_dir

__all__ = [
    "ArrayCodec",
    "ArrayIndex",
    "TextIndexWriter",
    "create_in",
    "open_dir",
]
