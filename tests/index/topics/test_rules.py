import tomllib
from importlib.resources import files
from pathlib import Path

from crawler.config import built_in_sites
from index.indexing import split_categories
from index.topics import TOPICS, topics_of

JUDGED = Path(__file__).parents[2] / "judged" / "topics.tsv"
RULES = tomllib.loads((files("crawler.config") / "shipped" / "topics.toml").read_text(encoding="utf-8"))


def test_nine_of_ten_topics_are_those_that_a_reader_gives() -> None:
    right = wrong = without = 0
    for line in JUDGED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        site, category, judged, _ = line.split("\t")
        topics = topics_of(site, split_categories(category))
        right += len({*topics} & {*judged.split(",")})
        wrong += len({*topics} - {*judged.split(",")})
        without += not topics
    print(f"{right} right, {wrong} wrong, {without} releases without topic")
    assert right > 25
    assert right / (right + wrong) >= 0.9


def test_rules_name_topics_of_the_scheme_for_known_templates_and_each_category_once() -> None:
    known = {template for site in built_in_sites().values() for template in templates(site)}
    assert RULES.keys() <= known
    for rules in RULES.values():
        assert rules.keys() <= {key for key, _, _ in TOPICS}
        names = [name.lower() for of_topic in rules.values() for name in of_topic]
        assert len({*names}) == len(names)


def templates(site: object) -> list[str]:
    assert isinstance(site, dict)
    return [site["template"], *site.get("older_templates", ())]


def test_there_are_a_dozen_topics_named_in_three_languages() -> None:
    assert len(TOPICS) == 12
    assert all(len({*names}) == 3 for _, names, _ in TOPICS)


def test_a_site_that_is_not_built_in_has_no_topics() -> None:
    assert (topics_of("mod", ["nato"]), topics_of("sava-vietne", ["NATO"])) == (("defence",), ())


def test_a_category_belongs_to_the_template_of_its_site() -> None:
    assert topics_of("mod", ["Atbalsts Ukrainai"]) == ("defence",)
    assert topics_of("mfa", ["Atbalsts Ukrainai", "ANO", "Jaunumi"]) == ("foreign",)
