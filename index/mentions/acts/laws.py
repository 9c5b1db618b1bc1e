"""Laws by their names, which begin where the list of laws or a capital letter says and end with `likums`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from index.mentions.acts.citing import SPACE, Cited
from index.mentions.annotated_text import AnnotatedText
from index.mentions.foreign import follows_foreign_word, is_foreign_word
from index.mentions.records import Span

LAWS = Path(__file__).parents[1] / "data" / "laws.tsv"
# Begins with letters that all forms have, which is searched for fastest; `_law_words` reads what precedes.
_LAW = re.compile(r"ikum(?:s|a|am|u|ā)(?![\w-])")
_COMPOUNDS = ("Krimināll", "Civill", "Komercl")
_TITLE = re.compile(rf"{SPACE}+[„“”\"«](?P<name>Par [^„“”\"«»\n]{{3,200}})[“”\"»«]")
_UNQUOTED = re.compile(rf"{SPACE}+(?=[Pp]ar{SPACE})")
_CONSTITUTION = re.compile(
    rf"(?<!\w)(?:(?:Latvijas{SPACE}(?:Republikas{SPACE})?|LR{SPACE}))?Satversm(?:e|es|ei|i|ē)(?!\w)"
    rf"(?!{SPACE}(?:ties|aizsardzīb|sapulc|komisij|sarg))"
)
_CODE = re.compile(
    r"(?<!\w)(?:(?P<name>(?:Latvijas )?(?:Administratīvo pārkāpumu|Sodu izpildes) kodeks|Jūras kodeks)"
    r"(?:s|a|am|u|ā)|(?P<rules>Saeimas [Kk]ārtības rull)(?:is|a|im|i|ī))(?!\w)"
)
_MOST_CHARACTERS = 260
"""The longest name of a law has 160."""
_MOST_WORDS = 12
_SURE_WITHOUT_CAPITAL = 4
"""Words of a name after `likums` that cannot be a mere subject of some law: `likumā par budžetu un...`."""
_SURE_AT_BEGINNING = 2
"""Small words, all genitives, with which the capital of a sentence begins a name."""
_WORD_OR_SIGN = re.compile(r"[^\W\d_][\w-]*|[^\s\w]|\d+")
_GENITIVE = re.compile(r"(?:[^\W\d_]|-)+(?:a|as|es|us|u|ts|o|ā|ās)")
_NOUN_BEFORE = re.compile(r"(?:[^\W\d_]|-)+(?:a|as|es|us|u|ts)")
_LEADS_TO_NAME = re.compile(r"(?:grozījum|likumprojekt|likum|izmaiņ)\w*", re.IGNORECASE)
# With these, an unlisted name is somebody's law, not a law's name.
_NO_NAME = re.compile(
    r"(?:saeim|valdīb|ministr|kabinet|eirop|latvij|savienīb|pašvaldīb|novad|pagast|dom(?:e|es|ei|i|ē)$|komisij"
    r"|padom|biroj|aģentūr|pārvald(?:e|es|ei|i|ē)$|departament|prezident|deputāt|republik|federācij|gad|likum|projekt"
    r"|grozījum|nāt|rīg(?:a|as)$|jaun|šī$|šā$|tā$|pasaul|dab(?:as)$)\w*",
    re.IGNORECASE,
)


def find_laws(annotated: AnnotatedText) -> Iterator[Cited]:
    """Yield the laws that a text cites by name."""
    text = annotated.text
    if "atversm" in text:
        for match in _CONSTITUTION.finditer(text):
            if not follows_foreign_word(text, match.start()):
                yield Cited(*match.span(), "law", "Satversme")
    if "odeks" in text or "rull" in text:
        for match in _CODE.finditer(text):
            yield Cited(*match.span(), "law", _code(match))
    for start, end in _law_words(text):
        yield from _cited(annotated, start, end)


def _code(match: re.Match[str]) -> str:
    if match["rules"]:
        return "Saeimas kārtības rullis"
    name = match["name"]
    return f"{'' if name.startswith(('Latvijas', 'Jūras')) else 'Latvijas '}{name}s"


def _law_words(text: str) -> Iterator[Span]:
    """Yield the place of each form of `likums`, alone or in the name of one of the great codes."""
    for match in _LAW.finditer(text):
        start = match.start() - 1
        if start < 0 or text[start] not in "lL":
            continue
        for compound in _COMPOUNDS:
            if text.endswith(compound, 0, match.start()):
                start = match.start() - len(compound)
        if not start or not (text[start - 1].isalnum() or text[start - 1] in "-_"):
            yield start, match.end()


def _cited(annotated: AnnotatedText, start: int, end: int) -> Iterator[Cited]:
    """Yield the law that the word from *start* to *end* ends or begins, if it has a name."""
    text = annotated.text
    if title := _TITLE.match(text, end):
        name = " ".join(title["name"].split()).rstrip(".,;")
        yield Cited(start, title.end(), "law", _names().get(name.lower(), _titled(name)))
    elif par := _UNQUOTED.match(text, end):
        yield from _unquoted(text, start, par.end())
    begin = _name_start(annotated, start)
    if begin is not None:
        written = " ".join(text[begin:start].split())
        name = f"{written} likums" if written else f"{text[start : text.index('ikum', start)]}ikums"
        rest = _rest(text, end, name.lower())
        yield Cited(begin, end + len(rest), "law", _names().get(f"{name}{rest}".lower(), name))


def _titled(title: str) -> str:
    """Return the normal form of a law that is called by a title: `Likums "Par valsts pensijām"`."""
    return f'Likums "{title}"' if title.startswith("Par ") else title


@cache
def _names() -> Mapping[str, str]:
    """Return the normal form of laws by each name in lower case."""
    found: dict[str, str] = {}
    for line in LAWS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, _, others = line.partition("\t")
            found |= {one.lower(): _titled(name) for one in (name, *filter(None, others.split("|")))}
    return MappingProxyType(found)


@cache
def _rests() -> Mapping[str, str]:
    """Return what follows `likums` in the names of laws that do not end with it."""
    found = (name.partition(" likums ") for name in _names())
    return MappingProxyType({f"{before} likums": f" {rest}" for before, _, rest in found if rest})


def _rest(text: str, end: int, name: str) -> str:
    """Return the rest of a name whose `likums` ends at *end*; usually none."""
    rest = _rests().get(name, "")
    return rest if text.startswith(rest, end) else ""


@cache
def _listed_by_last_word() -> Mapping[str, Sequence[str]]:
    """Return what precedes `likums` in the names of laws, by its last word, the longest first."""
    found: dict[str, list[str]] = {}
    for name in (*_names(), *_rests()):
        before, _, last = name.rpartition(" ")
        if last == "likums":
            found.setdefault(before.rpartition(" ")[2], []).append(before)
    return MappingProxyType({last: sorted(names, key=len, reverse=True) for last, names in found.items()})


@cache
def _titles() -> Sequence[str]:
    """Return the names that follow `likums`, the longest first."""
    return sorted((name for name in _names() if name.startswith("par ")), key=len, reverse=True)


def _unquoted(text: str, start: int, end: int) -> Iterator[Cited]:
    """Yield the law whose title follows the word from *start*, at *end*, without quotes."""
    rest = text[end : end + _MOST_CHARACTERS].replace("\u00a0", " ")
    lower = rest.lower()
    for title in _titles():
        if lower.startswith(title) and not lower[len(title) : len(title) + 1].isalpha():
            if rest[0].isupper() or title.count(" ") >= _SURE_WITHOUT_CAPITAL:
                yield Cited(start, end + len(title), "law", _names()[title])
            return


def _name_start(annotated: AnnotatedText, end: int) -> int | None:
    """Return where the name begins whose last word begins at *end*; None if it is no name of a law."""
    text = annotated.text
    if not text.startswith("ikum", end + 1):  # Krimināllikums
        return None if follows_foreign_word(text, end) else end
    before = text[max(0, end - _MOST_CHARACTERS) : end].replace("\u00a0", " ")
    listed = _listed(before)
    start = _capital(annotated, before, end) if listed is None else end - len(before) + listed
    return None if start is None or follows_foreign_word(text, start) else start


def _listed(before: str) -> int | None:
    """Return where a listed name begins in what is *before* its last word."""
    stripped = before.rstrip()
    lower = stripped.lower()
    for name in _listed_by_last_word().get((lower.split() or [""])[-1].strip('„“”"«(')) or ():
        start = len(stripped) - len(name)
        if lower.endswith(name) and stripped[start].isupper() and not before[:start][-1:].isalnum():
            return start
    return None


def _capital(annotated: AnnotatedText, before: str, end: int) -> int | None:
    """Return where an unlisted name begins: at the nearest capital within a sentence, if all words fit."""
    words = list(_WORD_OR_SIGN.finditer(before))[-_MOST_WORDS:]
    if not words or not _NOUN_BEFORE.fullmatch(words[-1][0]):
        return None
    for place in range(len(words) - 1, -1, -1):
        word = words[place][0]
        if (
            _NO_NAME.fullmatch(word)
            or is_foreign_word(word)
            or not (word in ("un", "vai") or _GENITIVE.fullmatch(word))
        ):
            return None
        if word[0].isupper():
            is_sure = _begins_name(
                before, words[: place + 1], len(words) - place - 1
            ) and not annotated.lemmas(word)[0].startswith("~")
            return end - len(before) + words[place].start() if is_sure and word[1:].islower() else None
        if _may_be_verb(annotated.lemmas(word)):
            return None
    return None


def _may_be_verb(lemmas: Sequence[str]) -> bool:
    return any(lemma.endswith(("t", "ties")) for lemma in lemmas)


def _begins_name(before: str, words: Sequence[re.Match[str]], following: int) -> bool:
    """Return whether the last of *words* begins a name, and neither only a sentence nor a longer name.

    A name that begins a sentence is recognised by the number of words that are *following*.
    """
    if len(words) == 1:
        return following >= _SURE_AT_BEGINNING
    previous = words[-2][0]
    if previous in ".:!?":
        return following >= _SURE_AT_BEGINNING
    if not previous[0].isalnum():
        if previous in ",;(–-":
            return True
        return previous in '„“”"«' and len(words) > 2 and _LEADS_TO_NAME.fullmatch(words[-3][0]) is not None
    if "\n" in before[words[-2].end() : words[-1].start()]:
        return False
    is_longer = (
        previous[0].isupper() and _GENITIVE.fullmatch(previous) and not _LEADS_TO_NAME.fullmatch(previous)
    )
    return previous.isalpha() and not is_longer
