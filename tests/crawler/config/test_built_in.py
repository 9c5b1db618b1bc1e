"""Built-in templates and institutions: chosen, extended and overridden, never copied."""

from pathlib import Path

import pytest

from crawler.config import ConfigError, CrawlerConfig, Template, load
from crawler.config.built_in import built_in_sites, built_in_templates, full_file, starter_file

OWN_SITE = '[[crawler.sites]]\nid = "own"\nministry = "Own"\ntemplate = "tvp"\nstart = ["https://own.lv/"]\n'


def config_of(folder: Path, text: str) -> CrawlerConfig:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)[1]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("", ["own"]),  # a file written before there were built-in sites crawls what it crawled
        ("built_in_sites = []", ["own"]),
        ('built_in_sites = ["vugd", "iem"]', ["own", "iem", "vugd"]),
        ('built_in_sites = ["all"]', ["own", *built_in_sites()]),
    ],
)
def test_only_chosen_institutions_are_crawled(line: str, ids: list[str], tmp_path: Path) -> None:
    config = config_of(tmp_path, f"[crawler]\n{line}\n{OWN_SITE}")
    assert [site.id for site in config.sites] == ids


def test_table_changes_only_what_it_names_of_a_chosen_institution(tmp_path: Path) -> None:
    text = '[crawler]\nbuilt_in_sites = ["mfa"]\n[[crawler.sites]]\nid = "mfa"\ndelay_s = 9\n'
    [changed] = config_of(tmp_path, text + 'hosts = ["old.mfa.gov.lv", "..."]').sites
    [built_in] = config_of(tmp_path, '[crawler]\nbuilt_in_sites = ["mfa"]').sites
    hosts = ("old.mfa.gov.lv", *built_in.hosts)
    assert changed == built_in.model_copy(update={"delay_s": 9.0, "hosts": hosts})


def test_templates_are_there_without_a_table(tmp_path: Path) -> None:
    assert config_of(tmp_path, "").templates.keys() == built_in_templates().keys()


def test_table_replaces_a_template_unless_it_extends_it(tmp_path: Path) -> None:
    whole = config_of(tmp_path, '[crawler.templates.tvp]\nbody = [".text"]').templates["tvp"]
    assert whole == Template(body=(".text",))


@pytest.mark.parametrize("name", ["tvp", "own"])
def test_template_extends_a_built_in_one(name: str, tmp_path: Path) -> None:
    text = (
        f'[crawler.templates.{name}]\nextends = "tvp"\nbody = [".first", "...", ".last"]\nlead = [".my-lead"]'
    )
    templates = config_of(tmp_path, text).templates
    built_in = config_of(tmp_path, "").templates["tvp"]
    body = (".first", *built_in.body, ".last")
    assert templates[name] == built_in.model_copy(
        update={"extends": "tvp", "body": body, "lead": (".my-lead",)}
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[crawler]\nbuilt_in_sites = ["iem", "imm"]',
            "built_in_sites.1 = 'imm': no built-in institution; there",
        ),
        ("crawler = 5", "crawler = 5: not a table"),
        ("crawler = [1]", "crawler = [1]: not a table"),
        ("[crawler]\nbuilt_in_sites = 5", "crawler.built_in_sites = 5"),
        ("[crawler]\nsites = 5", "crawler.sites = 5"),
        ("[crawler]\ntemplates = [5]", "crawler.templates = [5]"),
        ("[crawler.templates]\nx = 5", "crawler.templates.x = 5"),
        (
            '[crawler.templates.x]\nextends = "tpv"',
            "templates.x.extends = 'tpv': no built-in template; there are tvp",
        ),
        ("[crawler.templates.x]\nextends = 5", "crawler.templates.x.extends = 5"),
        ('[crawler.templates.x]\npaths = ["..."]', "templates.x.paths = '...': stands for built-in values"),
        ('[crawler.templates.x]\nbody = ["..."]', "templates.x.body.0 = '...': not a CSS selector"),
        (
            '[[crawler.sites]]\nid = "iem"\ndelay_s = 5.0',
            "missing; to take it from the built-in institution, add 'iem' to built_in_sites",
        ),
        (OWN_SITE + 'allow = ["..."]', "sites.own.allow = '...': stands for built-in values"),
        (
            '[crawler]\nbuilt_in_sites = ["iem"]\n' + OWN_SITE.replace("own.lv", "iem.gov.lv"),
            "crawler.sites.own.allow = []: site 'iem' also claims iem.gov.lv/",
        ),
    ],
)
def test_mistake_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config_of(tmp_path, text)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", [starter_file(), full_file()], ids=["starter", "full"])
def test_files_of_crawl_init_are_valid_and_crawl_every_institution(text: str, tmp_path: Path) -> None:
    assert [site.id for site in config_of(tmp_path, text).sites] == list(built_in_sites())


def test_starter_file_means_the_same_as_the_full_one(tmp_path: Path) -> None:
    assert config_of(tmp_path, starter_file()) == config_of(tmp_path, full_file())
