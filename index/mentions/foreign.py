"""Words that say that what follows is of another country: `Igaunijas Krimināllikums`, `Lietuvas Saeima`."""

import re

_FOREIGN = re.compile(
    r"(?:igaun|lietuv|krievij|baltkriev|vācij|polij|somij|zviedrij|norvēģij|dānij|francij|itālij|spānij|ukrain"
    r"|lielbritānij|karalist|īrij|nīderland|austrij|ķīn|turcij|gruzij|moldov|asv$|čehij|ungārij|rumānij"
    r"|bulgārij|grieķij|portugāl|beļģij|šveic|kanād|japān|izraēl|amerik|psrs$|armēnij|kazahstān|ārvalst|īsland"
    r"|luksemburg|slovāk|slovēn|horvāt|kipr|malt|azerbaidž|uzbek|afganist|sīrij|indij|korej|maskav"
    r"|estonia|lithuania|russia|german|polish|poland|finnish|swedish|norwegian|danish|french|ital|ukrain|british"
    r"|эстон|литов|литв|росси|герман|польш|польск|фин|швед|украин|белорус)\w*",
    re.IGNORECASE,
)
_OF_FOREIGN = re.compile(r" of (?!Latvia|the Republic of Latvia)(?:the )?[A-Z]\w+")
_SPACES = (" ", "\u00a0")
_LAST_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[ \u00a0]+(?:[Rr]epublik\w+[ \u00a0]+)?$")


def is_foreign_word(word: str) -> bool:
    """Return whether *word* names another country or its people."""
    return _FOREIGN.fullmatch(word) is not None


def follows_foreign_word(text: str, start: int) -> bool:
    """Return whether the word before *start* names another country, so that what begins there is of it."""
    match = _LAST_WORD.search(text, max(0, start - 40), start) if text[start - 1 : start] in _SPACES else None
    return match is not None and is_foreign_word(match[1])


def precedes_foreign_word(text: str, end: int) -> bool:
    """Return whether what ends at *end* is of another country: `Ministry of Defence of Ukraine`."""
    return _OF_FOREIGN.match(text, end) is not None
