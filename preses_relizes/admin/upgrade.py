"""`releases upgrade`: brings the store to the format of this version."""

import typer

from crawler.cli.stores import open_locked
from crawler.config import load_storage
from crawler.store import StoreError
from crawler.store.database import NO_STORE, store_exists
from preses_relizes.admin.options import DEFAULT_CONFIG, ConfigOption, exit_on_error


def upgrade(*, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Bring the store to the format of this version of the program; safe to repeat.

    The old store is kept beside it, named after its format. A kill leaves the old store or the new one.
    `crawl` does the same when it starts; this command does it without a crawl. Then run `reindex`.
    """
    with exit_on_error():
        storage = load_storage(config)
        path = storage.store_path
        if not store_exists(path):
            raise StoreError(f"{path}: {NO_STORE}")
        with open_locked(storage) as store:
            version, copy = store.format(), store.old_copy
    if copy:
        typer.echo(f"{path}: upgraded to format {version}; the old store is {copy.name}; run `reindex`")
    else:
        typer.echo(f"{path}: has format {version} already")
