"""Invented edits of real sentences: twelve kinds that matter, planted among trivial ones.

It knows nothing of the rules that judge edits: facts are found by patterns of its own.
"""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random

from samples.content import HERE, load_releases

TREEBANK = Path(__file__).parents[3] / "shared" / "data" / "latvian" / "lvtb-train.conllu.gz"

Text = tuple[str, str, str]
"""Title, lead and body."""


@dataclass(frozen=True, slots=True)
class InventedEdit:
    """Two versions of a text, and what was done to it."""

    label: str
    kind: str
    """What the corrections page must call it; empty if the edit is trivial."""
    grade: int
    """How much it matters, from 0 to 3: given before any rule was written."""
    older: Text
    newer: Text


def sample_sentences() -> list[str]:
    """Return the Latvian sentences of the sample releases."""
    folders = sorted((HERE / "releases").iterdir())
    releases = chain.from_iterable(load_releases(folder).values() for folder in folders)
    bodies = (release.body for release in releases if release.language == "lv")
    return list(dict.fromkeys(filter(_is_usable, chain.from_iterable(map(_split, bodies)))))


def treebank_sentences() -> list[str]:
    """Return the sentences of the Latvian treebank; none if it is not on this machine."""
    if not TREEBANK.exists():
        return []
    with gzip.open(TREEBANK, "rt", encoding="utf-8") as lines:
        texts = (line.removeprefix("# text = ").strip() for line in lines if line.startswith("# text = "))
        return list(dict.fromkeys(filter(_is_usable, texts)))


def _split(text: str) -> list[str]:
    return re.split(r"\n+|(?<=[a-zāčēģīķļņšūž][.!?])\s+(?=[A-ZĀČĒĢĪĶĻŅŠŪŽ])", text)


def _is_usable(sentence: str) -> bool:
    return (
        40 <= len(sentence) <= 260
        and sentence[0].isupper()
        and sentence[-1] in ".!?"
        and "\n" not in sentence
    )


def invent(sentences: Sequence[str], random: Random, *, planted: int, trivial: int) -> Iterator[InventedEdit]:
    """Yield so many planted and trivial edits, mixed; each kind about equally often."""
    labels = [list(PLANTED)[at % len(PLANTED)] for at in range(planted)]
    labels += [list(TRIVIAL)[at % len(TRIVIAL)] for at in range(trivial)]
    random.shuffle(labels)
    for label in labels:
        yield _invent(label, sentences, random)


def _invent(label: str, sentences: Sequence[str], random: Random) -> InventedEdit:
    while True:
        older = _Draft.of(random.sample(sentences, random.randint(8, 14)), random)
        newer = older.copy()
        kind, grade = "", 0
        if label in PLANTED:
            plant, kind, grade = PLANTED[label]
            if random.random() < 0.5:  # a trivial edit beside it hides nothing
                random.choice(list(TRIVIAL.values()))(newer, random)
        else:
            plant = TRIVIAL[label]
        if plant(newer, random) and newer.text() != older.text():
            return InventedEdit(label, kind, grade, older.text(), newer.text())


@dataclass(slots=True)
class _Draft:
    title: str
    lead: list[str]
    paragraphs: list[list[str]]
    footer: list[str]

    @classmethod
    def of(cls, sentences: list[str], random: Random) -> "_Draft":
        title, *lead = sentences[:3]
        rest = sentences[3:]
        paragraphs = [rest[at : at + 2] for at in range(0, len(rest), 2)]
        views = f"Skatījumu skaits: {random.randint(10, 9000)}"
        return cls(title.rstrip(".!?"), lead, paragraphs, ["Foto: Ilze Liepa, Saeimas kanceleja", views])

    def copy(self) -> "_Draft":
        return _Draft(
            self.title, list(self.lead), [list(part) for part in self.paragraphs], list(self.footer)
        )

    def text(self) -> Text:
        parts = [*(" ".join(sentences) for sentences in self.paragraphs if sentences), *self.footer]
        return self.title, " ".join(self.lead), "\n\n".join(parts)

    def replace(self, random: Random, edit: Callable[[str], str]) -> bool:
        """Replace the first sentence of the text that *edit* changes, in random order; False if none."""
        places = [(row, column) for row, part in enumerate(self.paragraphs) for column in range(len(part))]
        random.shuffle(places)
        for row, column in places:
            sentence = self.paragraphs[row][column]
            if (edited := edit(sentence)) != sentence:
                self.paragraphs[row][column] = edited
                return True
        return False


