"""The redirects of one fetch: followed one by one, bounded, with the cookies that they set."""

from collections.abc import Mapping

from crawler.downloader.cookies import Cookies
from crawler.downloader.fetch_error import FetchError
from crawler.downloader.response import REDIRECTS, Response
from crawler.urls import address


class Redirects:
    """The URLs that a fetch asked for, the requested one first; *at_most* redirects are followed."""

    def __init__(self, url: str, cookies: Cookies, *, at_most: int) -> None:
        self.chain = [url]
        self._cookies = cookies
        self._left = at_most

    @property
    def url(self) -> str:
        """The URL to ask for now."""
        return self.chain[-1]

    def headers(self) -> Mapping[str, str]:
        """Return the headers with the cookies for that URL."""
        return self._cookies.headers_for(self.url)

    def follow(self, response: Response) -> bool:
        """Keep the cookies of *response*, and follow it if it is a redirect; return whether it is.

        A redirect may return to a URL of the chain if it has set a cookie: what lies between was a detour.

        Raises:
            FetchError: it leads to no URL, in a circle, or too far.
        """
        has_new_cookies = self._cookies.keep(self.url, response.cookies)
        if response.status not in REDIRECTS:
            return False
        target = _target_of(response, self.url)
        if target in self.chain and not has_new_cookies:
            raise FetchError(self.url, "redirect-loop")
        if self._left == 0:
            raise FetchError(self.chain[0], "too-many-redirects")
        self._left -= 1
        if target in self.chain:
            del self.chain[self.chain.index(target) :]
        self.chain.append(target)
        return True


def _target_of(response: Response, url: str) -> str:
    """Return the URL to which *url* redirects, resolved as browsers do."""
    # Headers are decoded as Latin-1, but URLs in them are UTF-8.
    location = response.headers.get("location")
    target = location and address(location.encode("latin-1", "replace").decode("utf-8", "replace"), url)
    if not target:
        raise FetchError(url, "bad-redirect", detail=f"status {response.status}")
    return target
