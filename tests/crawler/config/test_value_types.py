from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from crawler.config import FilePath, Line
from crawler.config.value_types import AllowedOrigin, Host, Pattern, Selector, UserAgent, WebAddress
from preses_relizes import __version__


class Values(BaseModel):
    selector: Selector = "p"
    pattern: Pattern = "x"
    host: Host = "a.lv"
    origin: AllowedOrigin = "a.lv:80"
    url: WebAddress | None = None
    user_agent: UserAgent = "x"
    line: Line = "x"
    path: FilePath = Path()


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("selector", "main > h1.title", "main > h1.title"),
        ("selector", "*|a", "*|a"),
        ("selector", "|a", "|a"),
        ("selector", "a[*|href]:not(.x):nth-child(2 of .y)", "a[*|href]:not(.x):nth-child(2 of .y)"),
        ("selector", "div :is()", "div :is()"),
        ("pattern", r"^/lv/\d+", r"^/lv/\d+"),
        ("host", "WWW2.mfa.gov.lv", "www2.mfa.gov.lv"),
        ("host", "a.lv:8080", "a.lv:8080"),
        ("origin", "127.0.0.1:8101", "127.0.0.1:8101"),
        ("user_agent", "crawler/1 (+https://example.org)", "crawler/1 (+https://example.org)"),
        ("line", "Ārlietu ministrija", "Ārlietu ministrija"),
    ],
)
def test_value_is_accepted(key: str, text: str, value: str) -> None:
    assert getattr(Values.model_validate({key: text}), key) == value


@pytest.mark.parametrize(
    ("key", "text", "message"),
    [
        ("selector", "div[", "not a CSS selector: "),
        ("selector", ":unknown", "not a CSS selector: "),
        ("selector", "svg|a", "undeclared namespace prefix 'svg'"),
        ("selector", "p, a > svg|b", "undeclared namespace prefix 'svg'"),
        ("selector", "svg|a ~ b", "undeclared namespace prefix 'svg'"),
        ("selector", "a[xlink|href]", "undeclared namespace prefix 'xlink'"),
        ("selector", "div:not(:is(x|c))", "undeclared namespace prefix 'x'"),
        ("selector", "div:has(> x|y)", "undeclared namespace prefix 'x'"),
        ("selector", "p:nth-child(2 of x|a)", "undeclared namespace prefix 'x'"),
        ("pattern", "(", "not a regular expression: missing )"),
        ("pattern", "(?=x)", "not a regular expression: invalid perl operator"),
        ("host", "a.lv/x", "not a host, e.g. www2.mfa.gov.lv"),
        ("host", "u@a.lv", "not a host, e.g. www2.mfa.gov.lv"),
        ("origin", "127.0.0.1", "not host:port, e.g. 127.0.0.1:8101"),
        ("origin", "http://127.0.0.1:80", "not host:port, e.g. 127.0.0.1:8101"),
        ("user_agent", "a\nb", "printable ASCII"),
        ("user_agent", "(x)", "printable ASCII"),
        ("line", " x", "one line"),
        ("path", "a\0b", "null character"),
        ("path", "a" * 256, "too long"),
    ],
)
def test_value_is_refused_and_the_message_says_why(key: str, text: str, message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Values.model_validate({key: text})
    assert message in str(caught.value)


def test_url_must_be_one_that_can_be_fetched() -> None:
    assert str(Values.model_validate({"url": "https://a.lv/x"}).url) == "https://a.lv/x"
    for url in ("https://user:secret@a.lv/", "https://a.lv:0/"):
        with pytest.raises(ValidationError):
            Values.model_validate({"url": url})


@pytest.mark.parametrize(
    ("key", "length", "letter"),
    [("selector", 1000, "a"), ("pattern", 1000, "a"), ("user_agent", 500, "a"), ("line", 200, "a")],
)
def test_text_may_reach_its_length_and_no_more(key: str, length: int, letter: str) -> None:
    assert getattr(Values.model_validate({key: letter * length}), key) == letter * length
    with pytest.raises(ValidationError):
        Values.model_validate({key: letter * (length + 1)})


@pytest.mark.parametrize("key", ["selector", "pattern", "line", "host", "origin", "user_agent"])
def test_empty_text_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        Values.model_validate({key: ""})


LONG = "/".join(["a" * 199] * 10)
"""A path of 1,999 bytes."""


@pytest.mark.parametrize(
    ("path", "is_taken"),
    [
        (f"/{LONG}", True),
        (f"/{LONG}a", False),
        ("a" * 255, True),
        ("ā" * 127, True),
        ("ā" * 128, False),
        ("b/" + "a" * 256, False),
    ],
)
def test_a_path_has_the_bytes_that_a_file_system_takes(path: str, *, is_taken: bool) -> None:
    if is_taken:
        assert Values.model_validate({"path": path}).path == Path(path)
    else:
        with pytest.raises(ValidationError, match="not a path: too long for a file system"):
            Values.model_validate({"path": path})


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("host", "a.lv:99999"),
        ("host", "a b.lv"),
        ("host", "a.lv?x"),
        ("host", "a.lv#x"),
        ("origin", "a.lv:"),
        ("origin", "a.lv:80/x"),
        ("origin", "u@a.lv:80"),
        ("origin", "a.lv:x"),
        ("line", "x "),
        ("line", "a\tb"),
        ("line", "a\nb"),
        ("user_agent", "x "),
        ("user_agent", "ē"),
        ("user_agent", "/1.0"),
    ],
)
def test_what_only_resembles_a_value_is_refused(key: str, text: str) -> None:
    with pytest.raises(ValidationError):
        Values.model_validate({key: text})


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("host", "ā.lv", "xn--yda.lv"),
        ("host", "A.LV", "a.lv"),
        ("origin", "A.lv:8101", "a.lv:8101"),
        ("user_agent", "crawler/{version}", f"crawler/{__version__}"),
    ],
)
def test_a_value_is_kept_in_its_canonical_form(key: str, text: str, value: str) -> None:
    assert getattr(Values.model_validate({key: text}), key) == value


def test_a_url_with_a_password_says_so() -> None:
    for url, reason in (
        ("https://user:secret@a.lv/", "must not contain a user name or password"),
        ("https://user@a.lv/", "must not contain a user name or password"),
        ("https://a.lv:0/", "not a URL that can be fetched"),
    ):
        with pytest.raises(ValidationError, match=reason):
            Values.model_validate({"url": url})