# --- Edits that matter ---------------------------------------------------------------------------

_YEAR_OR_DATE = re.compile(r"(?:19|20)\d\d|\d+\.\s?[a-zāčēģīķļņšūž]+")
_NUMBER = re.compile(
    r"(?<![\d.,:/-])(?<!pulksten )\b[1-9]\d{1,3}\b(?![\d.,:/%-])"
    r"(?!\.|\s(?:miljon|milj|tūkst|eiro|lat|proc|\d{3}\b))"
)
_AMOUNT = re.compile(r"\b[1-9]\d*(?:,\d+)?(?=\s(?:milj|tūkst|eiro|lat(?:i|u|iem)\b|euro|eur\b))")
_PERCENT = re.compile(r"\b[1-9]\d*(?:,\d+)?(?=\s?(?:%|procent))")
_MONTHS = ("janvār", "februār", "mart", "aprīl", "jūnij", "jūlij", "august", "septembr", "oktobr", "novembr")
_DATE = re.compile(rf"\b\d{{1,2}}(?=\.\s?(?:{'|'.join(_MONTHS)}))")
_TIME = re.compile(r"(?<=plkst\. )\d{1,2}|(?<=plkst\.)\d{1,2}|(?<=pulksten )\d{1,2}")
_PERSON = re.compile(
    r"(?<=[a-zāčēģīķļņšūž] )[A-ZĀČĒĢĪĶĻŅŠŪŽ][a-zāčēģīķļņšūž]{2,} [A-ZĀČĒĢĪĶĻŅŠŪŽ][a-zāčēģīķļņšūž]{3,}"
)
_PERSONS = ("Kārlis Ozoliņš", "Zane Vītola", "Guntars Melderis", "Dagnija Strautmane", "Edmunds Zeltiņš")
_NEGATIONS = (
    (" ir ", " nav "),
    (" nav ", " ir "),
    (" būs ", " nebūs "),
    (" var ", " nevar "),
    (" bija ", " nebija "),
)
_MODALITIES = (
    (" var ", " varētu "), (" būs ", " varētu būt "), (" ir jā", " varētu "), (" drīkst ", " var "),
    (" varētu ", " var "), (" ir ", " var būt "), (" nepieciešams ", " ieteicams "), (" jābūt ", " var būt "),
)  # fmt: skip


def _change_number(pattern: re.Pattern[str], *, by: tuple[int, int], most: int = 10**9) -> "_Edit":
    def edit(draft: _Draft, random: Random) -> bool:
        def change(match: re.Match[str]) -> str:
            whole, _, part = match[0].partition(",")
            number = int(whole) + random.randint(*by)
            return f"{number if number <= most else max(1, int(whole) - by[0])}{',' + part if part else ''}"

        return draft.replace(random, lambda sentence: _once(pattern, change, sentence))

    return edit


def _once(pattern: re.Pattern[str], change: Callable[[re.Match[str]], str], sentence: str) -> str:
    kept = _YEAR_OR_DATE.sub(lambda match: "·" * len(match[0]), sentence) if pattern is _NUMBER else sentence
    match = pattern.search(kept)
    return sentence if match is None else sentence[: match.start()] + change(match) + sentence[match.end() :]


def _change_name(draft: _Draft, random: Random) -> bool:
    return draft.replace(random, lambda text: _once(_PERSON, lambda _: random.choice(_PERSONS), text))


def _swap_words(pairs: Sequence[tuple[str, str]]) -> "_Edit":
    def edit(draft: _Draft, random: Random) -> bool:
        older, newer = random.choice(pairs)
        return draft.replace(random, lambda sentence: sentence.replace(older, newer, 1))

    return edit


