"""One request to a time stamp authority, which the operator names: RFC 3161, section 3.4."""

import ssl
import time
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from crawler.downloader.fetch_error import FetchError

# An answer has about 6 kB: the stamp and the certificates of its signer.
_BYTES_MAX = 1 << 18
_TOTAL_S, _SILENCE_S, _PART_BYTES = 30.0, 10.0, 1 << 14


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # None: the answer is an error
        return None


def ask_authority(url: str, query: bytes, *, tls: ssl.SSLContext) -> bytes:
    """Return what the authority at *url* answers to *query*.

    Raises:
        FetchError: it does not answer as it should within half a minute.
    """
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls), _NoRedirects()
    )
    request = urllib.request.Request(  # noqa: S310 # the settings admit only http and https
        url, query, {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    )
    end, content = time.monotonic() + _TOTAL_S, b""
    try:
        with opener.open(request, timeout=_SILENCE_S) as response:
            while part := response.read1(_PART_BYTES):
                content += part
                if len(content) > _BYTES_MAX:
                    raise FetchError(url, "too-large")
                if time.monotonic() > end:
                    raise FetchError(url, "timeout")
    except HTTPError as error:
        with error:
            raise FetchError(url, f"status-{error.code}") from error
    except (OSError, HTTPException) as error:
        raise FetchError(url, "no-answer", detail=str(error)[:200]) from error
    return content
