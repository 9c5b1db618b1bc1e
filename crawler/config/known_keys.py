"""The keys that a table of config.toml may have, to suggest the one that was meant."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel

# The share of letters in the same order: 0.88 of `data_dri` and `data_dir`, 0.67 of `time` and `tries`.
_LIKENESS_MIN = 0.75


def suggest_key(
    model: type[BaseModel], table: object, place: Sequence[str | int], others: Collection[str] = ()
) -> str | None:
    """Return the key that the unknown one at *place* in *table*, read as *model*, is probably meant to be.

    None: no key of the same table is like it, or all that are have been set. *others* are keys at the top
    that *model* does not have.
    """
    *above, unknown = place
    for part in above:
        model_or_none = _model_at(model, part)
        if model_or_none is None:
            return None
        model, others = model_or_none, ()
        table = _part_of(table, part)
    written = table if isinstance(table, Mapping) else {}
    keys = [key for key in (*model.model_fields, *others) if key not in written]
    return next(iter(get_close_matches(str(unknown), keys, n=1, cutoff=_LIKENESS_MIN)), None)


def _model_at(model: type[BaseModel], part: str | int) -> type[BaseModel] | None:
    """Return the model of the table under the key *part*, of the tables in a list, or of named ones."""
    if isinstance(part, int) or part not in model.model_fields:
        return model  # the place in a list or the name of a table, whose model is known from the key before
    annotation: Any = model.model_fields[part].annotation
    return next((one for one in (annotation, *get_args(annotation)) if _is_model(one)), None)


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _part_of(table: object, part: str | int) -> object:
    if isinstance(table, Mapping):
        return table.get(part)
    return table[part] if isinstance(table, list) and isinstance(part, int) else None