def _remove_sentence(draft: _Draft, random: Random) -> bool:
    part = random.choice(draft.paragraphs)
    return len(part) > 1 and bool(part.pop(random.randrange(len(part))))


def _remove_passage(draft: _Draft, random: Random) -> bool:
    at = random.randrange(len(draft.paragraphs) - 1)
    removed = draft.paragraphs[at : at + 2]
    del draft.paragraphs[at : at + 2]
    return sum(map(len, removed)) > 2


def _change_title(draft: _Draft, random: Random) -> bool:
    title, before = random.choice(draft.paragraphs)[0].rstrip(".!?"), draft.title
    draft.title = title
    return title.split()[:2] != before.split()[:2]  # else it is that sentence already, but for a typo


_LONG_TALKS = "pēc ilgām pārrunām"


def _change_lead(draft: _Draft, random: Random) -> bool:
    words = draft.lead[0].split()
    if len(words) < 9 or _LONG_TALKS in draft.lead[0]:  # it would replace itself
        return False
    at = random.randint(3, len(words) - 4)
    draft.lead[0] = " ".join([*words[:at], _LONG_TALKS, *words[at + 2 :]])
    return True


def _add_sentence(draft: _Draft, random: Random) -> bool:
    part = random.choice(draft.paragraphs)
    part.insert(random.randint(0, len(part)), "Par turpmākajiem soļiem iedzīvotāji tiks informēti atsevišķi.")
    return True


_Edit = Callable[[_Draft, Random], bool]

PLANTED: dict[str, tuple[_Edit, str, int]] = {
    "number": (_change_number(_NUMBER, by=(7, 900)), "number", 3),
    "amount": (_change_number(_AMOUNT, by=(2, 40)), "number", 3),
    "percent": (_change_number(_PERCENT, by=(2, 30)), "number", 3),
    "date": (_change_number(_DATE, by=(1, 9), most=28), "date", 3),
    "time": (_change_number(_TIME, by=(1, 5), most=23), "date", 3),
    "name": (_change_name, "name", 2),
    "negation": (_swap_words(_NEGATIONS), "negation", 3),
    "modality": (_swap_words(_MODALITIES), "negation", 2),
    "sentence removed": (_remove_sentence, "removed", 2),
    "passage removed": (_remove_passage, "removed", 3),
    "title": (_change_title, "title", 2),
    "lead": (_change_lead, "title", 1),
}
"""What is planted: the edit, its kind on the corrections page, its grade."""


# --- Edits that do not ---------------------------------------------------------------------------

_LONG_WORD = re.compile(r"\b[a-zāčēģīķļņšūž]{6,}\b")


def _misspell(draft: _Draft, random: Random) -> bool:
    def typo(match: re.Match[str]) -> str:
        word = match[0]
        at = random.randint(1, len(word) - 3)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        unaccented = word[:at] + word[at:].replace("ā", "a")
        return random.choice((word[:at] + word[at + 1 :], swapped, unaccented, word[: at + 1] + word[at:]))

    return draft.replace(random, lambda sentence: _once(_LONG_WORD, typo, sentence))


def _space(draft: _Draft, random: Random) -> bool:
    return draft.replace(
        random, lambda sentence: sentence.replace(" ", random.choice(("  ", "\u00a0", " \u200b")), 2)
    )


def _punctuate(draft: _Draft, random: Random) -> bool:
    patterns = ((r"(?<=[a-z]),", ""), (" – ", " - "), ("„", "“"), ('"', "”"), (r"\.$", "!"))
    older, newer = random.choice(patterns)
    return draft.replace(random, lambda sentence: re.sub(older, newer, sentence))


def _count(draft: _Draft, random: Random) -> bool:
    forms = (
        "Skatījumu skaits: {}",
        "Skatīts {} reizes",
        "Lasīts: {}",
        "Apmeklējumi: {}",
        "Lapa skatīta {} reizes",
    )
    form = random.choice(forms)
    draft.footer[1] = form.format(random.randint(10, 9000))
    return True


def _reorder(draft: _Draft, random: Random) -> bool:
    random.shuffle(draft.paragraphs)
    return True


def _credit(draft: _Draft, random: Random) -> bool:
    draft.footer[0] = f"Foto: {random.choice(_PERSONS)}"
    return True


