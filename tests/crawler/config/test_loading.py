from pathlib import Path

import pytest

from crawler.config import ConfigError, load, load_all, load_storage


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[crawler.politeness]\ndelay = 1", "crawler.politeness.delay: unknown key; did you mean `delay_s`?"),
        ("[crawler.politeness]\ndelay_s = -1", "crawler.politeness.delay_s = -1: must be 0 or more"),
        ("[crawler.limits]\ntries = 'x'", "crawler.limits.tries = 'x'"),
        ("[crawler.templates.t]\nbody = 'div'", "crawler.templates.t.body = 'div'"),
        ("[[crawler.sites]]\nid = 'x'", "crawler.sites.x.ministry: missing"),
        (
            "[[crawler.sites]]\nid = 'x'\nministry = 'X'\ntemplate = 'none'\nstart = ['https://x.lv']",
            "sites.x.template = 'none': no such template in [crawler.templates]",
        ),
        ("[crawler", "not a TOML file"),
        ("data_dir = 5", "data_dir = 5: not a path"),
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
def test_message_names_file_key_and_value(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_every_fault_has_a_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    faults = "[crawler.limits]\ntries = 1.5\ntime = 1\n[crawler.politeness]\ndelay_s = true"
    path.write_text(f"speed = 1\n{faults}\n[index]\nprocesses = -1\n[searcher]\nport = 0")
    with pytest.raises(ConfigError) as caught:
        load_all(path)
    assert sorted(str(caught.value).splitlines()) == [
        f"{path}: crawler.limits.time: unknown key",
        f"{path}: crawler.limits.tries = 1.5: not a whole number",
        f"{path}: crawler.politeness.delay_s = True: not a number",
        f"{path}: index.processes = -1: must be 0 or more",
        f"{path}: searcher.port = 0: must be 1 or more",
        f"{path}: speed: unknown key",
    ]


def test_many_faults_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\n".join(f"key{number} = 1" for number in range(1_050)))
    with pytest.raises(ConfigError, match=r"\nand 1,010 more$"):
        load(path)


def test_a_relative_data_dir_is_beside_a_link_to_the_settings(tmp_path: Path) -> None:
    link = linked_config(tmp_path)
    (tmp_path / "here" / "data").mkdir()
    (tmp_path / "there" / "data").mkdir()
    assert load_storage(link).data_dir == tmp_path / "here" / "data"


def test_data_beside_the_file_that_a_link_leads_to_are_not_passed_over(tmp_path: Path) -> None:
    link = linked_config(tmp_path)
    assert load_storage(link).data_dir == tmp_path / "here" / "data"  # a new installation
    (tmp_path / "there" / "data").mkdir()
    with pytest.raises(ConfigError) as caught:
        load_storage(link)
    assert str(caught.value) == (
        f"{link}: data_dir = 'data': this file is a link, so {tmp_path}/here/data is meant; "
        f"it does not exist, but {tmp_path}/there/data does: write the path in full"
    )


def linked_config(folder: Path) -> Path:
    (folder / "here").mkdir()
    (folder / "there").mkdir()
    (folder / "there" / "config.toml").write_text('data_dir = "data"', encoding="utf-8")
    link = folder / "here" / "config.toml"
    link.symlink_to(folder / "there" / "config.toml")
    return link


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load(tmp_path / "nowhere.toml")
