"""What the predicates of a sentence say about time: what will be, must be, is planned, was, or might be."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from crawler.config import Language
from index.analysis import Analyzer
from index.analysis.word_cache import WORD_CHARS
from index.mentions.annotated_text import AnnotatedText


class Tense(Enum):
    """How a predicate speaks of what falls due."""

    FUTURE = "future"
    DUTY = "duty"
    INVITATION = "invitation"
    """Somebody may act, or is asked to: `var pieteikties`, `aicina`, `gaida`."""
    PLAN = "plan"
    PRESENT = "present"
    """The present tense, of what it announces: `stājas spēkā`, `notiek`."""
    PAST = "past"
    PARTICIPLE = "participle"
    """Past, unless an auxiliary says otherwise: `nodots`, but `tiks nodots`."""
    CHARGE = "charge"
    """Past, but obliges somebody: `uzdeva`, `vienojās`."""
    DENIED = "denied"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A word of a sentence that says how it speaks of time."""

    start: int
    end: int
    tense: Tense


_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_MAX = 1 << 16
_AUXILIARY_CHARACTERS = 40
"""Between an auxiliary and its participle: `tiks šogad pilnībā pabeigts`."""


def find_predicates(annotated: AnnotatedText, start: int, end: int) -> list[Predicate]:
    """Return the predicates of the sentence from *start* to *end*."""
    found: list[Predicate] = []
    tenses = _tenses(annotated.analyzer, annotated.language)
    for match in _WORD.finditer(annotated.text, start, end):
        if tense := tenses[match[0]]:
            if tense is Tense.PARTICIPLE:
                is_near = bool(found) and match.start() - found[-1].end <= _AUXILIARY_CHARACTERS
                tense = found[-1].tense if is_near else Tense.PAST
            elif tense is Tense.PLAN and found and found[-1].tense is Tense.PAST:
                is_near = match.start() - found[-1].end <= 1  # bija paredzēts
                tense = Tense.PAST if is_near else tense
            found.append(Predicate(*match.span(), tense))
    return found


class _Tenses(dict[str, Tense | None]):
    """How each word speaks of time; None if it is no predicate."""

    def __init__(self, analyzer: Analyzer, language: Language) -> None:
        super().__init__()
        self._analyzer, self._language = analyzer, language

    def __missing__(self, word: str) -> Tense | None:
        if len(word) > WORD_CHARS:
            return self._read(word)
        if len(self) >= _WORDS_MAX:
            self.clear()
        return self.setdefault(word, self._read(word))

    def _read(self, word: str) -> Tense | None:
        lower = word.lower()
        if self._language != "lv":
            return _tense_by_pattern(lower, is_russian=self._language == "ru")
        if tense := _BY_WORD.get(lower):
            return tense
        if lower.startswith("jā"):
            return tense_of(lower, self._lemmas(word), self._lemmas(lower[2:]))
        return tense_of(lower, self._lemmas(word)) if lower[-1] in _LAST_LETTERS else None

    def _lemmas(self, word: str) -> tuple[str, ...]:
        return self._analyzer.forms(word, self._language).lemma


@lru_cache(8)
def _tenses(analyzer: Analyzer, language: Language) -> _Tenses:
    return _Tenses(analyzer, language)


# --- Latvian --------------------------------------------------------------------------------------

_WORDS = (
    (Tense.PAST, "bija tika tikusi tikuši tikušas bijis bijusi"),
    (
        Tense.CHARGE,
        "uzdeva uzdots uzdota uzdod uzdevusi uzdevis nolēma nolēmusi nolēmis vienojās vienojušies "
        "vienojusies apņēmās aicināja lūdza "
        "pagarināja pagarināts pagarināta pagarinājusi pagarinājis atlika atlikts "
        "atlikta pārcelts pārcelta pārcēla noteica izsludināts izsludināta izsludinātas izsludināja atvērts "
        "atvērta apstiprināja atbalstīja solīja paziņoja",
    ),
    (
        Tense.PLAN,
        "plānots plānoti plānota plānotas plāno plānojam plānojot ieplānots ieplānota ieplānotas paredzēts "
        "paredzēti paredzēta paredzētas paredz iecerēts iecerēti iecerēta iecerētas varētu gaidāms gaidāmi "
        "gaidāma gaidāmas apņēmusies apņēmies sola apsola iecere mērķis cer tiecas nolemts",
    ),
    (
        Tense.INVITATION,
        "aicina aicinām aicināts aicināti aicinātas aicinot lūdz lūdzam gaida gaidām var varat drīkst pieņem "
        "iespējams piesakās rezervējams rezervējami rezervējamas iesniedzams iesniedzami",
    ),
    (
        Tense.PRESENT,
        "stājas notiek sākas beidzas noslēdzas ilgst startē atsākas turpinās tiek zaudē norisinās atklāj "
        "izbeidzas",
    ),
)
_BY_WORD = {word: tense for tense, words in _WORDS for word in words.split()}
_LAST_LETTERS = frozenset("smtaui")
"""With which the forms end that are read: others need not be looked up."""
_INFINITIVES = ("t", "ties")
_PARTICIPLES = ("ts", "ta", "ti", "tas")
_PAST_PARTICIPLES = ("usi", "usies", "uši", "ušies", "ušas", "ušās")
_VOWELS = tuple("aāeēiīoōuū")


