"""The errors of an index; every message names the file or address and the cause."""


class EngineError(Exception):
    """The engine cannot answer; the message names the index or address and the cause."""


class DamagedError(EngineError):
    """A file of the index is not what was written; the message names the file and the place."""


class DamagedIndexError(EngineError):
    """A file of the index is missing or not what was written; the message names it and the remedy."""


class BuildError(EngineError):
    """The releases exceed a limit of the index or the memory; the message names the folder and the limit."""
