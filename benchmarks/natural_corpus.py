"""Releases of any number made of sentences that people wrote, so that queries meet the language as it is.

The sentences are those of a treebank, in `natural_text/`. A release takes all of its sentences from one
document or its neighbours, so that its words belong together. There are only 10,000 sentences: what makes the
vocabulary of large collections grow is added to them, namely invented surnames and places, and numbers.
"""

import gzip
import random
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from benchmarks.corpus import FIRST, LAST, MINISTRIES, spell
from crawler.store import Release

SENTENCES = Path(__file__).with_name("natural_text") / "sentences.txt.gz"
# Paragraphs that are a topic, and the smallest and largest number of them in a release.
TOPIC_PARAGRAPHS, PARAGRAPHS = 12, (3, 8)
TITLE_WORDS = 12
# The share of sentences to which an invented name, place or number is added.
ADDED_SHARE = 0.6
# Invented names are as frequent as their rank to the power of -TAIL, without end: Heaps' law.
TAIL, RANK_MAX = 1.1, 10**12
SURNAMES = (
    ("iņš", "iņa", "iņam"),
    ("sons", "sona", "sonam"),
    ("ekle", "ekles", "eklei"),
    ("ane", "anes", "anei"),
)
PLACES = (
    ("kalns", "kalna", "kalnā"),
    ("pils", "pils", "pilī"),
    ("upe", "upes", "upē"),
    ("muiža", "muižas", "muižā"),
)
INITIALS = "ABDEGIJKLMNPRSTVZ"
_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """Return the words of *text* in lower case."""
    return _WORD.findall(text.lower())


@cache
def paragraphs() -> Sequence[Sequence[str]]:
    """Return the sentences of each paragraph, the paragraphs of a document beside each other."""
    text = gzip.decompress(SENTENCES.read_bytes()).decode()
    return [line.split("\t") for line in text.split("\n") if line]


def releases(count: int, *, seed: int = 7) -> Iterator[Release]:
    """Yield the first *count* releases; they are the same in every run and for every count."""
    for number in range(count):
        yield _release(number, random.Random(f"{seed} {number}"))


def _release(number: int, rng: random.Random) -> Release:
    texts = paragraphs()
    start = rng.randrange(len(texts) - TOPIC_PARAGRAPHS)
    topic = texts[start : start + TOPIC_PARAGRAPHS]
    sentences = [sentence for paragraph in topic for sentence in paragraph]
    ministry = MINISTRIES[int(len(MINISTRIES) * rng.random() ** 1.6)]
    body = [" ".join(_add(s, rng) for s in p) for p in rng.choices(topic, k=rng.randint(*PARAGRAPHS))]
    return Release(
        url=f"https://www.{ministry}.example/lv/jaunums/{number}",
        site=ministry,
        ministry=ministry,
        language="lv",
        title=_title(rng.choice(sentences), rng),
        lead=_add(rng.choice(sentences), rng),
        body="\n\n".join(body),
        contact="",
        published=date.fromordinal(rng.randrange(FIRST, LAST)),
        published_source="time",
        published_confidence="high",
    )


def _title(sentence: str, rng: random.Random) -> str:
    """Return the beginning of *sentence*, with a place."""
    words = sentence.rstrip(" .!?…").split()[: rng.randint(TITLE_WORDS // 3, TITLE_WORDS)]
    return f"{' '.join(words)} {_invent(PLACES, 2, rng)}"


def _add(sentence: str, rng: random.Random) -> str:
    """Return *sentence*, perhaps with a name, a place or a number before its last mark."""
    if rng.random() >= ADDED_SHARE:
        return sentence
    end = sentence[-1] if sentence[-1] in ".!?…" else ""
    nominative, genitive, other = range(3)
    added = (
        lambda: f", informē {rng.choice(INITIALS)}. {_invent(SURNAMES, nominative, rng)}",
        lambda: f" pēc {rng.choice(INITIALS)}. {_invent(SURNAMES, genitive, rng)} ierosmes",
        lambda: f", piekrītot {rng.choice(INITIALS)}. {_invent(SURNAMES, other, rng)}",
        lambda: f" {_invent(PLACES, other, rng)}",
        lambda: f" ({_invent(PLACES, nominative, rng)}, {rng.randint(1, 31)}. lappuse)",
        lambda: f" {_invent(PLACES, genitive, rng)} pagastā, rīkojums Nr. {_rank(rng) % 100_000}",
    )
    return f"{sentence.removesuffix(end)}{rng.choice(added)()}{end}"


def _invent(endings: Sequence[Sequence[str]], case: int, rng: random.Random) -> str:
    rank = _rank(rng)
    return spell(rank).capitalize() + endings[rank % len(endings)][case]


def _rank(rng: random.Random) -> int:
    return int((1 - rng.random()) ** (-1 / (TAIL - 1))) % RANK_MAX
