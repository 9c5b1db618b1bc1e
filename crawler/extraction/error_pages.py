"""Known pages of firewalls, servers and systems that are sent with status 200 in place of a release.

A page is one of them by its title, or by a phrase if it has little text: a release about captchas has more.
One that begins with what only a program says is one of them even under the title of a release.
"""

import re

from crawler.extraction.fields.dates import fold

# Longer texts are releases, whatever phrases they have.
CHARS_MAX = 1_500
# What a program says is recognised by its first words.
OUTPUT_CHARS = 200

# Patterns of whole titles, folded: lower case without diacritics.
_TITLES = (
    # Firewalls and their captchas: F5, Cloudflare, DDoS-Guard, others
    r"request rejected",
    r"just a moment\.*",
    r"attention required! \| cloudflare",
    r"checking your browser.*",
    r"one moment, please\.*",
    r"ddos-guard",
    r"security check|human verification|are you (a )?(human|robot)\??",
    r"drosibas parbaude|(captcha|robotu) parbaude|parbaude, vai neesat robots|parbaudam jusu parluku.*",
    r"проверка (браузера|безопасности)",
    # Servers without a site: nginx, Apache, IIS, hosting panels
    r"welcome to nginx!?",
    r"apache2? .*default page.*|it works!?|test page for .*",
    r"iis windows server|iis\d*|welcome to iis.*|internet information services",
    r"default web ?site page|index of /.*",
    r"account suspended|this account has been suspended",
    r"(this )?domain( name)? .*(for sale|parked|expired).*|.*domain (is )?parked.*",
    # Gateways
    r"(http )?(error )?[45]\d\d\W+(bad gateway|gateway time-?out|forbidden|unauthorized|too many requests)",
    r"(http )?(error )?500\W+internal server error|internal server error",
    r"bad gateway|gateway time-?out|service (temporarily )?unavailable|(web server|origin) is down",
    # Systems: WordPress, TYPO3, Drupal
    r"database error|error establishing a database connection|wordpress › .*",
    r"typo3 exception|oops, an error occurred!?",
    r"the website encountered an unexpected error.*|fatal error",
    # Deployments and maintenance
    r"site (is )?(under|in) (maintenance|construction)|under construction|coming soon|maintenance( mode)?",
    r"(vietne|lapa|portals|majaslapa) (ir )?(slegta|nav pieejama|tiek atjauninata|uz laiku nav pieejama)",
)
# Patterns of phrases, folded.
_PHRASES = (
    # F5, Imperva, Akamai, Cloudflare, Sucuri, ModSecurity
    r"the requested url was rejected|your support id is|support id:",
    r"incapsula incident|request unsuccessful|incident id",
    r"reference #\d+\.",
    r"ray id|performance (and|&) security by|checking (if the site connection is secure|your browser)",
    r"verify(ing)? (that )?you are (a )?human|enable javascript and cookies to continue|ddos protection by",
    r"(drosibas|aizsardzibas) (sistema|sistemas|risinajums) (ir )?(bloke|noraid|apturej)\w*",
    r"sucuri website firewall|web application firewall|mod_security",
    r"blocked by (the )?(firewall|administrator|security)",
    # Captchas
    r"(pieradiet|apstipriniet|apliecini(et)?),? ka (jus )?(neesat|neesi)( robots)?|es neesmu robots",
    r"vai (jus )?neesat robots|ka esat cilveks",
    r"ievadiet (drosibas kodu|attela redzamos|captcha|simbolus no attela)",
    r"подтвердите, что вы не робот",
    # Servers without a site
    r"successfully installed and working|further configuration is required|server is up and running",
    r"this is the default (welcome|web) page|internet information services",
    r"contact your hosting provider|(this )?domain (name )?(is|may be) for sale|buy this domain",
    r"domain has expired|renew (this|your) domain|parked (free|by)",
    r"domena (nosaukums|vards)? ?(ir )?(beidzies|pardod)",
    # Systems
    r"error establishing a database connection|there has been a critical error on this website",
    r"the website encountered an unexpected error|an error occurred while trying to",
    r"uncaught exception|stack trace:",
    # Deployments
    r"tiek veikti (tehniskie|uzturesanas|profilakses) darbi|versijas uzstadisana|sistema tiek atjauninata",
    r"deploy(ment|ing) in progress|be right back|back soon",
    # Pages that are empty without their script
    r"saturs tiek ieladets|iesle(gts?|dziet|dzams) javascript|(enable|requires|without) javascript",
)
# Patterns of what programs say, and no release begins with; folded.
_OUTPUTS = (
    r"the requested url was rejected|request unsuccessful\. incapsula",
    r"(please )?enable javascript and cookies",
    r"error establishing a database connection|there has been a critical error on this website",
    r"the website encountered an unexpected error|an error occurred while trying to",
    r"(php )?(fatal|parse) error: |(php )?warning: \w+\(|uncaught |stack trace:|traceback \(",
    r"[\w\\.]*exception\w{0,40}: |sqlstate\[|server error in '/",
)
_TITLE, _PHRASE = re.compile("|".join(_TITLES)), re.compile("|".join(_PHRASES))
_OUTPUT = re.compile("|".join(_OUTPUTS))


def is_error_page(title: str, text: str) -> bool:
    """Whether a page with this *title* and *text* is a known error page."""
    if len(text) > CHARS_MAX:
        return False
    is_named = _TITLE.fullmatch(fold(title).strip(" .!")) is not None
    return is_named or _PHRASE.search(fold(f"{title} {text}")) is not None


def is_output(text: str) -> bool:
    """Whether a page with this *text* is what a program says in place of a release, whatever its title."""
    return len(text) <= CHARS_MAX and _OUTPUT.match(fold(text[:OUTPUT_CHARS]).lstrip()) is not None
