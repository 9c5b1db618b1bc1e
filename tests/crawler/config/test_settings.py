"""The shipped config.toml: it loads, it is whole, and its selectors are selectors."""

import re
import tomllib
from pathlib import Path

import pytest
import soupsieve

from crawler.config import ConfigError, CrawlerConfig, Limits, Politeness, Site, Template, load

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
def test_every_option_stands_in_the_shipped_file(model: type, key: str) -> None:
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


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[crawler.politeness]\ndelay = 1", "crawler.politeness.delay: no such option"),
        ("[crawler.politeness]\ndelay_s = -1", "crawler.politeness.delay_s = -1"),
        ("[crawler.limits]\ntries = 'x'", "crawler.limits.tries = 'x'"),
        ("[crawler.templates.t]\nbody = 'div'", "crawler.templates.t.body = 'div'"),
        ("[[crawler.sites]]\nid = 'x'", "crawler.sites.0.ministry: missing"),
        (
            "[[crawler.sites]]\nid = 'x'\nministry = 'X'\ntemplate = 'none'\nstart = ['https://x.lv']",
            "template = 'none': site 'x' names a template that is not in [crawler.templates]",
        ),
        ("[crawler", "not a TOML file"),
        ("[crawler.templates.t]\npaths = ['']", "crawler.templates.t.paths.0 = ''"),
        ("[crawler.templates.t]\nbody = ['']", "crawler.templates.t.body.0 = ''"),
        (
            "[crawler.templates.t]\npaths = ['(']",
            "crawler.templates.t.paths.0 = '(': not a regular expression: missing )",
        ),
        (
            "[crawler.templates.t]\npaths = ['(?!x)y']",
            "'(?!x)y': not a regular expression: invalid perl operator: (?!",
        ),
    ],
)
def test_a_mistake_is_one_line_that_names_file_key_and_value(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_the_tables_of_the_guide_are_right() -> None:
    guide = (CONFIG.parent / "docs" / "add-a-site.md").read_text(encoding="utf-8")
    for table in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL):
        crawler = tomllib.loads(table)["crawler"]
        crawler["templates"] = {**TEMPLATES, **crawler.get("templates", {})}
        CrawlerConfig.model_validate(crawler)