def _join_paragraphs(draft: _Draft, random: Random) -> bool:
    at = random.randrange(len(draft.paragraphs) - 1)
    draft.paragraphs[at] += draft.paragraphs.pop(at + 1)
    return True


TRIVIAL: dict[str, _Edit] = {
    "spelling": _misspell,
    "spacing": _space,
    "punctuation": _punctuate,
    "counter": _count,
    "order": _reorder,
    "credit": _credit,
    "paragraphs": _join_paragraphs,
}


# --- Histories of releases -----------------------------------------------------------------------


_HISTORY_SENTENCES = 16
# Such a line, with a name and an office, is a contact block to the crawl: no part of the text of a release.
_CONTACT = "Informāciju sagatavoja"


@dataclass(frozen=True, slots=True)
class DatedEdit:
    """An edit of a release on some day, as `InventedEdit` describes it."""

    day: int
    label: str
    kind: str
    grade: int


@dataclass(frozen=True, slots=True)
class InventedHistory:
    """The texts of a release by the day from which they stood, and what was done to it."""

    texts: dict[int, Text]
    edits: tuple[DatedEdit, ...]

    def on(self, day: int) -> Text:
        """Return its text of a day."""
        return self.texts[max(since for since in self.texts if since <= day)]


def invent_histories(
    sentences: Sequence[str], random: Random, *, days: int, edits: int, planted: int, trivial: int
) -> list[InventedHistory]:
    """Return releases with so many planted and trivial edits in all, *edits* of each within *days*.

    A release is never edited on two days in a row, and no text or paragraph of it comes back.
    """
    sentences = [sentence for sentence in sentences if not sentence.startswith(_CONTACT)]
    labels = [list(PLANTED)[at % len(PLANTED)] for at in range(planted)]
    labels += [list(TRIVIAL)[at % len(TRIVIAL)] for at in range(trivial)]
    random.shuffle(labels)
    histories: list[InventedHistory] = []
    unused: list[str] = []
    while labels:
        slots = sorted(random.sample(range(random.randint(1, 2), days, 2), min(edits, len(labels))))
        if len(unused) < _HISTORY_SENTENCES:  # releases that share sentences look like copies
            unused = random.sample(sentences, len(sentences))
        draft = _Draft.of([unused.pop() for _ in range(_HISTORY_SENTENCES)], random)
        texts, made = {0: draft.text()}, []
        for day in slots:
            counts = Counter(one.label for one in made if one.kind)  # a number that runs on is a counter
            left = [label for label in labels if counts[label] < 2]
            done = _edit_once(draft, left, texts.values(), random)
            if done is None:
                continue
            label, draft = done
            labels.remove(label)
            kind, grade = PLANTED[label][1:] if label in PLANTED else ("", 0)
            texts[day] = draft.text()
            made.append(DatedEdit(day, label, kind, grade))
        if made:
            histories.append(InventedHistory(texts, tuple(made)))
    return histories


def _edit_once(
    draft: _Draft, labels: Sequence[str], known: Collection[Text], random: Random
) -> tuple[str, _Draft] | None:
    """Return the first of *labels* that can be done to *draft*, and the outcome, which is not *known*.

    None: the text has nothing of what they change.
    """
    for label in dict.fromkeys(labels):
        newer = draft.copy()
        plant = PLANTED[label][0] if label in PLANTED else TRIVIAL[label]
        if label in PLANTED and random.random() < 0.5:  # a trivial edit beside it hides nothing
            random.choice(list(TRIVIAL.values()))(newer, random)
        if len(newer.paragraphs) > 3 and plant(newer, random) and not _comes_back(draft, newer, known):
            return label, newer
    return None


def _comes_back(draft: _Draft, newer: _Draft, known: Collection[Text]) -> bool:
    """Whether an edit of *draft* restores a text or a paragraph: such flapping is listed as one row."""
    fresh = set(newer.text()[2].split("\n\n")) - set(draft.text()[2].split("\n\n"))
    return newer.text() in known or any(fresh & set(text[2].split("\n\n")) for text in known)
