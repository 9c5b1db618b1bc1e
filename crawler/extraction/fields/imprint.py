"""Recognises photo credits and notices of machine translation, but not sentences about them."""

import re

from crawler.extraction.fields.dates import fold

# A name or an institution, sometimes with a sentence on what the photograph shows.
_CREDIT_WORDS_MAX = 25
_SOURCE_WORDS_MAX = 12
_PERSON_WORDS_MAX = 4
_LABEL = (
    r"(?:foto(?:grāfij[aāu]s?)?|photos?|attēl[sāi]|video|фото|видео)"
    r"(?:\s+autor[sei]?)?\s*(?::|©|/|no\s|by\s|courtesy of\s)"
)
_CREDIT = re.compile(rf"\W*(?:publicitātes )?{_LABEL}", re.IGNORECASE)
_CREDIT_WITHIN = re.compile(rf"\b{_LABEL}", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…]\s+(?=\W?[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ])|\n")
# Separators between the sources in a credit: "Rīgas dome / Jānis Ozols, 2024. gads".
_BETWEEN = re.compile(r"[,;/|()©]|\s[–—-]\s|\s(?:un|and|и|&)\s", re.IGNORECASE)
_QUOTED = re.compile(r"[“„«\"][^“”„«»\"]{1,60}[”“»\"]")
_DATED = re.compile(
    r"(?:\d{1,2}\.\s?){0,2}(?:19|20)\d\d\b\.?(?:\s?(?:gads|gada|g\.|год)(?:\s\d{1,2}\.)?(?:\s\w+)?)?"
)
_USER_OR_DOMAIN = re.compile(
    r"@\w{2,40}|(?:www\.)?[\w-]{2,40}(?:\.[\w-]{2,40}){0,2}\.(?:com|lv|org|eu|net|int)", re.IGNORECASE
)
_ROLE = re.compile(r"(?:fotogrāf[se]|autor[se]|photographer|author|фотограф|автор)\s+", re.IGNORECASE)
# Complete sources, folded.
_NAMELESS = frozenset((
    "publicitates", "publicitates foto", "publicitates attels", "arhivs", "arhiva foto", "ekranuznemums",
    "ekransavins", "screenshot", "archive", "archives", "personal archive", "family archive", "архив",
    "личныи архив", "из архива", "leta", "afi", "afp", "shutterstock", "pixabay", "unsplash", "pexels",
    "freepik", "flickr", "istock", "press service", "press office", "пресс-служба",
))  # fmt: skip
# Last words of the names of Latvian institutions, in the nominative, folded.
_INSTITUTION = frozenset("""
    ministrija policija parvalde dienests robezsardze zemessardze birojs agentura centrs kanceleja
    padome muzejs biedriba fonds inspekcija akademija universitate augstskola koledza skola gimnazija
    pasvaldiba novads dome vestnieciba parstavnieciba speki brigade stabs komisija savieniba apvieniba
    federacija asociacija saeima administracija prokuratura tiesa biblioteka slimnica teatris instituts
    direkcija departaments komiteja banka armija flote klubs portals redakcija izdevnieciba studija
    arhivs fotoarhivs foto nodala iestade
    """.split())  # fmt: skip
_ARCHIVE = re.compile(r"(?:no\s|from\s|из\s)?.{0,60}(?:arhiv[as]|archives?|архива?)")
# In English and Russian this word may come first: "Embassy of Latvia in Ireland".
_OFFICE = re.compile(
    r"\b(?:embassy|ministry|office|police|service|guard|forces|commission|council|chancellery|agency|museum|union"
    r"|parliament|министерств|посольств|служб|полици|комисси|совет|канцеляри|агентств|музе|управлени|дум)"
)
_BETWEEN_NAMES = frozenset(("of", "the", "for", "in", "to", "at", "de", "von", "van", "fon"))
# Definite adjectives: "Nacionālā", "Augstākā". Other words in -ā are locatives: "muzejā", "Rīgā".
_ADJECTIVE = re.compile(r"(?:āl|isk|āk|īg|ēj)ā$", re.IGNORECASE)
_PLACE = re.compile(r"[āēīū]s?$", re.IGNORECASE)
# Endings of verbs and participles; no word before an institution has them.
_VERB = re.compile(r"(?:[oēāī]jas|inās|[āēīo]t[as]|āj|ina|oja)$|^(?:aicina|veic|riko|jaun[as]?)$")
# Verbs that are nobody's name.
_COMMON_VERBS = frozenset(
    ("ir", "nav", "bija", "būs", "tiek", "tiekas", "tikās", "dodas", "sākas", "notiek", "norit")
)
_RUSSIAN_VERB = re.compile(r"(?:[аеёиюуя]т|[аиыя]л[аои]?|ся|сь|[ую]|ть)$")


