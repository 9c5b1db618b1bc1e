"""What the pages and the mails of subscriptions share: the settings, the key, the file and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from time import time

from index.config import ConfigError
from searcher.config import SearcherConfig, SubscriptionSettings
from searcher.subscriptions.database import DAY_S, FILE, StoredSubscription, SubscriptionFileError
from searcher.subscriptions.keys import ID_BYTES, KeyFileError, Keys, load_keys
from searcher.subscriptions.mail_ledger import MailLedger
from searcher.subscriptions.subscription_file import SubscriptionFile

__all__ = ["ID_BYTES", "Desk", "open_desk"]

# What one household or office usually has (RFC 6177 for IPv6).
_NETWORK_BITS = {4: 24, 6: 48}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where subscriptions are taken and kept."""

    settings: SubscriptionSettings
    file: SubscriptionFile
    ledger: MailLedger
    keys: Keys
    mail_path: Path
    """The file that names the mail server."""
    clock: Callable[[], float] = time

    @property
    def now(self) -> int:
        """The time in whole seconds since 1970 (UTC)."""
        return int(self.clock())

    def find(self, use: str, token: str) -> StoredSubscription | None:
        """Return the subscription of a *token* for a *use*; None if it is forged, or that is over."""
        id_ = self.keys.read_token(use, token)
        found = self.file.get(id_) if id_ else None
        if found and found.confirmed is None and found.asked < self.now - self.settings.unconfirmed_d * DAY_S:
            return None
        return found

    def network_digest(self, address: str) -> bytes:
        """Return what the network of an IP *address* is called today; tomorrow it has another name."""
        try:
            ip = ip_address(address.partition("%")[0])
            network = str(ip_network((ip, _NETWORK_BITS[ip.version]), strict=False))
        except ValueError:  # a socket of the machine has none
            network = address
        return self.keys.digest("network", f"{self.now // DAY_S} {network}")


def open_desk(config_path: Path, settings: SearcherConfig, data_dir: Path) -> Desk:
    """Return the desk that *settings*, read from *config_path*, ask for.

    Raises:
        ConfigError: something that subscriptions need is missing, or their file cannot be written.
    """
    chosen = settings.subscriptions
    folder = config_path.absolute().parent
    where = f"{config_path}: searcher.subscriptions.enabled"
    if not settings.base_url:
        raise ConfigError(f"{where}: searcher.base_url is empty; mails need it for their links")
    if not (folder / chosen.mail).is_file():
        raise ConfigError(f"{where}: there is no file {folder / chosen.mail} with the mail server")
    try:
        keys, path = load_keys(folder / chosen.key), data_dir / FILE
        desk = Desk(chosen, SubscriptionFile(path), MailLedger(path), keys, folder / chosen.mail)
        desk.file.create()
    except KeyFileError as error:
        raise ConfigError(f"{where}: {error}") from error
    except SubscriptionFileError as error:
        raise ConfigError(f"{where}: {error}; its folder must be writable for those who serve") from error
    return desk
