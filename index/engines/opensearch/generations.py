"""The generations of an index in a cluster: an index each, and an alias that names the one in use."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from index.config import ClusterSettings
from index.engines.opensearch import mappings
from index.engines.opensearch.connection import UNAVAILABLE, ClusterConnection, Json, RefusedError
from index.errors import DamagedIndexError, EngineError

_NAME = re.compile(r"\d{8}t\d{6}-\d{3,}")
_BAD_REQUEST, _NOT_FOUND = 400, 404
# The first release with points in time.
_OLDEST = (2, 4)
_META = "*.mappings._meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The origin of a generation, kept in the cluster's state beside its fields."""

    number: int = 0
    """Every change to the store up to this number is in it."""
    fingerprint: str = ""
    documents: int = 0
    """The number of its releases after the last change."""
    finished: bool = False
    """Whether it was ever published."""
    updated: str = ""
    """When it was put into use or last updated (UTC)."""
    pending: int = field(default=0, compare=False)
    """The last change that an update brings which has begun and not ended, 0 if there is none."""

    @classmethod
    def of(cls, answer: Json, location: str) -> "Meta":
        """Read the mapping of an index.

        Raises:
            DamagedIndexError: it is not one of ours.
        """
        try:
            return cls(**answer["mappings"]["_meta"])
        except (KeyError, TypeError) as error:
            raise DamagedIndexError(f"{location}: not an index of this program") from error

    def fields(self) -> Json:
        """Return it as it is kept; programs before this version know no ``pending``."""
        kept = asdict(self)
        return kept if self.pending else {name: kept[name] for name in kept if name != "pending"}


def now() -> str:
    """Return the time (UTC) as it is kept."""
    return datetime.now(UTC).isoformat()


