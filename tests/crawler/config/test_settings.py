"""The top-level config.toml: it documents every option, and the built-in selectors compile."""

import re
import tomllib
from pathlib import Path

import pytest
import soupsieve

from crawler.config import CrawlerConfig, Limits, Politeness, Site, Template, load

CONFIG = Path(__file__).parents[3] / "config.toml"
TEXT = CONFIG.read_text(encoding="utf-8")
TEMPLATES = load(CONFIG)[1].templates


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (model, key)
        for model in (CrawlerConfig, Politeness, Limits, Template, Site)
        for key in model.model_fields
    ],
)
def test_shipped_file_documents_every_option(model: type, key: str) -> None:
    assert re.search(rf"^(?:# ?)?\s*{key} = |^#.*\b{key}\b|^\[+crawler\.{key}\b", TEXT, re.MULTILINE)


@pytest.mark.parametrize("model", [Politeness, Limits])
def test_the_shipped_values_are_the_defaults(model: type[Politeness | Limits]) -> None:
    section = tomllib.loads(TEXT)["crawler"][model.__name__.lower()]
    assert model.model_validate(section) == model()


def test_sites_have_their_own_ids() -> None:
    ids = [site.id for site in load(CONFIG)[1].sites]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", TEMPLATES)
def test_selectors_and_paths_of_the_templates_compile(name: str) -> None:
    for field, value in TEMPLATES[name]:
        if isinstance(value, tuple):
            for selector in value:
                if field != "paths":  # those were compiled when they were read
                    soupsieve.compile(selector)


def test_examples_in_the_guide_are_valid(tmp_path: Path) -> None:
    guide = (CONFIG.parent / "docs" / "add-a-site.md").read_text(encoding="utf-8")
    for table in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL):
        path = tmp_path / "config.toml"
        path.write_text(table, encoding="utf-8")
        load(path)
