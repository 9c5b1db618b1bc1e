"""The MCP endpoint over HTTP: each request is answered at once, without sessions or streams."""

from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

import anyio
from flask import Flask, Response, request
from mcp.server import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from searcher.assistants.tools import create_server
from searcher.service import Service

PATH = "/mcp"
Message = MutableMapping[str, Any]


def add_route(app: Flask, service: Service) -> None:
    """Answer MCP requests at `PATH` of *app* by *service*."""
    server = create_server(service)

    def mcp() -> Response:
        return anyio.run(_answer, server, _scope(), request.get_data())

    app.add_url_rule(PATH, "mcp", mcp, methods=["POST"])


def _scope() -> Message:
    """Return the current request as ASGI describes it."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": request.query_string,
        "headers": headers,
    }


async def _answer(server: MCPServer, scope: Message, body: bytes) -> Response:
    """Return the answer of *server*; the event loop lives as long as the request, so processes may fork."""
    response = Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
    done = anyio.Event()
    incoming = iter(({"type": "http.request", "body": body, "more_body": False},))

    async def receive() -> Message:
        if (message := next(incoming, None)) is not None:
            return message
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            response.headers.clear()
            response.headers.extend(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]
            )
        elif message["type"] == "http.response.body":
            response.set_data(response.get_data() + message.get("body", b""))
            if not message.get("more_body", False):
                done.set()

    manager = StreamableHTTPSessionManager(server._lowlevel_server, json_response=True, stateless=True)  # noqa: SLF001 - its own app would need a lifespan
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    return response
