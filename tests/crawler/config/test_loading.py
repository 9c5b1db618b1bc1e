import os
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


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_a_file_may_have_a_million_bytes(tmp_path: Path, more: int, *, is_taken: bool) -> None:
    path = tmp_path / "config.toml"
    path.write_text("".ljust(1_000_000 + more, "\n"))
    if is_taken:
        assert load_storage(path).data_dir == tmp_path / "data"
    else:
        with pytest.raises(ConfigError) as caught:
            load_storage(path)
        assert str(caught.value) == f"{path}: longer than 1,000,000 bytes: not a settings file"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "not a TOML file: 'utf-8' codec can't decode"),
        (b"a = " + b"[" * 50_000, "not a TOML file: nested too deeply"),
        (b"a = " + b"9" * 5_000, "not a TOML file: Exceeds the limit"),
    ],
)
def test_what_is_no_toml_is_told_why(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_storage(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_byte_order_mark_is_no_part_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbfdata_dir = "x"')
    assert load_storage(path).data_dir == tmp_path / "x"


def test_a_pipe_is_no_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    os.mkfifo(path)
    with pytest.raises(ConfigError, match=r"config\.toml: not a regular file$"):
        load_storage(path)


def test_a_missing_file_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_storage(tmp_path / "config.toml")
    assert str(caught.value) == (
        f"{tmp_path}/config.toml: cannot be read: No such file or directory; "
        f"`crawl init --folder {tmp_path}` writes a new one"
    )
    with pytest.raises(ConfigError, match=r"^none\.toml: cannot be read: .*; `crawl init` writes a new one$"):
        load_storage(Path("none.toml"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("[crawler.limits]\ntries = 21", "crawler.limits.tries = 21: must be 20 or less"),
        ("[crawler.limits]\nread_s = 0.0", "crawler.limits.read_s = 0.0: must be more than 0"),
        ("[crawler]\nlimits = 5", "crawler.limits = 5: not a table"),
        ("[crawler.limits]\ntries = true", "crawler.limits.tries = True: not a whole number"),
        ("[crawler.limits]\nread_s = 'x'", "crawler.limits.read_s = 'x': not a number"),
        ("[crawler.templates.t]\npdf = 1", "crawler.templates.t.pdf = 1: must be true or false"),
        ("[crawler.templates.t]\nbody = 'div'", "crawler.templates.t.body = 'div': not a list"),
        ("[crawler.politeness]\nuser_agent = 5", "crawler.politeness.user_agent = 5: not a string"),
        (
            "[crawler.templates.t]\ndate_order = {lv = 'X'}",
            "crawler.templates.t.date_order.lv = 'X': must be 'DMY', 'MDY' or 'YMD'",
        ),
        (
            f"[crawler.politeness]\nuser_agent = '{'ē' * 90}'",
            f"crawler.politeness.user_agent = '{'ē' * 79}…: not a User-Agent: must be printable ASCII and "
            "begin with the crawler's name",
        ),
        (f"[crawler]\n{'k' * 81} = 1", f"crawler.{'k' * 80}…: unknown key"),
        (f"[crawler]\n{'k' * 80} = 1", f"crawler.{'k' * 80}: unknown key"),
        ("'a\u00adb' = 1", "a\\xadb: unknown key"),
    ],
)
def test_a_fault_is_told_in_the_words_of_toml(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_all(path)
    assert f"{path}: {message}" in str(caught.value).splitlines()


def test_forty_faults_are_all_told(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for faults, last in ((40, "key39: unknown key"), (41, "and 1 more")):
        path.write_text("\n".join(f"key{number} = 1" for number in range(faults)))
        with pytest.raises(ConfigError) as caught:
            load(path)
        assert str(caught.value).endswith(last)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "{ca} cannot be read: No such file or directory"),
        (b"no certificate", "no certificate (PEM) in {ca}"),
    ],
)
def test_authorities_that_cannot_be_read_are_named(tmp_path: Path, content: bytes | None, fault: str) -> None:
    path, ca = tmp_path / "config.toml", tmp_path / "ca.pem"
    if content is not None:
        ca.write_bytes(content)
    path.write_text('[crawler]\ntls_ca = "ca.pem"')
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value) == f"{path}: crawler.tls_ca: {fault.format(ca=ca)}"


def test_without_authorities_none_are_trusted_besides_the_usual_ones(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("")
    assert load(path)[1].tls_ca == Path()
