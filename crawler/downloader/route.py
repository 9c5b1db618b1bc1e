"""The route to a page: the keys under which the throttle closes it after failures."""

from dataclasses import dataclass

from crawler.urls import Origin


@dataclass(frozen=True, slots=True)
class Route:
    """The origin of the first request and, after redirects, the origin of the page.

    A failure after a redirect does not count against direct requests: otherwise one site could close another.
    """

    first: Origin
    target: Origin

    @property
    def origin_key(self) -> str:
        """Closed after too many failures; http and https of a host fail apart."""
        return self.target.root if self.first == self.target else f"{self.first.root} {self.target.root}"

    @property
    def host_key(self) -> str:
        """Closed by Retry-After, which a host sends for all its origins."""
        is_same = self.first.name == self.target.name
        return self.target.name if is_same else f"{self.first.name} {self.target.name}"

    @property
    def keys(self) -> tuple[str, str]:
        """Both keys: the route is open if neither is closed."""
        return self.host_key, self.origin_key
