"""A cluster that keeps the generations and the documents that are written to it, and searches nothing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from index.config import ClusterSettings
from tests.support.answering_server import Answering, Prepared, answer_with

PREFIX = "test"
FACTS = {"newest": {"value": None}, "length": {"value": 0}}


class WrittenCluster:
    """Indices by name, each with its `_meta` and its documents by id."""

    def __init__(self) -> None:
        self.metas: dict[str, Any] = {}
        self.documents: dict[str, dict[str, Any]] = {}
        self.alias = ""
        self.shared: list[str] = []
        """What is answered to the question which clusters have several releases."""
        self.lost = 0
        """How many releases fewer than were written are counted."""
        self.refused = 0
        """How many searches are answered as those of a state that is not open."""

    @contextmanager
    def serve(self) -> Iterator[tuple[ClusterSettings, Answering]]:
        with answer_with(self._answer) as serving:
            yield ClusterSettings(urls=(serving.url,), prefix=PREFIX, shards=1, replicas=0), serving

    def _answer(self, path: str, body: bytes) -> Prepared:
        names, _, action = unquote(path.partition("?")[0]).strip("/").partition("/")
        if self.refused and names == "_search" and not action:
            self.refused -= 1
            return Prepared(404, b"{}")
        return Prepared(200, json.dumps(self._reply(names, action, body)).encode())

    def _reply(self, names: str, action: str, body: bytes) -> dict[str, Any]:
        if action == "_bulk":
            return {"items": self._write(names, [json.loads(line) for line in body.splitlines()])}
        content = json.loads(body) if body else {}
        if action.startswith("_doc"):
            return self._document(names, action.partition("/")[2], content)
        if action == "_mapping":
            return self._mapping(names, content)
        if "_search" in (names, action):
            return self._search(content.get("pit", {}).get("id", names))
        if action:
            return {"pit_id": names, "_shards": {"failed": 0}}
        return self._change(names, content)

    def _change(self, names: str, content: dict[str, Any]) -> dict[str, Any]:
        """Make or delete indices, or set the alias; without a name, tell the version."""
        if names == "_aliases":
            self.alias = content["actions"][1]["add"]["index"]
        elif content:
            self.metas[names], self.documents[names] = content["mappings"].get("_meta"), {}
        for name in () if content else names.split(","):
            self.documents.pop(name, None)
            self.metas.pop(name, None)
        version = {"distribution": "opensearch", "number": "3.0.0"}
        return {"acknowledged": True, "version": version}

    def _mapping(self, names: str, content: dict[str, Any]) -> dict[str, Any]:
        if "_meta" in content:
            self.metas[names] = content["_meta"]
            return {"acknowledged": True}
        named = [self.alias] if names == PREFIX else [names]
        wanted = [name for name, meta in self.metas.items() if meta] if "*" in names else named
        return {name: {"mappings": {"_meta": self.metas[name]}} for name in wanted if name}

    def _document(self, index: str, id_: str, content: dict[str, Any]) -> dict[str, Any]:
        if content:
            self.documents[index][id_] = content
        return {"_source": self.documents[index][id_]}

    def _write(self, index: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        rest, items = iter(lines), []
        for line in rest:
            ((kind, target),) = line.items()
            if kind == "delete":
                self.documents[index].pop(target["_id"], None)
            else:
                self.documents[index][target["_id"]] = next(rest)
            items.append({kind: {"status": 200}})
        return items

    def _search(self, index: str) -> dict[str, Any]:
        buckets = [{"key": key} for key in self.shared]
        total = len(self.documents.get(index, ())) - self.lost
        return {
            "_shards": {"failed": 0},
            "hits": {"total": {"value": total}, "hits": []},
            "aggregations": {"clusters": {"buckets": buckets}, "shared": {"rows": {"buckets": []}}, **FACTS},
        }