class ClusterGenerations:
    """The indices whose names begin with the prefix of *settings*; one process at a time may change them."""

    def __init__(self, connection: ClusterConnection, settings: ClusterSettings) -> None:
        self.connection, self._settings = connection, settings

    def index_of(self, generation: str) -> str:
        """Return the name of the index of releases of a generation."""
        return f"{self._settings.prefix}-{generation}"

    def location_of(self, generation: str) -> str:
        """Return the address of a generation, for messages."""
        return f"{self.connection.location}: {self.index_of(generation)}"

    def past_of(self, generation: str) -> str:
        """Return the name of the index of the texts that releases had before."""
        return f"{self.index_of(generation)}-past"

    def words_of(self, generation: str) -> str:
        """Return the name of the index of words of a generation."""
        return f"{self.index_of(generation)}-words"

    def files_of(self, generation: str) -> str:
        """Return the name of the index of files of a generation."""
        return f"{self.index_of(generation)}-files"

    def current(self, *, local: bool = False) -> tuple[str, Meta] | None:
        """Return the generation in use; None if there is none. A *local* answer is what the node knows of it.

        Raises:
            DamagedIndexError: the alias is not one that this program made.
            RefusedError: the cluster does not answer, or does not know its indices yet.
        """
        # A node that starts knows no name, and says of a pattern that it knows none yet.
        answer = self._in_use(local=local)
        if answer is None and self.all():
            answer = self._in_use()
        if answer is None:
            return None
        prefix = self._settings.prefix
        named = [(index.removeprefix(f"{prefix}-"), mapping) for index, mapping in answer.items()]
        if len(named) != 1 or not _NAME.fullmatch(named[0][0]):
            raise DamagedIndexError(f"{self.connection.location}: not an alias of one generation")
        return named[0][0], Meta.of(named[0][1], self.connection.location)

    def _in_use(self, *, local: bool = False) -> Json | None:
        """Return the mappings of the alias by index, None if there is no such name."""
        params = {"filter_path": _META, **({"local": "true"} if local else {})}
        try:
            return self.connection.request("GET", (self._settings.prefix, "_mapping"), **params)
        except RefusedError as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    def meta(self, generation: str) -> Meta:
        """Return the origin of a generation as it is now."""
        index = self.index_of(generation)
        answer = self.connection.request("GET", (index, "_mapping"), filter_path=_META)
        return Meta.of(answer.get(index, {}), self.location_of(generation))

    def all(self) -> Mapping[str, Meta]:
        """Return all generations, oldest first, drafts too."""
        pattern = f"{self._settings.prefix}-*"
        answer = self.connection.request("GET", (pattern, "_mapping"), filter_path=_META)
        prefix = len(self._settings.prefix) + 1
        names = {
            index[prefix:]: mapping for index, mapping in answer.items() if _NAME.fullmatch(index[prefix:])
        }
        return {name: Meta.of(names[name], self.index_of(name)) for name in sorted(names)}

    def create(self) -> str:
        """Make the empty indices of a new generation, which is not in use; return its name.

        Raises:
            EngineError: the nodes are not OpenSearch, or too old.
        """
        self._check_server()
        generation = self._next_name()
        meta, cluster = Meta().fields(), self._settings
        self._create_releases(self.index_of(generation), meta)
        self._create_releases(self.past_of(generation), {})
        self.connection.request("PUT", (self.words_of(generation),), mappings.word_index(cluster))
        self.connection.request("PUT", (self.files_of(generation),), mappings.file_index(cluster))
        return generation

    def _check_server(self) -> None:
        version = self.connection.request("GET", ()).get("version", {})
        name, number = version.get("distribution", "another program"), f"{version.get('number', '')}"
        digits = re.match(r"(\d+)\.(\d+)", number)
        if name != "opensearch" or not digits or (int(digits[1]), int(digits[2])) < _OLDEST:
            needed = ".".join(map(str, _OLDEST))
            raise EngineError(
                f"{self.connection.location}: needs OpenSearch {needed} or newer, not {name} {number}"
            )

    def _create_releases(self, index: str, meta: Json) -> None:
        """Make the index of releases: if the cluster has no analyser of Latvian, with the plain one."""
        try:
            self.connection.request("PUT", (index,), mappings.release_index(self._settings, meta))
        except RefusedError as error:
            if error.status != _BAD_REQUEST or f"[{mappings.NATIVE_ANALYZER}]" not in str(error):
                raise
            plain = mappings.release_index(self._settings, meta, mappings.PLAIN_ANALYZER)
            self.connection.request("PUT", (index,), plain)

    def write_meta(self, generation: str, meta: Meta) -> None:
        """Replace the origin of a generation; servers then open it again."""
        self._acknowledged("PUT", (self.index_of(generation), "_mapping"), {"_meta": meta.fields()})

    def use(self, generation: str) -> None:
        """Put a generation into use: at any moment, the alias names the old one or the new one."""
        alias = self._settings.prefix
        actions = [
            {"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}},
            {"add": {"index": self.index_of(generation), "alias": alias}},
        ]
        self._acknowledged("POST", ("_aliases",), {"actions": actions})

    def delete(self, generation: str) -> None:
        """Remove the indices of a generation."""
        index = self.index_of(generation)
        names = (index, self.past_of(generation), self.words_of(generation), self.files_of(generation))
        self.connection.request("DELETE", (",".join(names),), ignore_unavailable="true")

    def refresh(self, *indices: str) -> None:
        """Let searches see what was written to *indices*.

        Raises:
            RefusedError: a shard is not available.
        """
        answer = self.connection.request("POST", (",".join(indices), "_refresh"))
        if answer["_shards"]["failed"]:
            raise RefusedError(f"{self.connection.location}: not all shards are available", UNAVAILABLE)

    def count(self, generation: str) -> int:
        """Return the number of releases in a generation."""
        body = {"size": 0, "track_total_hits": True}
        answer = self.connection.search(body, (self.index_of(generation),))
        return int(answer["hits"]["total"]["value"])

    def _acknowledged(self, method: str, path: tuple[str, ...], body: Json) -> None:
        if not self.connection.request(method, path, body).get("acknowledged"):
            raise EngineError(f"{self.connection.location}: the nodes did not confirm a change in time")

    def _next_name(self) -> str:
        """Return a name that sorts after all others, even if the clock was set back."""
        stamp = f"{datetime.now(UTC):%Y%m%dt%H%M%S}"
        newest = max(self.all(), default="")
        if newest[:15] < stamp:
            return f"{stamp}-001"
        return f"{newest[:15]}-{int(newest[16:]) + 1:03}"
