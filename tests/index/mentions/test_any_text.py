"""Any text can be read for people and statements; what is found stands where it says."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.config import Language
from index.analysis import default_analyzer
from index.mentions.annotated_text import AnnotatedText
from index.mentions.people.persons import read_people
from index.mentions.speech.statements import find_statements

PIECES = (
    "Jānis", "Ilze", "Ozols", "Ozola", "Kalniņam", "Kalniņa", "J.", "Dz.", "van", "der",
    "Pētersone-Godmane", "KAŽA", "ministrs", "ministre", "valsts", "sekretāra", "vietniece", "(NVA)",
    "un", "13.", "direktoram", "kurš", "amatā",
    "uzsver", "norādīja", "norādot", "tā", "viņa", "viņš", "pēc", "teiktā", "vārdiem", "ka", "nav", "vai",
    "„", "”", "“", "\"", "«", "»", "–", "-", ",", ".", "!", "?", ":", "(", ")", "\n\n", "\u00a0",
    "Minister", "said", "John", "the", "министр", "сказал", "Янис", "Озолс", "İ",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


@given(texts, st.sampled_from(("lv", "en", "ru")))
def test_what_is_found_in_any_text_stands_in_it(text: str, language: Language) -> None:
    annotated = AnnotatedText(text, language, default_analyzer())
    people = read_people(annotated)
    for person in people.persons:
        assert all(0 <= start < end <= len(text) for start, end in person.forms)
        assert all(text[role.start : role.end] == role.written for role in person.roles)
    names = {person.name for person in people.persons}
    for said in find_statements(annotated, people):
        assert 0 <= said.start < said.end <= len(text)
        assert said.speaker in names if said.speaker else said.office
        assert text[said.start : said.end] == text[said.start : said.end].strip()
