import pytest

from crawler.downloader.fetch_error import HOST_FAULTS, LASTING, NO_ANSWER, RETRIED, FetchError, in_words


@pytest.mark.parametrize(
    ("reason", "temporary", "status"),
    [
        ("timeout", True, None),
        ("status-503", True, 503),
        ("status-404", False, 404),
        ("status-410", False, 410),
        ("robots", False, None),
        ("robots-unreachable", True, None),
    ],
)
def test_reason_gives_the_status_and_whether_it_is_temporary(
    reason: str, temporary: bool, status: int | None
) -> None:
    error = FetchError("https://a.lv/x", reason)
    assert (error.temporary, error.status) == (temporary, status)


def test_message_names_url_reason_and_detail() -> None:
    assert (
        str(FetchError("https://A.lv/ā", "dns", detail="no answer"))
        == "https://a.lv/%C4%81: the host name has no address (no answer)"
    )
    assert str(FetchError("mailto:ā", "bad-address")) == r"'mailto:\u0101': not a web address"


def test_retried_reasons_and_host_faults_are_temporary() -> None:
    assert not (RETRIED | HOST_FAULTS) & LASTING


@pytest.mark.parametrize("reason", sorted(RETRIED | HOST_FAULTS | LASTING | NO_ANSWER))
def test_every_reason_has_plain_words(reason: str) -> None:
    assert in_words(reason) != reason


def test_detail_that_repeats_the_reason_is_left_out() -> None:
    assert FetchError("https://a.lv/", "timeout", detail="timeout").words == "no answer in time"


def test_reasons_of_a_failed_robots_txt_are_in_words_too() -> None:
    error = FetchError("https://a.lv/", "robots-unreachable", detail="dns")
    assert error.words == "robots.txt cannot be read (the host name has no address)"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("bad-address", "not a web address"),
        ("bad-http", "the answer is not valid HTTP"),
        ("bad-redirect", "redirects to no web address"),
        ("circuit-open", "the host does not answer"),
        ("cut", "the answer ended too early"),
        ("denied", "behind `deny` in the settings, no longer asked for"),
        ("dns", "the host name has no address"),
        ("encoding", "the answer cannot be decompressed"),
        ("forbidden-address", "the address of the host is not public"),
        ("foreign-host", "on a host that is not in the settings"),
        ("no-answer", "the host closed the connection without an answer"),
        ("quiet-hours", "quiet hours have begun"),
        ("redirect-loop", "redirects in a circle"),
        ("refused", "the host refuses connections"),
        ("reset", "the host broke the connection"),
        ("retry-after", "the host asked for a long pause"),
        ("robots", "robots.txt forbids it"),
        ("robots-unreachable", "robots.txt cannot be read"),
        ("stopped", "the crawl was stopped"),
        ("timeout", "no answer in time"),
        ("tls", "no secure connection"),
        ("tls-unverified", "the certificate is not valid"),
        ("too-large", "too large"),
        ("too-many-redirects", "redirects too often"),
        ("unreachable", "the host cannot be reached"),
        ("status-503", "status 503"),
        ("no release", "no release"),
    ],
)
def test_each_reason_is_told_in_its_words(reason: str, words: str) -> None:
    assert in_words(reason) == words
