"""The compiled search core: it answers queries as the modules in Python do, in a fraction of the time.

`CompiledSearcher` and `ListFinder` are None if the core was not compiled when the package was installed, or
is not wanted.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from index.compiled import IS_WANTED

__all__ = ["IS_WANTED", "CompiledSearcher", "ListFinder"]

if TYPE_CHECKING:
    from index.search.compiled import list_finder, searcher


def _compiled_searcher() -> "type[searcher.CompiledSearcher] | None":
    # A core that is there and cannot be loaded is an error: being slow for no visible reason would be worse.
    if not IS_WANTED or find_spec("index.search.compiled.searcher") is None:
        return None
    from index.search.compiled import searcher  # noqa: PLC0415 - it may be missing

    return searcher.CompiledSearcher


def _list_finder() -> "type[list_finder.ListFinder] | None":
    if CompiledSearcher is None:
        return None
    from index.search.compiled import list_finder  # noqa: PLC0415 - it may be missing

    return list_finder.ListFinder


CompiledSearcher = _compiled_searcher()
ListFinder = _list_finder()
