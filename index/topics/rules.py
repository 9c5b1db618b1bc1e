"""Maps categories to topics by rules in the built-in templates; what no rule names has no topic."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from crawler.config import built_in_sites
from index.analysis.latvian.letters import fold

_SHIPPED = files("crawler.config") / "shipped"
_RULES = "topics.toml"


def topics_of(site: str, categories: Sequence[str]) -> tuple[str, ...]:
    """Return the topics of a release of *site* with these *categories*, each once, in alphabetical order.

    >>> topics_of("mod", ["Ministrs", "Mācības"]), topics_of("izm", ["Mācības"])
    (('defence',), ())
    """
    rules = _rules_of(site)
    return tuple(sorted({rules[key] for key in map(_key, categories) if key in rules}))


def rules_digest() -> str:
    """Return a digest of the rules, and of the templates to which sites belong."""
    content = [(_SHIPPED / name).read_bytes() for name in (_RULES, "institutions.toml")]
    return blake2b(b"\0".join(content), digest_size=8).hexdigest()


@cache
def _rules_of(site: str) -> Mapping[str, str]:
    """Return the topic of each category of *site*; the first of its templates that names one decides."""
    return {
        key: topic
        for name in reversed(_templates(site))
        for key, topic in _by_template().get(name, {}).items()
    }


def _templates(site: str) -> Sequence[str]:
    table = built_in_sites().get(site, {})
    older = table.get("older_templates", [])
    return [str(table["template"]), *(older if isinstance(older, list) else [])] if table else []


@cache
def _by_template() -> Mapping[str, Mapping[str, str]]:
    tables = tomllib.loads((_SHIPPED / _RULES).read_text(encoding="utf-8"))
    return {
        template: {_key(name): topic for topic, names in rules.items() for name in names}
        for template, rules in tables.items()
    }


def _key(category: str) -> str:
    return fold(category.lower())
