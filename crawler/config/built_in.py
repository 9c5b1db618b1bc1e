"""The templates and institutions that come with the program, and how an operator's tables extend them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.config.settings import Site, Template

Table = Mapping[str, object]

ALL = "all"
"""The value of ``built_in_sites`` that means every built-in institution."""
REST = "..."
"""The placeholder for the built-in values, in a list of a table that extends a built-in one."""


def with_built_ins(crawler: object) -> object:
    """Return the table [crawler] as written, completed by the built-in templates and institutions.

    The operator's sites come first and keep their places, so that errors name the right ones. Values of a
    wrong type are left to the validation.
    """
    if not isinstance(crawler, Mapping):
        return crawler
    completed = dict(crawler)
    own_templates = crawler.get("templates", {})
    if isinstance(own_templates, Mapping):
        extended = {name: _extended_template(table) for name, table in own_templates.items()}
        completed["templates"] = _sound_templates() | extended
    own_sites = crawler.get("sites", [])
    chosen = _chosen_sites(crawler.get("built_in_sites", []))
    if isinstance(own_sites, list):
        sites = [_extended_site(table, chosen) for table in own_sites]
        own_ids = [table.get("id") for table in own_sites if isinstance(table, Mapping)]
        completed["sites"] = sites + [_sound_sites()[id_] for id_ in chosen if id_ not in own_ids]
    return completed


@cache
def built_in_templates() -> dict[str, Table]:
    """Return the tables of the built-in templates by name."""
    return dict(_read("templates.toml")["templates"])


@cache
def built_in_sites() -> dict[str, Table]:
    """Return the tables of the built-in institutions by id."""
    return {site["id"]: site for site in _read("institutions.toml")["sites"]}


@cache
def _sound_templates() -> dict[str, Template]:
    """Return the built-in templates; validating them takes a tenth of a second."""
    return {name: Template.model_validate(table) for name, table in built_in_templates().items()}


@cache
def _sound_sites() -> dict[str, Site]:
    return {id_: Site.model_validate(table) for id_, table in built_in_sites().items()}


def starter_file() -> str:
    """Return a settings file with what an operator must decide."""
    return _read_shipped("starter.toml")


def full_file() -> str:
    """Return the settings file that documents every option with its unit and default."""
    try:
        return _read_shipped("config.toml")
    except FileNotFoundError:  # a checkout: the build copies the file into the package
        return Path(__file__).parents[2].joinpath("config.toml").read_text(encoding="utf-8")


def _read(name: str) -> dict[str, Any]:  # tables of any shape, validated with the operator's
    return tomllib.loads(_read_shipped(name))


def _read_shipped(name: str) -> str:
    return (files("crawler.config") / "shipped" / name).read_text(encoding="utf-8")


def _chosen_sites(ids: object) -> dict[str, Table]:
    if not isinstance(ids, list):
        return {}
    return {id_: site for id_, site in built_in_sites().items() if id_ in ids or ALL in ids}


def _extended_template(table: object) -> object:
    if not isinstance(table, Mapping):
        return table
    name = table.get("extends")
    return _extend(table, built_in_templates().get(name, {}) if isinstance(name, str) else {})


def _extended_site(table: object, chosen: Mapping[str, Table]) -> object:
    if not isinstance(table, Mapping):
        return table
    id_ = table.get("id")
    return _extend(table, chosen.get(id_, {}) if isinstance(id_, str) else {})


def _extend(own: Table, built_in: Table) -> Table:
    """Return *built_in* with the values of *own* in place of its own."""
    return {**built_in, **{key: _spread(value, built_in.get(key)) for key, value in own.items()}}


def _spread(value: object, built_in: object) -> object:
    """Return the list *value* with the values of *built_in* where it has `REST`."""
    if not (isinstance(value, list) and isinstance(built_in, list)):
        return value
    return [item for each in value for item in (built_in if each == REST else [each])]