def tense_of(word: str, lemmas: tuple[str, ...], without_prefix: tuple[str, ...] = ()) -> Tense | None:
    """Return how the Latvian *word*, in lower case, speaks of time; None if it is no predicate that does.

    *lemmas* are its dictionary forms, and *without_prefix* those of a debitive without `jā`.
    """
    if tense := _BY_WORD.get(word):
        return tense
    if any(one.endswith(_INFINITIVES) and one[0] not in "~j" for one in without_prefix):
        return Tense.DUTY
    verbs = [one.lstrip("^") for one in lemmas if one.endswith(_INFINITIVES)]
    if not verbs:
        return None
    is_denied = word.startswith("ne") and not any(one.startswith("ne") for one in verbs)
    bare = word[2:] if is_denied else word
    found = next(filter(None, (_tense_of_form(bare, verb, is_noun=word in lemmas) for verb in verbs)), None)
    return Tense.DENIED if found and is_denied else found


def _tense_of_form(word: str, verb: str, *, is_noun: bool) -> Tense | None:
    """Return the tense of *word*, a form of the infinitive *verb* in the third person."""
    if verb.endswith("ties"):
        stem, future, conditional = verb[:-4], ("sies", "simies", "sieties"), "tos"
    else:
        stem, future, conditional = verb[:-1], ("s", "sim", "siet"), "tu"
    if word.startswith(stem):
        ending = word[len(stem) :]
        if ending in future:
            return Tense.FUTURE
        if ending == conditional:
            return Tense.CONDITIONAL
        if ending in _PARTICIPLES and not verb.endswith("ties"):
            return Tense.PARTICIPLE
    if word.endswith(("īs", "īsim", "īsies")) and word[:2] == verb[:2] and not word.endswith("tīs"):
        return Tense.FUTURE  # ieviesīs, with another consonant than ieviest
    if word[:2] == verb[:2] and word.endswith(_PAST_PARTICIPLES):
        return Tense.PAST
    return Tense.PAST if not is_noun and _is_past(word, verb, stem) else None


def _is_past(word: str, verb: str, stem: str) -> bool:
    """Return whether *word* is the past: runāja, but of verbs whose stem ends with a consonant, veica."""
    is_reflexive = verb.endswith("ties")
    if stem.endswith(_VOWELS):
        return word.startswith(stem) and word[len(stem) :] in (("jās",) if is_reflexive else ("ja", "jām"))
    return word[:2] == verb[:2] and word.endswith("ās" if is_reflexive else "a")


# --- English and Russian --------------------------------------------------------------------------

_ENGLISH = (
    (Tense.CONDITIONAL, re.compile(r"would|could|might")),
    (Tense.FUTURE, re.compile(r"will|shall")),
    (Tense.DUTY, re.compile(r"must|should|required|obliged")),
    (Tense.PLAN, re.compile(r"planned|plans?|expected|scheduled|due|intends?|aims?|to")),
    (Tense.INVITATION, re.compile(r"may|can|invites?|invited|asks?|asked|apply|register|submit")),
    (Tense.PRESENT, re.compile(r"comes?|enters?|takes?|starts?|begins?|ends?|closes?|opens?")),
    (Tense.PAST, re.compile(r"was|were|had|did|took|began|came")),
    (Tense.PARTICIPLE, re.compile(r"(?<!\w)\w{3,}ed|held|met")),
)
_FUTURE_ENDINGS = (
    "ится|ятся|атся|упит|упят|шит|шат|дит|дят|вит|вят|оит|оят|мет|мут|дут|жет|жут|дет|чит|чат|лит|лят|рит|рят"
    "|нит|нят|нет|нёт|нут|йдёт|йдет|йдут|оется|оются"
)
_RUSSIAN = (
    (Tense.CONDITIONAL, re.compile("бы")),
    (Tense.DUTY, re.compile(r"долж(?:ен|на|но|ны)|необходимо|нужно|обязан[аы]?|следует")),
    (
        Tense.PLAN,
        re.compile(r"планиру\w+|запланирован[аоы]?|намечен[аоы]?|ожида\w+|предусмотрен[аоы]?|намерен[аы]?"),
    ),
    (
        Tense.INVITATION,
        re.compile(r"можно|может|могут|приглаша\w+|прос(?:ит|ят)|принимаются|подать|подавать|ждёт|ждет|ждут"),
    ),
    (Tense.FUTURE, re.compile(rf"будет|будут|(?<!\w)\w{{2,}}(?:{_FUTURE_ENDINGS})(?:ся)?")),
    (Tense.PRESENT, re.compile(r"вступа(?:ет|ют)|начина(?:ется|ются)|заверша(?:ется|ются)")),
    (Tense.PAST, re.compile(r"(?<!\w)\w{2,}(?:[аияыеу]л(?:а|о|и|ся|ась|ось|ись)?|ш[её]л|шл[аои])")),
)


def _tense_by_pattern(word: str, *, is_russian: bool) -> Tense | None:
    table = _RUSSIAN if is_russian else _ENGLISH
    return next((tense for tense, pattern in table if pattern.fullmatch(word)), None)
