"""Pages of firewalls, servers and systems that are sent in place of a release."""

import pytest

from crawler.extraction import DiscoveredUrl
from crawler.extraction.error_pages import CHARS_MAX, OUTPUT_CHARS, is_error_page, is_output
from crawler.extraction.extractor import ErrorPageError
from tests.support.release_pages import URL, extract_page

TEXT = "Lūdzu, mēģiniet vēlāk vai sazinieties ar vietnes uzturētāju."


@pytest.mark.parametrize(
    "title",
    [
        "Request Rejected",
        "Just a moment...",
        "Attention Required! | Cloudflare",
        "DDoS-Guard",
        "Are you human?",
        "Drošības pārbaude",
        "Pārbaudām jūsu pārlūku",
        "Проверка браузера",
        "Welcome to nginx!",
        "Apache2 Ubuntu Default Page: It works",
        "Index of /lv/jaunumi",
        "Account Suspended",
        "502 Bad Gateway",
        "Error 504: Gateway Time-out",
        "500 – Internal Server Error",
        "Service Temporarily Unavailable",
        "Database Error",
        "WordPress › Error",
        "Oops, an error occurred!",
        "Under construction",
        "Vietne ir slēgta",
        "Lapa uz laiku nav pieejama.",
    ],
)
def test_error_page_is_known_by_its_title(title: str) -> None:
    assert is_error_page(title, TEXT)


@pytest.mark.parametrize(
    "phrase",
    [
        "The requested URL was rejected. Please consult with your administrator.",
        "Your support ID is: 1234567890",
        "Request unsuccessful. Incapsula incident ID: 17",
        "Reference #18.2f3a",
        "Performance & security by Cloudflare",
        "Please verify you are a human",
        "Drošības sistēma bloķēja jūsu pieprasījumu",
        "Pierādiet, ka neesat robots",
        "Es neesmu robots",
        "Ievadiet attēlā redzamos simbolus",
        "Подтвердите, что вы не робот",
        "nginx is successfully installed and working",
        "Buy this domain",
        "Error establishing a database connection",
        "Uncaught exception 'PDOException'",
        "Notiek apkope: tiek veikti tehniskie darbi",
        "Jaunas versijas uzstādīšana",
        "Saturs tiek ielādēts, lūdzu, uzgaidiet.",
        "Pārliecinieties, ka ir ieslēgts JavaScript",
        "This page requires JavaScript.",
    ],
)
def test_error_page_is_known_by_a_phrase(phrase: str) -> None:
    assert is_error_page("Iekšlietu ministrija", f"{TEXT} {phrase}")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Ministrs tiekas ar ugunsdzēsējiem", TEXT),
        # Titles are known as a whole.
        ("Drošības pārbaude Rīgas lidostā būs ātrāka", TEXT),
        ("502 jauni policisti sāk darbu", TEXT),
        ("Under construction: the bridge to Kurzeme", TEXT),
        ("Vietne ir slēgta iebrucējiem, saka ministrs", TEXT),
    ],
)
def test_release_is_no_error_page(title: str, text: str) -> None:
    assert not is_error_page(title, text)


@pytest.mark.parametrize(
    ("title", "phrase"),
    [
        ("Kā pasargāt vietni no uzbrukumiem", "Valsts vietnes sargā web application firewall."),
        ("Portālā būs captcha", "Lietotājs redzēs teikumu: es neesmu robots."),
        ("Internal Server Error", "Konferencē runās par serveru kļūdām."),
    ],
)
def test_long_release_about_firewalls_is_a_release(title: str, phrase: str) -> None:
    text = f"{phrase} ".ljust(CHARS_MAX, "x")
    assert is_error_page(title, text)
    assert not is_error_page(title, f"{text}x")


WALL = (
    "<html lang=lv><body><main><h1>{title}</h1><p>Portāls ir aizsargāts pret uzbrukumiem. Lai turpinātu, "
    "apstipriniet, ka neesat robots, un nospiediet pogu.</p></main></body></html>"
)


def test_page_of_a_firewall_is_not_read_as_a_release() -> None:
    with pytest.raises(ErrorPageError, match="an error page, its title is 'Vēl viens solis'"):
        extract_page(WALL.format(title="Vēl viens solis"))


def test_short_release_that_a_list_names_may_be_about_captchas() -> None:
    title = "Portālā mainās pieslēgšanās kārtība"
    hints = DiscoveredUrl(url=URL, title=title, published=None, source="list")
    assert extract_page(WALL.format(title=title), hints=hints).title == title


@pytest.mark.parametrize(
    "title",
    [
        "One moment, please...",
        "Checking your browser before accessing iem.gov.lv",
        "Security check",
        "Human verification",
        "Are you a robot?",
        "Captcha pārbaude",
        "Parbaude, vai neesat robots",
        "It works!",
        "Test page for the Apache server",
        "IIS Windows Server",
        "IIS7",
        "Default Web Site Page",
        "This account has been suspended",
        "Domain example.lv is for sale",
        "The domain is parked",
        "403 Forbidden",
        "401 Unauthorized",
        "429 Too Many Requests",
        "HTTP Error 502 - Bad Gateway",
        "Internal Server Error",
        "Bad Gateway",
        "Gateway Timeout",
        "Service Unavailable",
        "Web server is down",
        "Origin is down",
        "Error establishing a database connection",
        "TYPO3 Exception",
        "The website encountered an unexpected error. Please try again later",
        "Fatal error",
        "Site is under maintenance",
        "Coming soon",
        "Maintenance mode",
        "Mājaslapa tiek atjaunināta",
        "Lapa nav pieejama",
    ],
)
def test_further_error_pages_are_known_by_their_titles(title: str) -> None:
    assert is_error_page(title, TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "The website encountered an unexpected error. Try again later.",
        "PDOException: SQLSTATE[HY000] [2002] Connection refused",
        "SQLSTATE[HY000] [2002] Connection refused",
        "Drupal\\Core\\Database\\DatabaseExceptionWrapper: SQLSTATE[42S02]",
        "PHP Fatal error: Uncaught Error: Call to undefined function",
        "Warning: mysqli_connect(): (HY000/2002): Connection refused",
        "Traceback (most recent call last):",
        "Server Error in '/' Application.",
        "\n Error establishing a database connection",
        "Please enable JavaScript and cookies to continue",
    ],
)
def test_what_a_program_says_is_no_release_under_a_title_of_one(text: str) -> None:
    assert is_output(text)
    assert not is_output(f"Ministrs: {text}")
    assert not is_output(text.ljust(CHARS_MAX + 1, "x"))


@pytest.mark.parametrize(
    "text",
    [
        "Warning: storm on Saturday in Kurzeme.",
        "Stack of traces found in the forest.",
        "An exception: shops are open on Sunday.",
        "Kļūda: vietne nedarbojas.",
        "x" * OUTPUT_CHARS + "SQLSTATE[HY000]",
    ],
)
def test_release_is_not_what_a_program_says(text: str) -> None:
    assert not is_output(text)


def test_page_of_an_error_has_no_release_under_a_listed_title() -> None:
    title = "Portālā mainās pieslēgšanās kārtība"
    page = (
        f"<html lang=lv><body><main><h1>{title}</h1><time>2026-03-01</time><p>The website encountered an "
        "unexpected error. Try again later.</p><p>PDOException: Connection refused in core.</p></main></body>"
    )
    hints = DiscoveredUrl(url=URL, title=title, published=None, source="list")
    with pytest.raises(ErrorPageError, match=title):
        extract_page(page, hints=hints)
