"""Separates the contact block of a release from its text, wherever it is and however it is spelt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from crawler.extraction.fields.dates import fold

# Openings of a contact block, folded. The sure ones need no telephone number after them.
_SURE = (
    "par saturu atbildiga", "par saturu atbildigais", "par saturu atbild",
    "sagatavoja", "informaciju sagatavoja", "zinu sagatavoja", "pazinojumu sagatavoja", "relizi sagatavoja",
    "preses relizi sagatavoja", "preses pazinojumu sagatavoja", "tekstu sagatavoja", "sagatavojis",
    "sagatavojusi", "informaciju sagatavojis", "informaciju sagatavojusi", "mediju kontaktpersona",
    "kontaktpersona sazinai", "kontakttalrunis", "talrunis sazinai", "press office", "press service",
    "informaciju sniedza", "kontaktpersona", "kontaktpersonas", "kontaktinformacija", "kontakti medijiem",
    "kontakti", "kontaktinformacija medijiem", "kontaktpersona medijiem", "sazinai", "mediju kontakti",
    "prepared by", "prepered by", "information prepared by", "press release prepared by", "text prepared by",
    "information provided by", "contact", "contacts", "contact person", "contact information",
    "media contact",
    "media contacts", "press contact", "press contacts", "contact for media", "contacts for media",
    "подготовил", "подготовила", "подготовили", "информацию подготовил", "информацию подготовила",
    "информацию подготовили", "информация подготовлена", "подготовлено", "контакт", "контакты",
    "контактное лицо", "контактная информация", "контакты для сми", "пресс-служба",
)  # fmt: skip
_UNSURE = (
    "papildu informacija", "papildus informacija", "papildinformacija", "papildu informacija medijiem",
    "plasaka informacija", "vairak informacijas", "sikaka informacija", "informacija medijiem",
    "lai iegutu papildu informaciju", "lai iegutu plasaku informaciju", "papildu informacijai",
    "autors", "autore", "informacija plassazinas lidzekliem", "uzzinai", "uzzinas", "informacijai",
    "jautajumi",
    "further information", "for further information", "additional information", "for additional information",
    "more information", "for more information", "information for the media", "for media enquiries",
    "media enquiries", "media inquiries", "дополнительная информация", "подробнее", "для сми",
    "информация для сми", "справки", "за дополнительной информацией",
)  # fmt: skip
# Below this similarity two spellings are different words ("Prepered by" is 0.91 of "Prepared by").
_ALIKE = 0.88

_PHONE = r"(?:\(?\+?\s?371\)?[\s-]*)?\(?(?:\d[\s-]?){7}\d(?!\d)"
_PHONE_LABEL = (
    r"(?:t[āa]lr(?:unis|unī|uņi|uni)?|tel(?:ephone|efons)?|ph(?:one)?|mob(?:ile|ilais)?(?:\s*t[āa]lr(?:unis)?)?"
    r"|mobile phone|faks+s?|fax|t|m|тел(?:ефон)?|моб(?:ильный)?|факс)"
)
# Addresses are spelt out against harvesters: `a.b [at] iem [dot] gov [dot] lv`.
_DOT_WORD = r"(?:dot|punkts|pkt|точка)"
_SPELT_DOT = rf"(?:\s?[\[({{<]\s?(?:{_DOT_WORD}|\.)\s?[\])}}>]\s?|\s{_DOT_WORD}\s)"
_AT = r"\s?(?:[@＠]|[\[({<]\s?(?:at|ät|et|pie|@|собака)\s?[\])}>])\s?"
# Bounded, since a word of many thousand letters would take time in the square of its length.
_LABEL = r"[\w-]{1,63}"
_EMAIL = (
    rf"(?<![\w.+-])[\w.+-]{{1,64}}(?:{_SPELT_DOT}[\w+-]{{1,64}}){{0,3}}"
    rf"(?:{_AT}{_LABEL}(?:(?:\.|{_SPELT_DOT}){_LABEL}){{1,5}}"
    # A bare "at" is an English word, unless the dots are spelt out too.
    rf"|\s(?:at|pie|собака)\s{_LABEL}(?:{_SPELT_DOT}{_LABEL}){{1,5}})"
)
# Patterns of contact details, each after a quick test that rejects most lines. Eight digits written out are
# found in a third of the time of a repeated group.
_SIGNS = tuple(
    (re.compile(needed), re.compile(sign, re.IGNORECASE))
    for needed, sign in (
        (r"[.:]\s*+:?\s*+\(?\+?\d", rf"\b{_PHONE_LABEL}\b\s*+[.:]++\s*+:?\s*+\(?\+?\d"),
        (r"[\s-]?".join([r"\d"] * 8), rf"(?<!\d){_PHONE}"),
        (r"[@＠(\[{<]|(?i:\s(?:at|pie|собака)\s)", _EMAIL),
    )
)
_DETAIL_LINE = re.compile(
    rf"\W*(?:{_PHONE_LABEL}\b\s*(?:[.:]|\(?\+?\d{{3}})|e-?(?:pasts|mail|паст)\b|эл\.?\s?(?:почта|адрес)|{_EMAIL}|\(?\+371|{_PHONE}\W*$)",
    re.IGNORECASE,
)
_DETAILS = re.compile(
    rf"{_EMAIL}|{_PHONE}|\b{_PHONE_LABEL}\s*[.:]|\be-?(?:pasts?|mail)\b|эл\.?\s?почта", re.IGNORECASE
)
# Positions and units, by the beginning of the folded word.
_OFFICE = re.compile(
    r"\b(?:minist|nodal|dala\b|dalas\b|sektor|departament|direktor|parvald|parstav|vadit|special|konsult|sekretar|sekretar|preses|press"
    r"|sabiedrisk|komunik|attiecib|birojs?|biroja|dienest|agentur|kancelej|padomni|referent|eksper|inspekt|centr"
    r"|galven|vecak|unit|division|department|spokes|officer|advis|head|director|communic|public|relations|media"
    r"|office|chief|senior|ministry|service|отдел|служб|пресс|министер|секретар|управлен|советник|руководит"
    r"|представит|департамент|специалист|vdd|vid\b|mfa\b|nbs\b|rs\b|vp\b)"
)
# Bounded, like addresses.
_NAME = re.compile(
    r"(?:[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ][\w'’-]{0,40}\.?\s+){1,2}[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ][\w'’-]{1,40}+(?=\W*$|\s*[,–—-]|\s*\()"
)
_LINE_WORDS_MAX = 16
_OPENING_WORDS_MAX = 30
_LINE_CHARS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSplit:
    """The paragraphs of a text without its contact blocks, and the lines of these blocks."""

    body: tuple[str, ...]
    contact: tuple[str, ...]


def split_contacts(paragraphs: Sequence[str]) -> ContactSplit:
    """Separate the contact blocks from *paragraphs*; a newline separates lines within a paragraph.

    >>> split_contacts(["Text, a long one.", "Sagatavoja:", "Anna Ozola", "Tālr.: 60000000"]).contact
    ('Sagatavoja:', 'Anna Ozola', 'Tālr.: 60000000')
    """
    lines = [(number, line) for number, text in enumerate(paragraphs) for line in text.split("\n")]
    texts = [line for _, line in lines]
    contact = _contact_lines(texts)
    kept: dict[int, list[str]] = {}
    for at, (number, line) in enumerate(lines):
        if at not in contact:
            kept.setdefault(number, []).append(line)
    return ContactSplit(
        body=tuple("\n".join(part) for part in kept.values()),
        contact=tuple(texts[at] for at in sorted(contact)),
    )


def _has_detail(line: str) -> bool:
    """Whether *line* holds a telephone number or an e-mail address."""
    return any(needed.search(line) and sign.search(line) for needed, sign in _SIGNS)


def _contact_lines(lines: Sequence[str]) -> set[int]:
    """Return the indexes of the lines that belong to a contact block."""
    contact: set[int] = set()
    for at, line in enumerate(lines):
        if at in contact or len(line) > _LINE_CHARS_MAX:
            continue
        opening = _opening_kind(line)
        if opening:
            contact.update(_block_at(lines, at, sure=opening == "sure"))
        elif _is_contact_without_opening(line):
            contact.update(_names_above(lines, at, contact), {at}, _details_below(lines, at))
    return contact


@lru_cache(maxsize=1024)
def _opening_kind(line: str) -> str | None:
    """Return how certainly *line* opens a contact block: "sure", "unsure" or None."""
    if ":" not in line and len(line.split()) > _OPENING_WORDS_MAX:
        return None
    head = fold(line).lstrip("*•-–— ")
    label, colon, _ = head.partition(":")
    words = head.split()
    candidates = [label.strip()] if colon and len(label) <= 60 else []
    short = len(words) <= 10 and (not re.search(r"[.!?]$", head) or bool(_NAME.search(line)))
    if short or (len(words) <= _OPENING_WORDS_MAX and _has_detail(line)):
        candidates += [" ".join(words[:count]) for count in (1, 2, 3, 4)]
    for candidate in candidates:
        # One word without a colon ("Kontakti") is an opening only if it is the whole line.
        is_complete = colon or len(candidate.split()) > 1 or len(words) == 1 or _NAME.search(line)
        if is_complete and any(_is_alike(candidate, opening) for opening in _SURE):
            return "sure"
        if any(_is_alike(candidate, opening) for opening in _UNSURE):
            return "unsure"
    return None


def _is_alike(candidate: str, opening: str) -> bool:
    if candidate == opening:
        return True
    if abs(len(candidate) - len(opening)) > 2 or len(opening) < 8:
        return False
    matcher = SequenceMatcher(None, candidate, opening)
    return all(ratio() >= _ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio))


def _block_at(lines: Sequence[str], at: int, *, sure: bool) -> set[int]:
    """Return the indexes of the block that opens at *at*; none if no contact follows."""
    first = lines[at]
    payload = first.partition(":")[2].strip()
    if len(payload.split()) > 30 and not _has_detail(payload):
        return set()
    end = at + 1
    while (
        end < len(lines)
        and end - at <= 12
        and (
            _continues(lines[end], first=end == at + 1 and not payload)
            or _leads_to_detail(lines[end : end + 3])
        )
    ):
        end += 1
    block = set(range(at, end))
    has_detail = any(_has_detail(lines[place]) for place in block)
    if has_detail or (sure and (end > at + 1 or _names_contact(first))):
        return block
    return set()


def _names_contact(line: str) -> bool:
    rest = line.partition(":")[2] or line.partition(" ")[2]
    return any(word[:1].isupper() for word in rest.split()) or bool(_OFFICE.search(fold(rest)))


def _continues(line: str, *, first: bool) -> bool:
    """Whether *line* continues a contact block: a name, position, unit, number or address."""
    if _DETAIL_LINE.match(line):
        return True
    if re.search(r"©|tiesības|rights reserved|права", line):
        return False
    rest = _DETAILS.sub("", line)
    words = rest.split()
    if len(words) > _LINE_WORDS_MAX or (re.search(r"\w{3,}[.!?]$", rest.strip()) and len(words) > 7):
        return False
    if _has_detail(line):
        return True
    return bool(_NAME.match(line) or _OFFICE.search(fold(line)) or (first and len(words) <= 8))


def _leads_to_detail(lines: Sequence[str]) -> bool:
    """Whether the first of *lines* is short and soon followed by a number or an address."""
    short = len(lines[0].split()) <= 8 and not re.search(r"[.!?]$", lines[0])
    return short and any(_DETAIL_LINE.match(line) for line in lines[1:])


@lru_cache(maxsize=1024)
def _is_contact_without_opening(line: str) -> bool:
    """Whether *line* is a contact without an opening: numbers, perhaps with a name and position."""
    if not _has_detail(line):
        return False
    if _DETAIL_LINE.match(line) and len(_DETAILS.sub("", line).split()) <= _LINE_WORDS_MAX:
        return True
    rest = _DETAILS.sub("", line).split()
    return len(rest) <= 20 and bool(_NAME.match(line)) and bool(_OFFICE.search(fold(line)))


def _names_above(lines: Sequence[str], at: int, taken: set[int]) -> set[int]:
    """Return the indexes of the lines above the detail at *at* that name its owner."""
    top = at
    while top > 0 and at - top < 6 and top - 1 not in taken and _is_name_or_office(lines[top - 1]):
        top -= 1
    return set(range(top, at))


def _is_name_or_office(line: str) -> bool:
    words = line.split()
    if len(words) > 12 or re.search(r"\w{3,}[.!?]$", line):
        return False
    return bool(_NAME.match(line) or _OFFICE.search(fold(line)))


def _details_below(lines: Sequence[str], at: int) -> set[int]:
    end = at + 1
    while end < len(lines) and _DETAIL_LINE.match(lines[end]):
        end += 1
    return set(range(at + 1, end))