def is_credit(text: str) -> bool:
    """Whether *text* credits a photograph or video; a sentence that begins with "Foto:" does not.

    >>> is_credit("Foto: Jānis Bērziņš, IeM"), is_credit("Foto: Muzejā atklāj jaunu izstādi")
    (True, False)
    """
    label = _CREDIT.match(text)
    return label is not None and len(text.split()) <= _CREDIT_WORDS_MAX and _is_source(text[label.end() :])


def ends_in_credit(text: str) -> bool:
    """Whether the short *text* ends in a credit, as captions below images do."""
    label = _CREDIT_WITHIN.search(text)
    return label is not None and len(text.split()) <= _CREDIT_WORDS_MAX and _is_source(text[label.end() :])


def _is_source(text: str) -> bool:
    """Whether the first sentence of *text* only lists people, institutions and dates."""
    first = _QUOTED.sub("X", _SENTENCE.split(text.strip(), maxsplit=1)[0])
    if len(first.split()) > _SOURCE_WORDS_MAX:
        return False
    parts = [part.strip(" .") for part in _BETWEEN.split(first)]
    named = [part for part in parts if part and not _DATED.fullmatch(part)]
    return bool(named) and all(map(_is_named_source, named))


def _is_named_source(part: str) -> bool:
    plain = fold(part)
    if plain in _NAMELESS or _USER_OR_DOMAIN.fullmatch(part):
        return True
    words = _ROLE.sub("", part).split()
    return (
        _is_institution(words) or _is_person(words) or (_is_archive(plain) and not _is_sentence(words[:-1]))
    )


def _is_person(words: list[str]) -> bool:
    """Whether *words* are a name, an abbreviation or a user: capitalised, and in the nominative."""
    # In capitals a sentence looks like a name.
    is_all_caps = len(words) > 1 and all(len(word) > 1 and word.isupper() for word in words)
    is_named = all(word[:1].isupper() and not _PLACE.search(word) for word in words)
    if is_all_caps or any(word.lower() in _COMMON_VERBS for word in words):
        return False
    return 0 < len(words) <= _PERSON_WORDS_MAX and is_named


def _is_institution(words: list[str]) -> bool:
    if not words:
        return False
    if fold(words[-1]) in _INSTITUTION and not _PLACE.search(words[-1]):
        return not _is_sentence(words[:-1])
    names = [word for word in words if word.lower() not in _BETWEEN_NAMES]
    if not names or not _OFFICE.search(fold(" ".join(names))):
        return False
    if re.search("[а-яё]", part := " ".join(words), re.IGNORECASE):
        return not any(_RUSSIAN_VERB.search(word) for word in part.split()[1:])
    return all(word[:1].isupper() for word in names)


def _is_archive(plain: str) -> bool:
    return bool(_ARCHIVE.fullmatch(plain))


def _is_sentence(words: list[str]) -> bool:
    """Whether any of the Latvian *words* is a verb or a locative, so that they form a sentence."""
    return any(
        word.lower() in _COMMON_VERBS
        or _VERB.search(word.lower())
        or (_PLACE.search(word) and not _ADJECTIVE.search(word))
        for word in words
    )


