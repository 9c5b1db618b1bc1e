"""Templates, compiled once for each interface language: a fixed text costs nothing when a page is made."""

from typing import Any

from flask import g
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from searcher.i18n import Interface


class InterfaceEnvironment(Environment):
    """The templates in the language of the request, which ``g.interface`` names."""

    interface: Interface | None = None
    """The language of an overlay; the environment itself compiles nothing."""

    def __init__(self, app: App, **options: Any) -> None:  # Flask passes the options of Jinja on
        super().__init__(app, **options)
        self._overlays: dict[str, Environment] = {}

    def get_or_select_template(self, *arguments: Any, **options: Any) -> Template:
        """Return a template in the language of the request."""
        interface: Interface = g.interface
        overlay = self._overlays.get(interface.language)
        if overlay is None:
            overlay = self.overlay()
            overlay.interface = interface
            self._overlays[interface.language] = overlay
        return Environment.get_or_select_template(overlay, *arguments, **options)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        if self.interface is not None:
            _Translator(self.interface).visit(template)
        return template


class _Translator(NodeTransformer):
    """Replaces calls of ``_`` with a fixed text by its translation."""

    def __init__(self, interface: Interface) -> None:
        self._interface = interface

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the name that Jinja calls
        self.generic_visit(node)
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(key))]):
                return nodes.Const(self._interface.text(key), lineno=node.lineno)
        return node
