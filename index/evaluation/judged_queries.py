"""The file of judged queries: relevance judgements, and the floors that the measures must reach."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from crawler.config import ConfigError, Section

Measure = Literal["nDCG@10", "MRR", "recall@50"]
Grade = Annotated[int, Field(ge=0, le=3)]
Floor = Annotated[float, Field(ge=0, le=1)]


class JudgedQuery(Section):
    """A query and the grades of relevant releases, from 1 (touches the topic) to 3 (the release sought)."""

    text: Annotated[str, Field(min_length=1)]
    kind: str = ""
    """Queries of a kind share a floor; those of kind ``typo`` run with "did you mean", too."""
    judgements: Annotated[Mapping[str, Grade], Field(min_length=1)]
    """Grades by URL or id of the release; all other releases have grade 0."""


class Judged(Section):
    """A file of judged queries."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    queries: Annotated[tuple[JudgedQuery, ...], Field(alias="query", min_length=1)]
    floors: Mapping[Measure, Floor] = {}
    """The lowest acceptable mean of each measure."""
    floors_by_kind: Mapping[str, Floor] = {}
    """The lowest acceptable mean nDCG@10 of the queries of each kind."""

    @field_validator("floors_by_kind")
    @classmethod
    def _check_kinds(cls, floors: Mapping[str, Floor], judged: ValidationInfo) -> Mapping[str, Floor]:
        kinds = {query.kind for query in judged.data.get("queries", ())}
        for kind in floors:
            if kind not in kinds:
                raise ValueError(f"no query is of the kind {kind}")
        return floors


def load(path: Path) -> Judged:
    """Read the judged queries at *path*.

    Raises:
        ConfigError: the file is missing or not TOML, or a key, grade or floor is invalid.
    """
    try:
        return Judged.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not a TOML file: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {key}: {first['msg'].removeprefix('Value error, ')}") from error
