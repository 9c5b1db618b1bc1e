from pathlib import Path

import pytest

from index.analysis.latvian.hunspell import DICTIONARY
from index.config import ConfigError, load
from index.meaning import CONCEPTS


def test_an_empty_dictionary_means_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[index]\ndictionary = ""\n')
    assert load(tmp_path / "config.toml").dictionary == DICTIONARY


def test_a_dictionary_path_is_relative_to_the_settings(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[index]\ndictionary = "lv.aff"\n')
    (tmp_path / "lv.aff").touch()
    assert load(tmp_path / "config.toml").dictionary == tmp_path / "lv.aff"


@pytest.mark.parametrize(
    ("line", "named"), [("size = 1", "index.size"), ("generations_kept = -1", "generations_kept = -1")]
)
def test_a_wrong_option_is_named(tmp_path: Path, line: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(f"[index]\n{line}\n")
    with pytest.raises(ConfigError, match=named):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize("key", ["judged", "concepts"])
def test_a_path_is_relative_to_the_settings(tmp_path: Path, key: str) -> None:
    (tmp_path / "config.toml").write_text(f'[index]\n{key} = "named.txt"\n')
    (tmp_path / "named.txt").touch()
    assert getattr(load(tmp_path / "config.toml"), key) == tmp_path / "named.txt"


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[index.opensearch]\nca_file = "ca.pem"\n')
    (tmp_path / "ca.pem").write_text("key")
    with pytest.raises(ConfigError, match=r"ca_file: no certificate \(PEM\) in .*ca\.pem"):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://search.example", True),
        ("https://search.example.lv:9200", True),
        ("https://search.example/", True),
        ("search.example:9200", False),
        ("ftp://search.example", False),
        ("https://", False),
        ("https://search.example/path", False),
        ("https://search.example?x=1", False),
        ("https://search.example:0", False),
        ("https://user@search.example", False),
        ("https://user:secret@search.example", False),
    ],
)
def test_a_node_has_an_address_without_a_path_or_credentials(
    tmp_path: Path, url: str, *, is_one: bool
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[index.opensearch]\nurls = ["{url}"]\n')
    if is_one:
        assert load(path).opensearch.urls == (url,)
        return
    with pytest.raises(ConfigError, match=r"index\.opensearch\.urls"):
        load(path)


@pytest.mark.parametrize(
    "url",
    [
        "https://name:hush@search.example:9200",
        "https://name:hush@search.example/path",
        "https://name:hu/s@h@search.example",
        "https://hush@search.example",
        "name:hush@search.example:9200",
    ],
)
def test_credentials_in_an_address_are_not_shown(tmp_path: Path, url: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[index.opensearch]\nurls = ["{url}"]\n')
    with pytest.raises(ConfigError) as refused:
        load(path)
    (line,) = f"{refused.value}".splitlines()
    assert "***@search.example" in line
    assert "hu" not in line.removeprefix(str(path))


@pytest.mark.parametrize("key", ["dictionary", "judged", "concepts", "opensearch.ca_file"])
@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_a_file_that_is_named_must_be_one(tmp_path: Path, key: str, kind: str) -> None:
    if kind == "folder":
        (tmp_path / "named").mkdir()
    (tmp_path / "config.toml").write_text(f'[index]\n{key} = "named"\n')
    with pytest.raises(ConfigError, match=rf"index\.{key}.*there is no file .*named to read"):
        load(tmp_path / "config.toml")


def test_defaults_are_those_of_a_small_installation(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    settings = load(tmp_path / "config.toml")
    assert (settings.engine, settings.generations_kept, settings.loss_share) == ("whoosh", 2, 0.3)
    assert (settings.processes, settings.concepts, settings.judged) == (0, CONCEPTS, Path())
    cluster = settings.opensearch
    assert (cluster.urls, cluster.prefix) == (("http://127.0.0.1:9200",), "preses-relizes")
    assert (cluster.shards, cluster.replicas, cluster.timeout_s, cluster.ca_file) == (1, 1, 30.0, Path())


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ('prefix = "ab"', True),
        ('prefix = "a"', False),
        ('prefix = "1b"', False),
        ('prefix = "a-"', False),
        ('prefix = "A1"', False),
        (f'prefix = "{"a" * 62}"', True),
        (f'prefix = "{"a" * 63}"', False),
        ("shards = 0", False),
        ("shards = 1000", True),
        ("shards = 1001", False),
        ("replicas = 0", True),
        ("replicas = 21", False),
        ("timeout_s = 0", False),
        ("timeout_s = 600", True),
        ("urls = []", False),
    ],
)
def test_the_settings_of_a_cluster_have_limits(tmp_path: Path, line: str, *, is_right: bool) -> None:
    (tmp_path / "config.toml").write_text(f"[index.opensearch]\n{line}\n")
    if is_right:
        load(tmp_path / "config.toml")
        return
    with pytest.raises(ConfigError, match=line.partition(" ")[0]):
        load(tmp_path / "config.toml")


@pytest.mark.parametrize("engine", ["whoosh", "opensearch"])
def test_only_a_cluster_needs_its_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    (tmp_path / "config.toml").write_text(f'[index]\nengine = "{engine}"\n')
    assert load(tmp_path / "config.toml").engine == engine
    monkeypatch.setattr("index.config.find_spec", lambda _: None)
    if engine == "whoosh":
        assert load(tmp_path / "config.toml").engine == engine
        return
    with pytest.raises(ConfigError, match=r"needs the extra: pip install 'preses-relizes\[opensearch\]'"):
        load(tmp_path / "config.toml")
