"""Sites with a certificate authority of their own: `tls_ca` in the settings."""

from pathlib import Path

import pytest

from crawler.config import ConfigError, load
from crawler.store import Store
from tests.support.certificates import make_certificate, server_context
from tests.support.crawl_command import crawl
from tests.support.hostile_site import HostileSite, page
from tests.support.small_site import CONFIG, list_of, release, rows

pytestmark = pytest.mark.sweep


def _settings(site: HostileSite, tmp_path: Path, authorities: str) -> Path:
    path = tmp_path / "config.toml"
    whole = CONFIG.format(origin=site.origin).replace("http://", "https://")
    path.write_text(whole.replace("[crawler]", f'[crawler]\ntls_ca = "{authorities}"'), encoding="utf-8")
    return path


def _make_chain(folder: Path) -> Path:
    """Make a certificate of a site whose issuer has one of a root, and another authority; return its file.

    The file has the issuer's, too, as servers send it; `all.crt` has several authorities.
    """
    make_certificate(folder, "root", "DNS:root.example")
    make_certificate(folder, "issuer", "DNS:issuer.example", signer="root")
    make_certificate(folder, "other", "DNS:other.example")
    own = make_certificate(folder, "own", "IP:127.0.0.1", signer="issuer")
    texts = {name: (folder / f"{name}.crt").read_text() for name in ("own", "issuer", "root", "other")}
    own.write_text(texts["own"] + texts["issuer"])
    (folder / "all.crt").write_text(f"Mūsu iestādes\n{texts['other']}\n{texts['root']}", encoding="utf-8")
    return own


@pytest.mark.parametrize(
    ("authorities", "stored"),
    [("root.crt", 1), ("all.crt", 1), ("issuer.crt", 1), ("own.crt", 1), ("other.crt", 0), ("", 0)],
)
def test_a_site_is_crawled_if_its_authority_is_trusted(tmp_path: Path, authorities: str, stored: int) -> None:
    with HostileSite(tls=server_context(_make_chain(tmp_path))) as site:
        site.scripts |= {
            "/lv/jaunumi": page(list_of(rows("a"))),
            "/lv/jaunums/a": page(release("a")),
        }
        crawl(_settings(site, tmp_path, authorities))
    with Store.open_readonly(tmp_path / "data" / "releases.sqlite3") as store:
        assert store.count() == stored


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read: No such file"), ("-----BEGIN", r"no certificate \(PEM\) in .*ca\.pem")],
)
def test_a_file_without_authorities_is_refused(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    (tmp_path / "config.toml").write_text('[crawler]\ntls_ca = "ca.pem"\n')
    with pytest.raises(ConfigError, match=f"crawler.tls_ca: .*{message}"):
        load(tmp_path / "config.toml")