_HINTS = ("transl", "tulk", "перев")
# "This page was translated by a machine translator and may hold mistakes."
_NOTICE_WORDS_MAX = 20
_MACHINE = re.compile(
    r"\b(?:machine|automatic\w*|masintulk\w*|automatisk\w*|машин\w*|автоматическ\w*|hugo(?:\.lv)?|deepl|etranslation)\b"
)
# Words for a translated text. The activity and its tools are subjects of releases.
_TRANSLATED = re.compile(
    r"\b(?:translated|translation|(?:iz|par)?tulkot[sai]?|(?:iz)?tulkot[ao]|tulkoj(?:is|usi|ums|uma|umu|uma)"
    r"|masintulkot[sai]|masintulkoj(?:is|ums|uma|umu)|masintulks|переведен\w*|перевод)\b"
)
# The notice may name the activity, if it names the tool too: "Mašīntulkošana: hugo.lv".
_TRANSLATING = re.compile(
    r"\W*(?:masintulkosana|(?:automatiska )?tulkosana)\W+(?:ar |izmantojot |nodrosina |riks |platforma )*"
    r"(?:hugo|deepl|etranslation|google)\b"
)
# A notice has no other words than these, with few exceptions.
_NOTICE_WORDS = frozenset(
    fold("""
    this the a an page pages text content article site website web version release translation translations
    translated translator translate machine automatic automatically automated has have been was is are were be
    by using with use of from original latvian english russian and or may might can could contain contains
    hold mistakes errors inaccuracies inaccurate please note notice attention disclaimer tool tools system
    engine service platform google deepl etranslation hugo hugo.lv lv to in into only for information
    not official
    si sis so sai saja sis sim lapa lapas lapu lapai teksts teksta tekstu saturs satura saturu raksts raksta
    versija versijas ir tika tiek ticis bija tulkots tulkota tulkoti tulkotas tulkojums tulkojuma tulkojumu
    tulkojumi tulkojusi tulkojis iztulkots iztulkota iztulkoti iztulkotas masintulkots masintulkota
    masintulkojums masintulkojuma masintulkojumu masintulks masintulka masintulkosana masintulkosanas
    masintulkotajs masintulkotaja automatisks automatiska automatisko automatiskais automatiskas automatiski
    ar no izmantojot lietojot riks rika riku sistema sistemas sistemu platforma platformas platformu palidzibu
    programma programmas programmu un vai var iespejams saturet satur kludas kludam neprecizitates neprecizs
    neprecizitatem ludzu uzmanibu nemiet vera tadel tapec tas tajs taja oriģinals originals originala latviesu
    anglu krievu valoda valodas valodu valoda timekla vietne vietnes zina zinas
    эта этот это данная данный страница страницы текст текста статья был была было с с помощью при помощи
    переведен переведена переведено перевод перевода переводчик переводчиком машинный машинным машинного
    машинной автоматический автоматически автоматическим автоматического и может содержать ошибки неточности
    языка язык латышского система системы
    veikts veikta izveidots izveidota sagatavots sagatavota nodrosina hugolv
    """).split()
)
_FOREIGN_WORDS_MAX = 1
_WORD = re.compile(r"[^\W\d_]+(?:\.lv)?")


def may_be_notice(text: str) -> bool:
    """Whether *text* has a word that each notice of machine translation has: a quick first test."""
    plain = text.casefold()
    return any(hint in plain for hint in _HINTS)


def is_translation_notice(text: str) -> bool:
    """Whether *text* is a notice that a machine translated the page, not a text about translation.

    >>> is_translation_notice("Šī lapa ir tulkota automātiski"), is_translation_notice("Hugo.lv tulko")
    (True, False)
    """
    if len(text) > 400 or not may_be_notice(text):
        return False
    plain = fold(text)
    words = _WORD.findall(plain)
    if len(words) > _NOTICE_WORDS_MAX:
        return False
    is_notice = (_MACHINE.search(plain) and _TRANSLATED.search(plain)) or _TRANSLATING.match(plain)
    return bool(is_notice) and sum(word not in _NOTICE_WORDS for word in words) <= _FOREIGN_WORDS_MAX
