"""Credits of photographs and notices of machine translation, told from sentences that mention them."""

import re

from crawler.extraction.fields.dates import fold

# A name or an institution, and sometimes a sentence about what the photograph shows.
_CREDIT_WORDS_MAX = 25
_SOURCE_WORDS_MAX = 8
_CREDIT = re.compile(
    r"\W*(?:foto(?:grāfij[aau])?|photos?|attēl[sāi]|фото|publicitātes foto)\s*(?::|©|/|no )", re.IGNORECASE
)
_CREDIT_WITHIN = re.compile(r"(?:foto|photo|фото|attēls)\s*(?::|©)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?…]\s+(?=\W?[A-ZĀČĒĢĪĶĻŅŠŪŽА-ЯЁ])|\n")
_CLAUSE = re.compile(r",\s+(?:ka[sdm]?|ko|kur\w*|kā|lai|jo|who|which|that|что|котор\w+|где)\b", re.IGNORECASE)
# Words of those who lend photographs, folded, by their beginning.
_SOURCE = re.compile(
    r"\b(?:arhiv|archiv|fotograf|photograph|autor|author|publicit|person|ekranuznem|screenshot|foto\b|photo\b"
    r"|ministr|parvald|dienest|robezsardz|policij|biroj|agentur|centr|kancelej|padom|muzej|biedrib|fond|inspekcij"
    r"|akademij|universitat|pasvaldib|novad|vestnieci|speki|spek|brigad|stab|linij|komisij|savienib"
    r"|embassy|ministry|office|press|service|forces|commission|council|shutterstock|pixabay|unsplash|pexels|freepik"
    r"|flickr|istock|leta\b|afi\b|afp\b|reuters|архив|министерств|служб|посольств|пресс|автор)"
)
# What a sentence has and a source has not: a verb in the third person.
_VERB = re.compile(
    r"\b(?:ir|nav|bija|bus|tika|tiek|tiks|var|vares|saka|sak|notika|notiek|notiks|sanem\w*|dev[ae]|devas|dodas|kluva"
    r"|klust|aicina|riko|tikas|tiekas|pabeidza|veica|veic|strada|palidz\w*|aiztur\w*"
    r"|is|are|was|were|has|have|had|will|can|held|took|began|met|said|был\w*|будет|прошл\w*|начал\w*|состоял\w*)\b"
)
# Verbs by their endings, and the places where they happen.
_TELLING = re.compile(r"(?<!\w)[a-zāčēģīķļņšūž]{2,30}(?:āja|ēja|īja|oja|ņēma|ās|ē|ēs|ī|īs|os)(?!\w)")

# "This page was translated by a machine translator and may hold mistakes."
_NOTICE_WORDS_MAX = 20
_MACHINE = re.compile(
    r"\b(?:machine|automatic\w*|masintulk\w*|automatisk\w*|машин\w*|автоматическ\w*|hugo(?:\.lv)?|deepl|etranslation)\b"
)
# The text that was translated: to translate, and who or what does it, is a subject of its own.
_TRANSLATED = re.compile(
    r"\b(?:translated|translation|(?:iz|par)?tulkot[sai]?|(?:iz)?tulkot[ao]|tulkoj(?:is|usi|ums|uma|umu|uma)"
    r"|masintulkot[sai]|masintulkoj(?:is|ums|uma|umu)|masintulks|переведен\w*|перевод)\b"
)
# A notice speaks of nothing else than the page and how its text came to be.
_OF_NOTICE = frozenset(
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


def is_credit(text: str) -> bool:
    """Whether *text* says who took a photograph; a sentence that begins with "Foto:" does not.

    >>> is_credit("Foto: Jānis Bērziņš, IeM"), is_credit("Foto: policisti šonedēļ sāka reidus, kuros …")
    (True, False)
    """
    label = _CREDIT.match(text)
    return label is not None and len(text.split()) <= _CREDIT_WORDS_MAX and _is_source(text[label.end() :])


def ends_in_credit(text: str) -> bool:
    """Whether the short *text* ends in a credit, as what stands below an image does."""
    found = _CREDIT_WITHIN.search(text)
    return found is not None and len(text.split()) <= _CREDIT_WORDS_MAX and _is_source(text[found.end() :])


def _is_source(text: str) -> bool:
    """Whether the first sentence of *text* is a name or an institution, and tells of nothing."""
    first = _SENTENCE.split(text.strip(), maxsplit=1)[0]
    words = first.split()
    plain = fold(first)
    if not words or len(words) > _SOURCE_WORDS_MAX or _CLAUSE.search(first):
        return False
    if _VERB.search(plain) or _TELLING.search(first):
        return False
    if _SOURCE.search(plain):
        return True
    names = sum(word.strip('("“„').lstrip("@")[:1].isupper() for word in words)
    return first.lstrip('("“„@')[:1].isupper() and 2 * names >= len(words)


def is_translation_notice(text: str) -> bool:
    """Whether *text* says that a machine translated the page; a text about such machines does not.

    >>> is_translation_notice("Šī lapa ir tulkota automātiski"), is_translation_notice("Hugo.lv tulko")
    (True, False)
    """
    if len(text) > 400:
        return False
    plain = fold(text)
    words = _WORD.findall(plain)
    if not words or len(words) > _NOTICE_WORDS_MAX:
        return False
    says = _MACHINE.search(plain) and _TRANSLATED.search(plain)
    return bool(says) and sum(word not in _OF_NOTICE for word in words) <= _FOREIGN_WORDS_MAX
