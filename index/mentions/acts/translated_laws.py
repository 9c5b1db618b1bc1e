"""Laws of Latvia as English and Russian releases call them; their keys are these names."""

import re
from collections.abc import Iterator

from index.mentions.acts.citing import SPACE, Cited

_SMALL = r"(?:of|the|and|in|for|to|on|from|by)"
_CAPITAL = r"[A-Z][\w'’-]+"
_ENGLISH = re.compile(
    rf"\b[Tt]he{SPACE}(?:Latvian{SPACE})?"
    rf"(?!(?:Rule|International|European|EU|Martial|Private|Public|Common|Roman|Natural|Case){SPACE})"
    rf"(?P<name>{_CAPITAL}(?:(?:{SPACE}(?!and{SPACE}the){_SMALL}){{0,4}}{SPACE}{_CAPITAL}){{0,8}}{SPACE}Law)\b"
    rf"(?!{SPACE}(?:School|Office|Faculty|Firm|Society|Enforcement|[Oo]n\b))"
)
_ENGLISH_TITLE = re.compile(
    rf"\b(?<!draft )Law{SPACE}[Oo]n{SPACE}(?:the{SPACE})?{_CAPITAL}"
    rf"(?:(?:{SPACE}(?!and{SPACE}(?:Cabinet|Regulation|Directive|Council|Law)){_SMALL})*{SPACE}{_CAPITAL})*"
)
_NOUN = r"(?P<noun>[Зз]акон)(?:а|у|ом|е)?"
_RUSSIAN = re.compile(
    rf"(?<!\w){_NOUN}(?P<rest>{SPACE}об?(?:{SPACE}(?!и{SPACE}(?:[А-Я]|[Пп]равил|[Рр]егламент))[\w-]+){{1,9}}?)"
    rf"(?=[.,;:)\n]|$|{SPACE}и{SPACE}(?:[А-Я]|[Пп]равил|[Рр]егламент))"
)
# A Russian name has no quotes, so a verb in it means that it has ended somewhere before.
_RUSSIAN_VERB = re.compile(r"(?:ет|ит|ют|ят|ут|ат|[аи]л|[аи]л[аои]|ть|тся|лся|л[аои]сь|было|будет)\b")
_RUSSIAN_ADJECTIVE = re.compile(
    rf"(?<!\w)(?P<name>Уголовн|Гражданск|Уголовно-процессуальн|Гражданско-процессуальн|Коммерческ)"
    rf"(?P<ending>ый|ий|ого|ому|ым|им|ом){SPACE}закон(?:а|у|ом|е)?(?!\w)"
)


def find_english_laws(text: str) -> Iterator[Cited]:
    """Yield the laws that an English *text* cites by capitalised names."""
    for match in _ENGLISH.finditer(text):
        yield Cited(*match.span("name"), "law", " ".join(match["name"].split()))
    for match in _ENGLISH_TITLE.finditer(text):
        yield Cited(*match.span(), "law", " ".join(match[0].split()))


def find_russian_laws(text: str) -> Iterator[Cited]:
    """Yield the laws that a Russian *text* cites, if it is sure where their names end."""
    for match in _RUSSIAN.finditer(text):
        if not _RUSSIAN_VERB.search(match["rest"]):
            yield Cited(*match.span(), "law", f"Закон {' '.join(match['rest'].split())}")
    for match in _RUSSIAN_ADJECTIVE.finditer(text):
        ending = "ий" if match["name"].endswith("ск") else "ый"
        yield Cited(*match.span(), "law", f"{match['name']}{ending} закон")
