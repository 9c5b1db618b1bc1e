"""What does the service answer to assistants? The MCP endpoint: read-only tools over the same results."""

from importlib.util import find_spec

from flask import Flask

from index.config import ConfigError
from searcher.service import Service


def add_mcp_endpoint(app: Flask, service: Service) -> None:
    """Answer MCP requests at ``/mcp`` of *app* by *service*.

    Raises:
        ConfigError: the extra ``mcp`` is not installed.
    """
    if find_spec("mcp") is None:
        raise ConfigError("[searcher] mcp: not installed; run `pip install 'preses-relizes[mcp]'`")
    from searcher.assistants.endpoint import add_route  # noqa: PLC0415 - the SDK takes a second to import

    add_route(app, service)
