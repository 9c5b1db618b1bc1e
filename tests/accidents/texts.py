"""Invented releases in Latvian and English: each text has names and numbers that no other has."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

SUBJECTS = (
    "Ministrija", "Valdība", "Valsts policija", "Robežsardze", "Pašvaldību savienība", "Darba grupa",
    "Uzraudzības komisija", "Nozares padome", "Valsts meža dienests", "Veselības inspekcija",
    "Ceļu pārvalde", "Izglītības centrs", "Kultūras aģentūra", "Glābšanas dienests",
    "Lauku atbalsta dienests",
)  # fmt: skip
DEEDS = (
    "apstiprināja jauno kārtību", "sagatavoja grozījumus noteikumos", "piešķīra līdzekļus skolu remontam",
    "uzsāka sabiedrisko apspriešanu", "izvērtēja pērnā gada rezultātus", "parakstīja sadarbības līgumu",
    "izsludināja iepirkumu par ceļu uzturēšanu", "iepazīstināja iedzīvotājus ar ieceri",
    "pārbaudīja tiltu drošību", "atjaunoja meža ceļus", "aicināja pieteikties atbalstam",
    "pagarināja pieteikšanās termiņu", "atklāja jaunu ambulanci", "publicēja iedzīvotāju aptauju",
    "nodeva ekspluatācijā noliktavu", "rīkoja mācības vides speciālistiem", "palielināja pabalstu ģimenēm",
    "ierosināja mainīt pakalpojumu cenas", "novadīja plūdu ūdeņus no pilsētas parka",
    "vienojās par autobusu maršrutiem",
)  # fmt: skip
PLACES = (
    "Latgalē", "Kurzemē", "Zemgalē", "Vidzemē", "Sēlijā", "Rīgā", "Liepājā", "Ventspilī", "Daugavpilī",
    "Jelgavā", "Valmierā", "Rēzeknē", "Cēsīs", "Kuldīgā", "Talsos", "Madonā", "Ogrē", "Bauskā", "Tukumā",
    "Smiltenē",
)  # fmt: skip
CLAUSES = (
    "jo iedzīvotāji to bija lūguši", "lai darbus varētu pabeigt līdz rudenim",
    "kā to paredz pērn pieņemtais likums", "un par to tika informēta arī Saeima",
    "tomēr galīgais lēmums vēl ir jāpieņem", "tāpēc izmaksas nākamgad varētu samazināties",
    "un darbi notiks vairākās kārtās", "lai gan sākotnēji bija iecerēts citādi",
    "kad bija saskaņoti visi dokumenti", "par ko puses vienojās jau pavasarī",
)  # fmt: skip
ENGLISH = (
    "The ministry has approved the new rules and they will be in force from the first day of the next month.",
    "The working group was asked to look at the costs, which have been higher than in the year before.",
    "Residents of the region are invited to take part in the discussion that will be held in the town hall.",
    "It was also agreed that the roads which are used by school buses would be repaired first of all.",
    "The results are to be published by the end of the year, and they can be read by all on our website.",
    "Our partners have said that they would not be able to finish the work as early as had been planned.",
)
NEWEST = date(2026, 11, 9)
"""The day of the newest release on the first day of a crawl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The content of a release."""

    title: str
    published: date
    paragraphs: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """All words, however they are divided into lead and paragraphs."""
        return " ".join((self.title, *self.paragraphs)).split()

    def with_typo_mended(self) -> "Text":
        """Return the text with one word of one paragraph replaced."""
        first, *rest = self.paragraphs
        return replace(self, paragraphs=(first.replace(" un ", " kā arī ", 1) + " Precizēts.", *rest))

    def with_more(self, chance: Random) -> "Text":
        """Return the text with a further paragraph."""
        return replace(self, paragraphs=(*self.paragraphs, paragraph(chance)))


def sentence(chance: Random) -> str:
    """Return one plausible sentence."""
    who, what, where = chance.choice(SUBJECTS), chance.choice(DEEDS), chance.choice(PLACES)
    return f"{who} {what} {where}, {chance.choice(CLAUSES)}."


def paragraph(chance: Random) -> str:
    """Return two to four sentences; the last one names a number of its own."""
    sentences = [sentence(chance) for _ in range(chance.randint(1, 3))]
    number = chance.randrange(10**5, 10**6)
    return " ".join([*sentences, f"Lēmums pieņemts un reģistrēts ar numuru {number}."])


def release_texts(chance: Random, count: int) -> list[Text]:
    """Return *count* texts with different titles, the newest first."""
    headings = [f"{who} {what}" for who in SUBJECTS for what in DEEDS]
    texts, day = [], NEWEST
    for heading in chance.sample(headings, count):
        day -= timedelta(days=chance.randint(1, 9))
        paragraphs = tuple(paragraph(chance) for _ in range(chance.randint(3, 6)))
        texts.append(Text(title=f"{heading} {chance.choice(PLACES)}", published=day, paragraphs=paragraphs))
    return texts


def in_english(text: Text, chance: Random) -> Text:
    """Return what an English version of *text* could be."""
    number = chance.randrange(10**5, 10**6)
    body = chance.sample(ENGLISH, 4)
    return replace(
        text,
        title=f"The ministry has adopted decision No. {number} and informs the public",
        paragraphs=(" ".join(body[:2]), " ".join(body[2:])),
    )
