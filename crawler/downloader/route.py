"""The ways on which pages are come to: what is closed when asking fails."""

from dataclasses import dataclass

from crawler.urls import Origin


@dataclass(frozen=True, slots=True)
class Way:
    """How a page is come to: from the origin first asked, perhaps over redirects, to the one that has it.

    What fails after a redirect says nothing of who is asked directly: or one site could close another.
    """

    first: Origin
    here: Origin

    @property
    def to_origin(self) -> str:
        """What closes after too many failures: http and https of a host fail apart."""
        return self.here.root if self.first == self.here else f"{self.first.root} {self.here.root}"

    @property
    def to_host(self) -> str:
        """What closes for as long as the host asks by Retry-After, which it does for all its origins."""
        is_same = self.first.name == self.here.name
        return self.here.name if is_same else f"{self.first.name} {self.here.name}"

    @property
    def both(self) -> tuple[str, str]:
        """All that may be closed on it."""
        return self.to_host, self.to_origin
