"""The words of facts in three languages: times, numbers, denial, duty and possibility."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

_MONTHS = (
    r"janvār\w*|jan(?:uary|\.)|январ\w*",
    r"februār\w*|feb(?:ruary|\.)|феврал\w*",
    r"mart(?:s|ā|a|am|u)|march|март\w?",
    r"aprīl\w*|april|апрел\w*",
    r"maij\w*|may|ма[йяе]",
    r"jūnij\w*|june|июн\w*",
    r"jūlij\w*|july|июл\w*",
    r"august\w*|август\w*",
    r"septembr\w*|september|сентябр\w*",
    r"oktobr\w*|october|октябр\w*",
    r"novembr\w*|november|ноябр\w*",
    r"decembr\w*|december|декабр\w*",
)
_DAYS = (
    r"pirmdien\w*|mondays?|понедельник\w*",
    r"otrdien\w*|tuesdays?|вторник\w*",
    r"trešdien\w*|wednesdays?|сред[ауеы]",
    r"ceturtdien\w*|thursdays?|четверг\w*",
    r"piektdien\w*|fridays?|пятниц\w*",
    r"sestdien\w*|saturdays?|суббот\w*",
    r"svētdien\w*|sundays?|воскресень\w*",
    r"šodien|today|сегодня",
    r"rīt|rītdien\w*|tomorrow|завтра",
    r"vakar|yesterday|вчера",
    r"parīt|послезавтра",
    r"aizvakar|позавчера",
)
MONTH, DAY_NAME = "|".join(_MONTHS), "|".join(_DAYS)
# Names of months that are other words, too, unless a number is beside them.
AMBIGUOUS_MONTH = frozenset(("may", "march", "august", "marta", "augusta"))
_NUMBER_OF = tuple(
    (re.compile(pattern), kind + str(number))
    for kind, patterns in (("m", _MONTHS), ("d", _DAYS))
    for number, pattern in enumerate(patterns, 1)
)


def calendar_key(word: str) -> str:
    """Return the same key for all forms of the name of a month or a day, in three languages.

    >>> calendar_key("maijā") == calendar_key("мая"), calendar_key("otrdien")
    (True, 'd2')
    """
    lower = word.lower()
    return next((key for pattern, key in _NUMBER_OF if pattern.fullmatch(lower)), lower)


MULTIPLIERS: tuple[tuple[str, int], ...] = (
    (r"tūkst(?:oš\w*|\.|\b)|thousands?|тыс(?:яч\w*|\.|\b)", 3),
    (r"milj(?:on\w*|\.|\b)|millions?|m(?:io|ln)\b\.?|миллион\w*|млн\.?", 6),
    (r"miljard\w*|mljrd?\b\.?|billions?|миллиард\w*|млрд\.?", 9),
)
"""Patterns of multipliers with the power of ten."""
_PERCENTS = (
    (r"procentpunkt\w*|percentage points?|процентн\w+ пункт\w*", "points"),
    (r"%|procent\w*|per ?cent|процент\w*", "percent"),
)
_MONEY = (
    (r"eiro\b|eur\b|€|euros?\b|евро\b", "EUR"),
    (r"lat(?:s|i|u|iem|us|a|am)?\b|ls\b", "LVL"),
    (r"usd\b|\$|dolār\w*|dollars?|доллар\w*", "USD"),
    (r"руб\w*", "RUB"),
)
PERCENT, MONEY = ("|".join(pattern for pattern, _ in units) for units in (_PERCENTS, _MONEY))
_UNITS = tuple((re.compile(pattern, re.IGNORECASE), unit) for pattern, unit in (*_PERCENTS, *_MONEY))


def unit_of(written: str) -> str:
    """Return the unit of an amount or a percentage, however it is *written*; empty if it is none.

    >>> unit_of("procentos"), unit_of("procentpunktiem"), unit_of("€")
    ('percent', 'points', 'EUR')
    """
    return next((unit for pattern, unit in _UNITS if pattern.fullmatch(written)), "")


NUMBER_WORDS: Mapping[str, int] = MappingProxyType(
    {
        word: value
        for value, words in {
            2: "divi divas divu divām diviem divās divos two два две двух",
            3: "trīs trim trijās trijos triju three три трех трёх",
            4: "četri četras četru četrām četriem četrās četros four четыре четырех четырёх",
            5: "pieci piecas piecu piecām pieciem piecās piecos five пять пяти",
            6: "seši sešas sešu sešām sešiem sešās sešos six шесть шести",
            7: "septiņi septiņas septiņu septiņām septiņiem septiņās septiņos seven семь семи",
            8: "astoņi astoņas astoņu astoņām astoņiem astoņās astoņos eight восемь восьми",
            9: "deviņi deviņas deviņu deviņām deviņiem deviņās deviņos nine девять девяти",
            10: "desmit desmits desmitiem ten десять десяти",
            11: "vienpadsmit eleven одиннадцать",
            12: "divpadsmit twelve двенадцать",
            13: "trīspadsmit thirteen тринадцать",
            14: "četrpadsmit fourteen четырнадцать",
            15: "piecpadsmit fifteen пятнадцать",
            16: "sešpadsmit sixteen шестнадцать",
            17: "septiņpadsmit seventeen семнадцать",
            18: "astoņpadsmit eighteen восемнадцать",
            19: "deviņpadsmit nineteen девятнадцать",
            20: "divdesmit twenty двадцать",
            30: "trīsdesmit thirty тридцать",
            40: "četrdesmit forty сорок",
            50: "piecdesmit fifty пятьдесят",
            60: "sešdesmit sixty шестьдесят",
            70: "septiņdesmit seventy семьдесят",
            80: "astoņdesmit eighty восемьдесят",
            90: "deviņdesmit ninety девяносто",
            100: "simts simt simtiem hundred сто",
        }.items()
        for word in words.split()
    }
)

NEGATIONS = frozenset(
    (
        "ne nē nav nekas nekā neko nekam neviens neviena nevienu nevienam nevienai nekad nekur nekāds "
        "nekāda nekādu nekādi bez not no never none nobody nothing neither nor without cannot can't don't "
        "doesn't didn't won't isn't aren't wasn't weren't shouldn't mustn't wouldn't couldn't hasn't "
        "haven't hadn't can’t don’t doesn’t didn’t won’t isn’t aren’t wasn’t weren’t shouldn’t mustn’t "
        "wouldn’t couldn’t hasn’t haven’t hadn’t не ни нет нельзя никто никогда ничто ничего никакой "
        "никаких без"
    ).split()
)
"""Words that deny. Latvian verbs with ne- are recognised by their lemma."""
MODALS = frozenset(
    (
        "varēt drīkstēt vajadzēt vajag vajadzēs vajadzēja nākties spēt obligāti obligāts obligāta "
        "noteikti iespējams iespējami varbūt visticamāk nepieciešams ieteicams vēlams plānots plānot "
        "paredzēts domājams ļaut atļaut liegt aizliegt must may might can could shall should will would "
        "need needs needed required optional mandatory obliged planned possible possibly probably perhaps "
        "likely ought allowed permitted banned prohibited forbidden должен должна должно должны может "
        "могут мочь можно нужно надо необходимо обязан обязана обязаны обязательно следует возможно "
        "вероятно планируется рекомендуется разрешен разрешён разрешено разрешена запрещен запрещён "
        "запрещено запрещена"
    ).split()
)
"""Words, in Latvian also lemmas, that make a statement a duty, a permission, a possibility or a plan."""
INSTITUTIONS = frozenset(
    (
        "ministrija departaments aģentūra dienests birojs padome policija centrs slimnīca universitāte "
        "pašvaldība novads pagasts iela pilsēta tiesa fonds koledža augstskola skola inspekcija komisija "
        "koncerns līga savienība apvienība biedrība prefektūra robežsardze prokuratūra muzejs bibliotēka "
        "institūts akadēmija tilts osta lidosta"
    ).split()
)
"""Lemmas of nouns that follow the name of an institution or a place, which alone is capitalised."""


def conditionals(lemmas: Iterable[str]) -> Iterator[str]:
    """Yield the conditionals of the verbs among *lemmas*: saprastu, not sapratu; mācītos, not mācījos."""
    for lemma in (one.lstrip("~^") for one in lemmas):
        if len(lemma) > 2 and lemma.endswith("t"):
            yield f"{lemma}u"
        elif lemma.endswith("ties"):
            yield f"{lemma[:-3]}os"
