"""Which query was typed in another script, in another spelling, or with other spaces between its words?"""

from index.suggest.readings.reading import QueryReading, ReadingKind, read_otherwise

__all__ = ["QueryReading", "ReadingKind", "read_otherwise"]
