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


@pytest.mark.parametrize(("authorities", "stored"), [("right.crt", 1), ("other.crt", 0), ("", 0)])
def test_a_site_is_crawled_if_its_authority_is_trusted(tmp_path: Path, authorities: str, stored: int) -> None:
    own = make_certificate(tmp_path, "right", "IP:127.0.0.1")
    make_certificate(tmp_path, "other", "IP:127.0.0.1")
    with HostileSite(tls=server_context(own)) as site:
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
