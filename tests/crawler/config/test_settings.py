"""The top-level config.toml: it documents every option, and the built-in selectors compile."""

import re
import tomllib
from pathlib import Path

import pytest
import soupsieve
from pydantic import BaseModel, ValidationError

from crawler.config import CrawlerConfig, Limits, Politeness, Site, Template, load
from crawler.config.settings import Guards, JsonList, Recheck, Storage

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


SECTIONS: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        Politeness,
        {
            "delay_s": 2.0,
            "hosts_at_once": 8,
            "requests_per_s": 10.0,
            "crawl_delay_max_s": 30.0,
            "robots_ttl_h": 24.0,
            "quiet_from": None,
            "quiet_until": None,
        },
    ),
    (
        Limits,
        {
            "connect_s": 10.0,
            "read_s": 20.0,
            "total_s": 30.0,
            "wire_bytes": 5_000_000,
            "page_bytes": 8_000_000,
            "feed_bytes": 20_000_000,
            "redirects": 10,
            "tries": 4,
            "backoff_s": 1.0,
            "retry_after_max_s": 300.0,
            "failures_in_a_row": 5,
            "site_h": 12.0,
        },
    ),
    (Recheck, {"age_share": 0.1, "at_most_d": 60.0, "early_per_day": 2000}),
    (
        Guards,
        {
            "loss_share": 0.3,
            "change_share": 0.5,
            "strange_after_d": 14,
            "fault_share": 0.05,
            "area_misses": 100,
            "misses_at_once": 2_000,
            "new_at_once": 5_000,
            "urls_per_site": 200_000,
        },
    ),
)


@pytest.mark.parametrize(("model", "defaults"), SECTIONS)
def test_each_setting_has_its_default(model: type[BaseModel], defaults: dict[str, object]) -> None:
    assert model().model_dump(exclude={"user_agent"}) == defaults


BOUNDS: tuple[tuple[type[BaseModel], str, float, float | None], ...] = (
    (Politeness, "delay_s", 0, 86_400),
    (Politeness, "hosts_at_once", 1, 64),
    (Politeness, "requests_per_s", 0.001, None),
    (Politeness, "crawl_delay_max_s", 0, 86_400),
    (Politeness, "robots_ttl_h", 0.001, 24),
    (Limits, "connect_s", 0.001, 3_600),
    (Limits, "read_s", 0.001, 3_600),
    (Limits, "total_s", 0.001, 3_600),
    (Limits, "wire_bytes", 1024, 1_000_000_000),
    (Limits, "page_bytes", 1024, 1_000_000_000),
    (Limits, "feed_bytes", 1024, 1_000_000_000),
    (Limits, "redirects", 0, 100),
    (Limits, "tries", 1, 20),
    (Limits, "backoff_s", 0, 86_400),
    (Limits, "retry_after_max_s", 0, 86_400),
    (Limits, "failures_in_a_row", 1, 1_000_000),
    (Limits, "site_h", 0.001, 8760),
    (Recheck, "age_share", 0.001, 1),
    (Recheck, "at_most_d", 0.001, 36_500),
    (Recheck, "early_per_day", 0, 100_000_000),
    (Guards, "loss_share", 0.001, 1),
    (Guards, "change_share", 0.001, 1),
    (Guards, "strange_after_d", 1, 36_500),
    (Guards, "fault_share", 0.001, 1),
    (Guards, "area_misses", 1, 100_000_000),
    (Guards, "misses_at_once", 1, 100_000_000),
    (Guards, "new_at_once", 1, 100_000_000),
    (Guards, "urls_per_site", 1, 100_000_000),
)


@pytest.mark.parametrize(("model", "key", "least", "most"), BOUNDS)
def test_a_number_may_reach_its_bounds_and_no_further(
    model: type[BaseModel], key: str, least: float, most: float | None
) -> None:
    for value in (least, *(() if most is None else (most,))):
        assert getattr(model.model_validate({key: value}), key) == value
    whole = model.model_fields[key].annotation is int
    beyond = [least - (1 if whole else 0.001), *([most + 1] if most is not None else [])]
    for value in (*beyond, "1", True, float("inf")):
        with pytest.raises(ValidationError):
            model.model_validate({key: value})


def test_every_number_has_its_bounds_here() -> None:
    numbers = {
        (model.__name__, name)
        for model, _ in SECTIONS
        for name, field in model.model_fields.items()
        if field.annotation in (int, float)
    }
    assert {(model.__name__, key) for model, key, *_ in BOUNDS} == numbers


def test_a_site_and_a_template_have_their_defaults() -> None:
    site = Site.model_validate({"id": "a", "ministry": "A", "template": "t", "start": ["https://a.lv/"]})
    assert (site.older_templates, site.feeds, site.sitemaps, site.hosts, site.allow, site.deny) == ((),) * 6
    assert (site.list_pages_max, site.delay_s, site.enabled) == (500, None, True)
    template = Template()
    assert (template.title, template.date_order) == (("h1",), {"lv": "DMY", "en": "DMY", "ru": "DMY"})
    assert not any((template.general, template.pdf, template.lead_is_first_paragraph, template.json_list))
    assert (template.valid_from, template.valid_until) == (None, None)


@pytest.mark.parametrize(
    ("key", "value", "is_taken"),
    [
        ("id", "a" * 64, True),
        ("id", "a" * 65, False),
        ("id", "0-a", True),
        ("id", "-a", False),
        ("id", "A", False),
        ("id", "", False),
        ("list_pages_max", 1, True),
        ("list_pages_max", 0, False),
        ("list_pages_max", 1_000_000, True),
        ("list_pages_max", 1_000_001, False),
        ("enabled", "no", False),
        ("delay_s", 86_400.0, True),
        ("delay_s", 86_400.5, False),
    ],
)
def test_a_site_has_an_id_and_bounds(key: str, value: object, *, is_taken: bool) -> None:
    given = {"id": "a", "ministry": "A", "template": "t", "start": ["https://a.lv/"], key: value}
    if is_taken:
        assert getattr(Site.model_validate(given), key) == value
    else:
        with pytest.raises(ValidationError):
            Site.model_validate(given)


@pytest.mark.parametrize("path", ["a b", "{a}", "a" * 201])
def test_a_path_in_json_has_no_spaces_and_braces(path: str) -> None:
    with pytest.raises(ValidationError):
        JsonList.model_validate({"url": "u", "items": path})
    assert JsonList.model_validate({"url": "u", "items": "a" * 200}).items == "a" * 200


def test_data_are_in_their_places_below_one_folder() -> None:
    storage = Storage(data_dir=Path("/d"))
    assert (storage.store_path, storage.reports_dir, storage.index_dir) == (
        Path("/d/releases.sqlite3"),
        Path("/d/reports"),
        Path("/d/index"),
    )
    assert Storage().data_dir == Path("data")
