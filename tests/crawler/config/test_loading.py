from pathlib import Path

import pytest

from crawler.config import ConfigError, load


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[crawler.politeness]\ndelay = 1", "crawler.politeness.delay: unknown key"),
        ("[crawler.politeness]\ndelay_s = -1", "crawler.politeness.delay_s = -1"),
        ("[crawler.limits]\ntries = 'x'", "crawler.limits.tries = 'x'"),
        ("[crawler.templates.t]\nbody = 'div'", "crawler.templates.t.body = 'div'"),
        ("[[crawler.sites]]\nid = 'x'", "crawler.sites.0.ministry: missing"),
        (
            "[[crawler.sites]]\nid = 'x'\nministry = 'X'\ntemplate = 'none'\nstart = ['https://x.lv']",
            "template = 'none': site 'x': no such template in [crawler.templates]",
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


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: cannot be read"):
        load(tmp_path / "nowhere.toml")
