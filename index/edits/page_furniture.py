"""Lines of a page that change by themselves or say nothing of the news: counters, photo credits."""

import re

_WORD = re.compile(r"[^\W\d_]+")
# The words of lines that only count: all words of such a line are of these, by their beginning.
_COUNTED = re.compile(
    r"skatī|skatīj|lasī|apmeklē|aplūko|lejupielā|dalīj|dalīt|komentār|patīk|balso|reiz|skait|kopā|šodien|"
    r"šonedēļ|raksts|lapa|ziņa|views?$|viewed|visit|visitors?$|reads?$|read$|times?$|shares?$|shared|likes?$|comments?$|"
    r"downloads?$|today|total|page|count|hits?$|просмотр|прочит|посещ|комментар|скач|поделил|раз$|раза$|всего|"
    r"сегодня|страниц|нрав",
)
_COUNTER_WORDS = 6
_DIGIT = re.compile(r"\d")
_CREDIT = re.compile(
    r"[(\[]?\s*(?:foto|fotogrāfij\w*|attēl\w*|ilustratīv\w*|vizualizācij\w*|video|photos?|image|picture|credit|фото|"
    r"фотографи\w*|изображени\w*)\b[^.:]{0,40}[:/–-]",
    re.IGNORECASE,
)
_CREDIT_CHARS = 160


def is_counter(line: str) -> bool:
    """Return whether *line* only counts visits or the like.

    >>> is_counter("Lapa skatīta 1042 reizes"), is_counter("Muzeja apmeklētāju skaits ir 2300")
    (True, False)
    """
    words = _WORD.findall(line.lower())
    if not 0 < len(words) <= _COUNTER_WORDS or not _DIGIT.search(line):
        return False
    return all(map(_COUNTED.match, words))


def is_credit(line: str) -> bool:
    """Return whether *line* names the source of a picture.

    >>> is_credit("Foto: Ilze Liepa"), is_credit("Fotogrāfijas rāda jūru.")
    (True, False)
    """
    return len(line) <= _CREDIT_CHARS and _CREDIT.match(line) is not None
