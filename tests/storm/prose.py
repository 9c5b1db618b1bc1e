"""Honest random texts, each with unique words."""

from random import Random

WORDS = (
    "ministrija drošība robeža budžets valsts sadarbība sanāksme ministrs likums projekts nozare "
    "attīstība iedzīvotāji pašvaldība atbalsts eiropas savienība komisija lēmums programma finansējums "
    "skola mežs lauksaimniecība veselība slimnīca ceļš tilts osta enerģija klimats kultūra mantojums "
    "bibliotēka policija glābējs pensija pabalsts nodarbinātība izglītība zinātne skolotājs students "
    "eksports uzņēmējs konkurence statistika aptauja līgums iepirkums tiesa"
).split()
CONSONANTS, VOWELS = "bdgklmnprstvz", "aeiouāēīū"


def random_word(chance: Random, syllables: int = 5) -> str:
    """Return a unique word."""
    return "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(syllables))


def sentence(chance: Random, words: int = 12) -> str:
    """Return a plausible sentence."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def paragraph(chance: Random) -> str:
    """Return some sentences, one of them with a unique word."""
    sentences = [sentence(chance, chance.randint(6, 18)) for _ in range(chance.randint(2, 5))]
    return " ".join([*sentences, f"Tā norāda {random_word(chance).capitalize()}."])


def title(chance: Random) -> str:
    """Return a title with a unique word."""
    return f"{' '.join(chance.choices(WORDS, k=5)).capitalize()} {random_word(chance)}"
